"""What the message area comes to, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.summing_up import but
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Result, Verdict

NEEDS: tuple[type, ...] = ()  # it is given


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:
    """The verdict on the message's form."""
    found = facts.get(CampaignMessage)
    if not isinstance(found, CampaignMessage):
        return Verdict("")
    fault = but(results)
    return Verdict(f"{found.name} can go out{fault}." if fault else f"{found.name} is a message in good form.")
