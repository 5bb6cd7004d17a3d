"""What the DKIM keys come to, in a sentence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, worst
from deliverkit.checks.wording import count, listed
from deliverkit.facts.dkim import DkimKeys, KeyState
from deliverkit.model import Absent, Outcome, Result, Verdict
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (DkimKeys,)
_GUESSED = "Selectors cannot be listed: there may be others."


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the keys, from the fact in ``NEEDS`` and the area's results."""
    keys = facts[DkimKeys]
    if not isinstance(keys, DkimKeys):
        return Verdict(f"Cannot tell about DKIM keys: {keys.reason if isinstance(keys, Absent) else keys}.")
    domain, good = to_readable(keys.domain), _good(keys)
    fault = but(results) if good else worst(results)
    if not fault and not good:
        return Verdict(_without_key(keys, domain))
    said = f"{domain} publishes {_keys(good)}" if good else f"{domain} publishes no DKIM key that can be used"
    way = " ".join(part for part in (_of_private_key(results), "" if keys.expected else _GUESSED) if part)
    if not fault:
        untold = f" Cannot tell about others: {keys.failures[0]}." if keys.failures else ""
        return Verdict(f"{said}.{untold}", way)
    return Verdict(f"{said}{fault}.", way)


def _of_private_key(results: Sequence[Result]) -> str:
    """That the private key that was given is the right one; what else is to be said of it is a finding."""
    is_held = any(one.check.name == "private-key-differs" and one.outcome is Outcome.PASS for one in results)
    return "The private key belongs to a key that is published." if is_held else ""


def _good(keys: DkimKeys) -> list[tuple[str, str]]:
    """The selectors whose key a verifier can use, each with the key."""
    return [
        (key.selector, str(record.key))
        for key in keys.published
        for record in key.records[:1]
        if record.key and not record.defects and not record.hindrance
    ]


def _keys(good: Sequence[tuple[str, str]]) -> str:
    """``2 DKIM keys, s1 (RSA-2048) and s2 (RSA-1024)``."""
    return f"{count(len(good), 'DKIM key')}, {listed([f'{selector} ({key})' for selector, key in good])}"


def _without_key(keys: DkimKeys, domain: str) -> str:
    if keys.failures:
        return f"Cannot tell whether {domain} has a DKIM key: {keys.failures[0]}."
    if any(key.state is KeyState.REVOKED for key in keys.published):
        return f"{domain} has revoked the DKIM keys that were found, and no other was found."
    if keys.doubled:
        return f"The DKIM keys of {domain} stand below {keys.doubled}, where no receiver looks."
    if keys.is_bare:
        return f"{domain} publishes no DKIM key."
    if keys.ground.made_up.answer.records:
        return f"Every selector of {domain} exists by a wildcard; no DKIM key of its own was found."
    return f"Cannot tell whether {domain} has a DKIM key: no selector that was tried has one."
