"""No DKIM key is published for the domain.

## Why it matters
Mail that the domain's name stands under is not signed in that name. Large receivers ask senders of many messages for
SPF and DKIM, and forwarded mail passes DMARC by DKIM alone. Selectors cannot be listed, so this is said only where
nothing at all stands below _domainkey, or where keys stand below the name to which a DNS host's form appended the
domain once more; else it cannot be told.

## Example
```zone
$ORIGIN unsigned.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN unsigned.example.
@    MX  10 mx1
mx1  A   11.0.1.25
mail._domainkey  TXT  (
    "v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAiTiGNDHRzX4QbYWjmS"
    "ii4smJ5D5zMcvOIasIqT6S43J2O2JaVQbb9TbE4esePgJVCrK+xsJuFR744o5J3KPN8xCQ4rzlgO5yeE"
    "sWKcRAMf2ZTSb/sMMwo8auHNGbF6V2jQptkKUR0cCIkelreSfnTn4cCxvq+Mjj8TicAXPhC/dUk1njUk"
    "DbTTizKSa8QCK5tH7FniwAEtFTLG50BZ6znr3BFEk2M0r/qgvFMgxXd9UXmAx2CyE6X0xbikiYzi9+s0"
    "qfIlQN85z7DjjSkljSdoibiG28lkmRnij3KDF2B/X08Zy1V3UpUmHNA9kMo/9SfpwWv+o0OktzERCC5u"
    "8XwwIDAQAB" )
```

## References
- RFC 6376 §3.6.2.1: all keys of a domain stand below _domainkey.
- RFC 8020 §2: where a name does not exist, nothing stands below it.
- RFC 1035 §5.1: names that do not end in a dot are relative and get the origin appended.
- RFC 4592 §2.2.2: a wildcard answers for no name below which others stand.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count, listed
from deliverkit.facts import Expectations
from deliverkit.facts.dkim import DkimKeys, KeyState
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown


@check(
    "DKIM002",
    severity=Severity.NOTE,
    references=(rfc(6376, "3.6.2.1"), rfc(8020, "2"), rfc(1035, "5.1"), rfc(4592, "2.2.2")),
    since="0.1",
)
def no_key_found(keys: DkimKeys, expected: Expectations) -> Iterator[Finding | Absent]:
    """Absence is told from not having guessed right."""
    if expected.is_parked:
        yield not_applicable("a parked domain signs nothing")
    elif any(key.state is KeyState.GOOD for key in keys.keys) or keys.published:
        return
    elif keys.expected:
        yield not_applicable("whether the given selectors have a key is another check's question")
    elif keys.failures:
        yield from (unknown(failure) for failure in keys.failures)
    elif keys.doubled:
        yield Finding(
            f"the DKIM keys of {keys.domain} stand below {keys.doubled}, where no receiver looks",
            (Evidence(f"{keys.doubled} TXT: there; _domainkey.{keys.domain} TXT: {keys.ground.node.answer.status}"),),
            Fix("enter each key without the domain, as SELECTOR._domainkey, where the form appends the domain"),
        )
    elif keys.is_bare:
        answer = keys.ground.node.answer
        said = "what a wildcard says" if keys.ground.is_by_wildcard else str(answer.status)
        yield Finding(
            f"{keys.domain} has no DKIM key: nothing stands below {answer.name}",
            (Evidence(f"{answer.name} TXT: {said}"),),
            Fix("turn DKIM signing on at each service that sends for the domain, and publish the keys that they show"),
        )
    else:
        yield unknown(_cannot_tell(keys))


def _cannot_tell(keys: DkimKeys) -> str:
    unanswered = sum(key.state is KeyState.UNKNOWN for key in keys.keys)
    tried = f"none of the {count(len(keys.keys), 'selector')} that were tried has a key"
    if unanswered:
        tried = f"{tried} ({unanswered} could not be looked up)"
    if keys.unguessable:
        tried = f"{tried}, and those of {listed(keys.unguessable)} cannot be guessed"
    return f"{tried}: name yours with --selector, or give a message with --from-message"
