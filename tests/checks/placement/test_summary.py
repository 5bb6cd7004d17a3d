"""The verdict on a seed test: what its rate stands for."""

from __future__ import annotations

from deliverkit.checks.placement.summary import summarize
from deliverkit.facts.placement import Fate, PlacedCopy, Placement, placement_of


def test_a_rate_that_stands_for_a_part_of_the_audience_says_so() -> None:
    copies = [PlacedCopy(f"{number}@one.example", "One", Fate.INBOX) for number in range(10)]
    part, whole = (
        summarize({Placement: placement_of("spring", copies, shares={"One": share})}, []).sentence
        for share in (0.7, 1.0)
    )
    assert "; weighted by your audience, of which 30 % has no copy that counts, 100 % (72–100 %)" in part
    assert "; weighted by your audience 100 % (72–100 %)" in whole
