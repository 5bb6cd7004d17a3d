"""What PLACE001 and the interval under it come to when a seed test is repeated: `bench/rates.py` in small."""

from statistics import mean

import pytest

from tests.facts.simulated import DESIGNS, SHARES, SIXTY, WANTED, coverages, reached

RUNS = 600
LOPSIDED = "3 for 90 of 100, 21 for the rest"  # three copies decide: near a share of 95 % they are 3 of 3 too often
EVEN = "15 at each of four"  # with uneven shares of the audience, sixty such copies tell as much as 46


@pytest.mark.parametrize("name", DESIGNS)
def test_the_interval_holds_the_true_share_as_often_as_is_said(name: str) -> None:
    found = coverages(DESIGNS[name], RUNS, SHARES[::3])
    assert mean(found.values()) >= 0.92  # bench/rates.py asks for 94 %, of more runs
    assert min(found.values()) >= (0.82 if name == LOPSIDED else 0.88)


@pytest.mark.parametrize("name", DESIGNS)
def test_a_share_well_under_the_threshold_hardly_ever_passes(name: str) -> None:
    assert reached(DESIGNS[name], WANTED - 0.1, RUNS) <= 0.05


@pytest.mark.parametrize("name", SIXTY)
def test_a_share_well_above_it_mostly_passes_with_sixty_copies(name: str) -> None:
    assert reached(SIXTY[name], WANTED + 0.15, RUNS) >= (0.6 if name == EVEN else 0.78)
