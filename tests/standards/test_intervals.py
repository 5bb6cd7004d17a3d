"""Intervals of rates: known values, bounds that hold for every count, and coverage by simulation."""

import random
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.intervals import Estimate, Stratum, effective_trials, newcombe, weighted, wilson

ROUNDS = 4_000
COUNTS = st.integers(1, 200).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))
STRATA = st.lists(st.tuples(COUNTS, st.floats(0.01, 1)), min_size=1, max_size=8)


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [(5, 6, 0.436, 0.970), (0, 10, 0.0, 0.278), (10, 10, 0.722, 1.0), (15, 30, 0.332, 0.668), (0, 0, 0.0, 1.0)],
)
def test_wilson_gives_the_published_values(successes: int, trials: int, low: float, high: float) -> None:
    assert wilson(successes, trials) == pytest.approx((low, high), abs=0.001)


@given(COUNTS)
def test_a_rate_lies_in_its_interval(count: tuple[int, int]) -> None:
    successes, trials = count
    low, high = wilson(successes, trials)
    assert 0 <= low <= successes / trials <= high <= 1


@given(STRATA)
def test_the_mean_lies_in_its_interval(strata: list[tuple[tuple[int, int], float]]) -> None:
    mean, (low, high) = weighted([Stratum(*count, weight) for count, weight in strata])
    assert 0 <= low <= mean <= high <= 1 + 1e-12


@pytest.mark.parametrize("weights", [(0.3, 0.25, 0.15), (0.4, 0.25, 0.15, 0.1, 0.1, 0.1), (0.1,) * 7])
def test_all_is_all_whatever_the_weights_add_up_to(weights: tuple[float, ...]) -> None:
    rate, interval = weighted([Stratum(3, 3, weight) for weight in weights])
    assert (rate, interval.high) == (1.0, 1.0)


@given(COUNTS)
def test_one_stratum_is_wilson(count: tuple[int, int]) -> None:
    assert weighted([Stratum(*count, 0.3)])[1] == pytest.approx(wilson(*count))


def test_more_copies_make_it_narrower() -> None:
    widths = [weighted([Stratum(4 * k, 5 * k, 0.7), Stratum(3 * k, 5 * k, 0.3)])[1] for k in (1, 2, 4, 8)]
    assert all(later[1] - later[0] < earlier[1] - earlier[0] for earlier, later in pairwise(widths))


@pytest.mark.parametrize("judge", [weighted, effective_trials])
def test_without_a_weight_there_is_no_mean(judge: Callable[[list[Stratum]], object]) -> None:
    with pytest.raises(ValueError, match="no stratum has a weight"):
        judge([Stratum(1, 2, 0.0)])


@pytest.mark.parametrize(
    ("strata", "worth"),
    [
        (((60, 1.0),), 60),
        (((6, 0.6), (4, 0.4)), 10),  # in proportion: as many as there are
        (((3, 0.9), (21, 0.1)), 1 / (0.81 / 3 + 0.01 / 21)),
        (((3, 9.0), (21, 1.0), (50, 0.0)), 1 / (0.81 / 3 + 0.01 / 21)),
    ],
)
def test_copies_spread_unlike_the_weights_are_worth_less(strata: tuple[tuple[int, float], ...], worth: float) -> None:
    assert effective_trials([Stratum(0, trials, weight) for trials, weight in strata]) == pytest.approx(worth)


def estimate(successes: int, trials: int) -> Estimate:
    return Estimate(successes / trials, wilson(successes, trials))


@pytest.mark.parametrize(
    ("after", "before", "low", "high"),
    [  # Newcombe (1998), table II, method 10
        ((56, 70), (48, 80), 0.0524, 0.3339),
        ((9, 10), (3, 10), 0.1705, 0.8090),
        ((6, 7), (2, 7), 0.0582, 0.8062),
        ((5, 56), (0, 29), -0.0381, 0.1926),
        ((0, 10), (0, 20), -0.1611, 0.2775),
        ((10, 10), (0, 20), 0.6791, 1.0),
    ],
)
def test_newcombe_gives_the_published_values(
    after: tuple[int, int], before: tuple[int, int], low: float, high: float
) -> None:
    assert newcombe(estimate(*before), estimate(*after)) == pytest.approx((low, high), abs=5e-5)


@given(COUNTS, COUNTS)
def test_a_fall_is_a_rise_read_backwards(one: tuple[int, int], other: tuple[int, int]) -> None:
    rise, fall = newcombe(estimate(*one), estimate(*other)), newcombe(estimate(*other), estimate(*one))
    assert rise == pytest.approx((-fall.high, -fall.low))
    assert -1 <= rise.low <= estimate(*other).rate - estimate(*one).rate <= rise.high <= 1


@pytest.mark.parametrize(("before", "after"), [((0.8, 24), (0.8, 24)), ((0.9, 24), (0.6, 18)), ((0.5, 60), (0.95, 12))])
def test_a_true_difference_is_held_as_often_as_is_said(before: tuple[float, int], after: tuple[float, int]) -> None:
    chance = random.Random(20261125)  # noqa: S311 - a simulation
    held = 0
    for _ in range(ROUNDS):
        one, other = (estimate(sum(chance.random() < rate for _ in range(n)), n) for rate, n in (before, after))
        low, high = newcombe(one, other)
        held += low <= after[0] - before[0] <= high
    assert 0.93 < held / ROUNDS < 0.98


@pytest.mark.parametrize(
    ("rates", "trials", "weights"),
    [
        ((0.9, 0.9, 0.9, 0.9), (6, 6, 6, 6), (0.44, 0.31, 0.15, 0.10)),
        ((0.7, 0.95, 0.5, 1.0), (6, 6, 6, 6), (0.44, 0.31, 0.15, 0.10)),
        ((0.9,) * 6, (2, 3, 4, 5, 6, 4), (0.4, 0.2, 0.1, 0.1, 0.1, 0.1)),
        ((0.8, 0.8), (3, 21), (0.9, 0.1)),
        ((0.7,) * 5, (1,) * 5, (0.2,) * 5),
        ((0.8, 0.8, 0.8), (50, 30, 20), (0.5, 0.3, 0.2)),
    ],
)
def test_the_true_rate_is_held_as_often_as_is_said(
    rates: tuple[float, ...], trials: tuple[int, ...], weights: tuple[float, ...]
) -> None:
    chance = random.Random(20261125)  # noqa: S311 - a simulation
    true = sum(rate * weight for rate, weight in zip(rates, weights, strict=True))
    held = 0
    for _ in range(ROUNDS):
        strata = [
            Stratum(sum(chance.random() < rate for _ in range(n)), n, weight)
            for rate, n, weight in zip(rates, trials, weights, strict=True)
        ]
        low, high = weighted(strata)[1]
        held += low <= true <= high
    assert 0.94 < held / ROUNDS < 0.995
