"""What a seed test comes to, in words that a customer understands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from deliverkit.checks.placement.wording import LEAST, share, within
from deliverkit.checks.wording import count
from deliverkit.facts.placement import Placement, Total
from deliverkit.model import Absent, Result, Verdict

NEEDS: tuple[type, ...] = ()  # it is given


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001 - the areas' form
    """The verdict on the seed test."""
    placement = facts.get(Placement)
    if not isinstance(placement, Placement):
        return Verdict("")
    copies = len(placement.copies)
    if not copies:
        return Verdict(f"{placement.test}: no seed copy stands for the campaign, so nothing can be told.")
    total = placement.total
    if total is None:
        return Verdict(f"{placement.test}: of {_copies(copies)} none has come to an end that counts yet.")
    providers = count(len(placement.providers), "provider")
    reached = f"of {_copies(copies)} at {providers} {placement.inbox} reached the inbox"
    return Verdict(f"{placement.test}: {reached}{_rate(total)}{_answer(placement, total)}.", _CAUTION)


_CAUTION = "Seeds have no history with you: real recipients differ."


def _copies(number: int) -> str:
    return "1 seed copy" if number == 1 else f"{number} seed copies"


def _rate(total: Total) -> str:
    if total.is_weighted:
        return f"; weighted by your audience {share(total.rate)} {within(total.interval)}"
    return f": {share(total.rate)} {within(total.interval)}"


def _answer(placement: Placement, total: Total) -> str:
    wanted = placement.wanted
    if wanted is None:
        return ""
    asked = f", you asked for {share(wanted)}"
    if placement.settled < LEAST or total.interval.low < wanted <= total.interval.high:
        return f"{asked}: cannot tell"
    return f"{asked}: {'reached' if total.interval.low >= wanted else 'missed'}"
