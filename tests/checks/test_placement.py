"""Checks of a seed test: what they name first, and what the verdict says that its rate stands for."""

from __future__ import annotations

from deliverkit.checks.placement.copies_bounced import copies_bounced
from deliverkit.checks.placement.summary import summarize
from deliverkit.facts.placement import Fate, PlacedCopy, Placement, placement_of
from deliverkit.model import Finding


def test_of_bounces_those_by_a_policy_stand_first() -> None:
    said = {"One": "", "Two": "then it bounced: 452 4.2.2 full", "Three": "then it bounced: 554 5.7.1 spam"}
    copies = [PlacedCopy(f"ada@{name}.example", name, Fate.BOUNCED, detail=detail) for name, detail in said.items()]
    found = [one for one in copies_bounced.judge(placement_of("spring", copies)) if isinstance(one, Finding)]
    assert [one.touches for one in found] == [("Three",), ("One",), ("Two",)]


def test_a_rate_that_stands_for_a_part_of_the_audience_says_so() -> None:
    copies = [PlacedCopy(f"{number}@one.example", "One", Fate.INBOX) for number in range(10)]
    part, whole = (
        summarize({Placement: placement_of("spring", copies, shares={"One": share})}, []).sentence
        for share in (0.7, 1.0)
    )
    assert "; weighted by your audience, of which 30 % has no copy that counts, 100 % (72–100 %)" in part
    assert "; weighted by your audience 100 % (72–100 %)" in whole
