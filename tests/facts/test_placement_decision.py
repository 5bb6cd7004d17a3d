"""What PLACE001 and the interval under it come to when a seed test is repeated: `bench/rates.py` in small."""

from statistics import mean

import pytest

from deliverkit.checks.placement.inbox_rate_below_wanted import inbox_rate_below_wanted
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.model import Absent, Finding, unknown
from tests.facts.simulated import DESIGNS, NOTHING_READ, SHARES, SIXTY, WANTED, coverages, reached

RUNS = 600


@pytest.mark.parametrize("name", DESIGNS)
def test_the_interval_holds_the_true_share_as_often_as_is_said(name: str) -> None:
    found = coverages(DESIGNS[name], RUNS, SHARES[::3])
    assert mean(found.values()) >= 0.92  # bench/rates.py asks for 94 %, of more runs
    assert min(found.values()) >= 0.88


@pytest.mark.parametrize("name", DESIGNS)
def test_a_share_well_under_the_threshold_hardly_ever_passes(name: str) -> None:
    assert reached(DESIGNS[name], WANTED - 0.1, RUNS) <= 0.05


@pytest.mark.parametrize("name", SIXTY)
def test_a_share_well_above_it_mostly_passes_with_sixty_copies(name: str) -> None:
    assert reached(SIXTY[name], WANTED + 0.15, RUNS) >= 0.77  # bench/rates.py asks for 80 %, of more runs


def answer(ends: dict[str, tuple[float, int]]) -> list[Finding | Absent]:
    """What PLACE001 says where every copy reached the inbox: the audience's share and the copies of each provider."""
    copies = [
        PlacedCopy(f"{number}@{name}.example", name, Fate.INBOX)
        for name, (_, count) in ends.items()
        for number in range(count)
    ]
    shares = {name: share for name, (share, _) in ends.items()}
    return list(inbox_rate_below_wanted.judge(placement_of("spring", copies, shares=shares, wanted=0.3), NOTHING_READ))


def test_copies_where_few_of_the_audience_are_do_not_make_up_for_the_others() -> None:
    assert answer({"one": (0.9, 3), "two": (0.1, 21)}) == [
        unknown("24 seed copies tell no more here than 3.7 would that are spread as the audience is: 5 are the least")
    ]
    assert answer({"one": (0.9, 9), "two": (0.1, 15)}) == []


def test_a_rate_of_the_smaller_part_of_the_audience_decides_nothing() -> None:
    assert answer({"one": (0.4, 20), "two": (0.6, 0)}) == [
        unknown("no seed copy counts at the providers of 60 % of the audience")
    ]
    assert answer({"one": (0.6, 20), "two": (0.4, 0)}) == []
