"""What a seed test comes to, in words that a customer understands."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from deliverkit.checks.placement.wording import copies, share, tells_nothing, within
from deliverkit.checks.wording import count
from deliverkit.facts.placement import Fate, Placement, Total
from deliverkit.model import Absent, Result, Verdict

NEEDS: tuple[type, ...] = ()  # it is given


def summarize(facts: Mapping[type, object | Absent], results: Sequence[Result]) -> Verdict:  # noqa: ARG001 - the areas' form
    """The verdict on the seed test."""
    placement = facts.get(Placement)
    if not isinstance(placement, Placement):
        return Verdict("")
    number = len(placement.copies)
    if not number:
        return Verdict(f"{placement.test}: no seed copy stands for the campaign, so nothing can be told.")
    total = placement.total
    if total is None:
        counts = Counter(one.fate for one in placement.copies)
        ends = ", ".join(f"{counts[fate]} {fate}" for fate in Fate if counts[fate])
        none = (
            "none is at a provider of your audience" if placement.settled else "none has come to an end that counts yet"
        )
        return Verdict(f"{placement.test}: of {copies(number)} {none} ({ends}).")
    providers = count(len(placement.providers), "provider")
    waiting = f" ({placement.open} may still arrive)" if placement.open else ""
    reached = f"of {copies(number)} at {providers} {placement.inbox} reached the inbox{waiting}"
    return Verdict(f"{placement.test}: {reached}{_rate(total)}{_answer(placement, total)}.", _CAUTION)


_CAUTION = "Seeds have no history with you: real recipients differ."


def _rate(total: Total) -> str:
    if total.is_weighted:
        rest = f", of which {share(total.uncovered)} has no copy that counts," if total.is_partial else ""
        return f"; weighted by your audience{rest} {share(total.rate)} {within(total.interval)}"
    return f": {share(total.rate)} {within(total.interval)}"


def _answer(placement: Placement, total: Total) -> str:
    wanted = placement.wanted
    if wanted is None:
        return ""
    asked = f", you asked for {share(wanted)}"
    worst, best = placement.at_worst, placement.at_best
    assert worst is not None
    assert best is not None
    if tells_nothing(total) or worst.interval.low < wanted <= best.interval.high:
        return f"{asked}: cannot tell"
    return f"{asked}: {'reached' if worst.interval.low >= wanted else 'missed'}"
