"""What the sender area comes to, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but
from deliverkit.checks.wording import count
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, Outcome, Result, Verdict

NEEDS: tuple[type, ...] = (SendingHosts,)


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the machines that send."""
    found = facts[SendingHosts]
    if isinstance(found, Absent):
        return Verdict(
            f"Cannot tell what senders are called: {found.reason}." if found.outcome is Outcome.UNKNOWN else ""
        )
    assert isinstance(found, SendingHosts)
    fault = but(results)
    who = count(len(found.addresses), "sending address")
    if fault:
        return Verdict(f"{who} looked up{fault}.")
    confirmed = sum(bool(reverse.confirmed) for _, reverse in found.reversed)
    return Verdict(f"{confirmed} of {who} {'has' if confirmed == 1 else 'have'} a reverse name that leads back.")
