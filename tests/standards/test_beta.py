"""Quantiles of the beta distribution against published ones, and against sums of the binomial distribution."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.beta import below, quantile


@pytest.mark.parametrize(
    ("successes", "low", "high"), [(1, 0.016, 0.501), (2, 0.065, 0.648), (3, 0.139, 0.766), (4, 0.234, 0.861)]
)
def test_jeffreys_intervals_of_seven_trials_are_the_published_ones(successes: int, low: float, high: float) -> None:
    a, b = successes + 0.5, 7 - successes + 0.5  # Brown, Cai and DasGupta (2001), table 5
    assert (quantile(0.025, a, b), quantile(0.975, a, b)) == pytest.approx((low, high), abs=6e-4)


@given(st.integers(1, 60).flatmap(lambda n: st.tuples(st.just(n), st.integers(1, n))), st.floats(0.001, 0.999))
def test_it_is_the_tail_of_a_binomial_distribution(counts: tuple[int, int], rate: float) -> None:
    n, k = counts  # DLMF 8.17.5
    tail = sum(math.comb(n, j) * rate**j * (1 - rate) ** (n - j) for j in range(k, n + 1))
    assert below(rate, k, n - k + 1) == pytest.approx(tail, abs=1e-10)


@given(st.floats(0.01, 0.99), st.floats(0.5, 5000), st.floats(0.5, 5000))
def test_a_quantile_has_its_part_below_it(part: float, a: float, b: float) -> None:
    assert below(quantile(part, a, b), a, b) == pytest.approx(part, abs=1e-6)


def test_beyond_its_range_there_is_nothing_or_all() -> None:
    assert (below(-1, 2, 3), below(0, 2, 3), below(1, 2, 3), below(2, 2, 3)) == (0, 0, 1, 1)
