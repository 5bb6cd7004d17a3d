"""What the MTA-STS area comes to: what senders that know the standard do, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but, without, worst
from deliverkit.checks.wording import format_duration
from deliverkit.facts.mta_sts import MtaStsMatch, MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Result, Verdict
from deliverkit.standards.mta_sts.policy import Mode
from deliverkit.standards.names import to_readable

NEEDS: tuple[type, ...] = (MtaStsRecords, MtaStsPolicy, MtaStsMatch)

_WAYS = {
    Mode.ENFORCE: "A sender that knows MTA-STS passes over an exchanger that the policy does not name, that offers no "
    "TLS or whose certificate is not good; where none is left the mail waits, and bounces after days.",
    Mode.TESTING: "A sender that knows MTA-STS delivers all the same, and reports what does not fit.",
    Mode.NONE: "Senders deliver as if there were no policy.",
}


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the domain's policy, from the facts in ``NEEDS`` and the area's results."""
    records, policy, match = facts[MtaStsRecords], facts[MtaStsPolicy], facts[MtaStsMatch]
    if not isinstance(records, MtaStsRecords) or not isinstance(policy, MtaStsPolicy):
        return without("MTA-STS", records)
    domain = to_readable(records.domain)
    if isinstance(match, MtaStsMatch):
        return Verdict(f"{domain} {_asks(match)}{but(results)}.", _WAYS[match.mode])
    if not records.texts and not policy.is_there:
        return Verdict(f"{domain} has no MTA-STS: senders use TLS where it is offered, and go without where it is not.")
    if policy.failure and records.valid is not None:
        return Verdict(f"Cannot tell which MTA-STS policy {domain} has: {policy.failure}.")
    return Verdict(f"MTA-STS has no effect for {domain}{worst(results)}.", _WAYS[Mode.NONE])


def _asks(match: MtaStsMatch) -> str:
    age = format_duration(match.policy.max_age or 0)
    if match.mode is Mode.ENFORCE:
        return f"asks senders to use TLS with a good certificate or not to deliver (MTA-STS, enforce, for {age})"
    if match.mode is Mode.TESTING:
        return f"tries MTA-STS: senders report what does not fit, and deliver all the same (testing, for {age})"
    return "says that it has given MTA-STS up (mode none)"
