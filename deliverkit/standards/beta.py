"""The beta distribution: its quantiles, which are the bounds of a rate.

The regularized incomplete beta function by its continued fraction, NIST Digital Library of Mathematical Functions
§8.17(v), evaluated by Lentz's method; the quantile by halving.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

_HALVINGS = 50  # of the range 0 to 1: more than a double tells apart
_TERMS = 1_000
_NEAR = 1e-13
_TINY = 1e-300  # in place of a denominator of 0


def quantile(part: float, a: float, b: float) -> float:
    """The value under which that part (0 to 1) of the beta distribution with ``a`` and ``b`` (both over 0) lies."""
    low, high = 0.0, 1.0
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        if below(middle, a, b) < part:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def below(value: float, a: float, b: float) -> float:
    """The part of the distribution below that value: the regularized incomplete beta function."""
    if not 0 < value < 1:
        return float(value >= 1)
    if value > (a + 1) / (a + b + 2):  # DLMF 8.17.4; the fraction closes in fast on this side of the mean alone
        return 1 - below(1 - value, b, a)
    front = math.lgamma(a + b) - math.lgamma(a) - math.lgamma(b) + a * math.log(value) + b * math.log1p(-value)
    return math.exp(front) / a / _fraction(value, a, b)


def _fraction(value: float, a: float, b: float) -> float:
    """1 + d1/(1 + d2/(1 + …)) of DLMF 8.17.22."""
    whole = upper = 1.0
    lower = 0.0
    for term in _terms(value, a, b):
        lower = 1 / ((1 + term * lower) or _TINY)
        upper = (1 + term / upper) or _TINY
        whole *= lower * upper
        if abs(lower * upper - 1) < _NEAR:
            break
    return whole


def _terms(value: float, a: float, b: float) -> Iterator[float]:
    """d1, d2, … of DLMF 8.17.23."""
    for m in range(_TERMS):
        yield -(a + m) * (a + b + m) * value / ((a + 2 * m) * (a + 2 * m + 1))
        yield (m + 1) * (b - m - 1) * value / ((a + 2 * m + 1) * (a + 2 * m + 2))
