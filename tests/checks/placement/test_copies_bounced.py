"""PLACE005: which bounces are named first."""

from __future__ import annotations

from deliverkit.checks.placement.copies_bounced import copies_bounced
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.model import Finding


def test_of_bounces_those_by_a_policy_stand_first() -> None:
    said = {"One": "", "Two": "then it bounced: 452 4.2.2 full", "Three": "then it bounced: 554 5.7.1 spam"}
    copies = [PlacedCopy(f"ada@{name}.example", name, Fate.BOUNCED, detail=detail) for name, detail in said.items()]
    found = [one for one in copies_bounced.judge(placement_of("spring", copies)) if isinstance(one, Finding)]
    assert [one.touches for one in found] == [("Three",), ("One",), ("Two",)]
