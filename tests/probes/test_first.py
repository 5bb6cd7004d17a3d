"""The questions that go out before the areas are imported: no other ones than the probes ask."""

from __future__ import annotations

import pytest

from deliverkit.lab.world import load
from deliverkit.probes.first import first_questions
from deliverkit.profiles import AREAS, OPT_IN, choose
from tests.judging import judge


@pytest.mark.parametrize("world", ["good", "domain-does-not-exist", "dnssec-bogus"])
@pytest.mark.parametrize("area", [area for area in AREAS if area not in OPT_IN])
def test_the_area_alone_asks_each_of_its_first_questions(area: str, world: str) -> None:
    found = judge(load(world), choose("domain", only=[area])).report
    asked = {(one.answer.name, one.answer.rdtype) for one in found.trace.asked if one.depth == 1}
    first = set(first_questions(area, found.target.domain))
    assert first
    assert first <= asked


@pytest.mark.parametrize("area", sorted(OPT_IN))
def test_areas_that_ask_others_have_none(area: str) -> None:
    assert first_questions(area, "good.example") == []
