"""Confidence intervals of rates that are seen in a few copies.

One rate: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
A weighted mean of rates: the stratified Wilson interval, X. Yan and X. G. Su, "Stratified Wilson and Newcombe
confidence intervals for multiple binomial proportions", Statistics in Biopharmaceutical Research 2 (2010), with weights
that are given. ``bench/rates.py`` simulates how often it holds the true rate: for rates from 5 to 95 %, with ten copies
or more in all, between 93 and 97 of 100 times on average, and never less than 91 at any; where three copies stand for
nine tenths of the audience it is 85 near the ends. Both take the copies as independent of each other.
The difference of two rates: R. G. Newcombe, "Interval estimation for the difference between independent proportions:
comparison of eleven methods", Statistics in Medicine 17 (1998). Two tests of the same mailboxes are likelier to agree
than independent ones are, so it is rather too wide than too narrow for them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

NORMAL_95 = 1.959963984540054  # the 97.5 % quantile of the normal distribution
_STEPS = 50  # of the fixed point of z; it is there after four or five
_NEAR = 1e-9


class Interval(NamedTuple):
    """From ``low`` to ``high``, both rates from 0 to 1."""

    low: float
    high: float


class Stratum(NamedTuple):
    """So many successes of so many trials (at least one), and the weight of their rate in the mean."""

    successes: int
    trials: int
    weight: float

    @property
    def rate(self) -> float:
        """The rate that was seen."""
        return self.successes / self.trials


def wilson(successes: int, trials: int, z: float = NORMAL_95) -> Interval:
    """The interval of a rate; all of 0 to 1 without a trial."""
    if trials == 0:
        return Interval(0.0, 1.0)
    rate, square = successes / trials, z * z
    centre = rate + square / (2 * trials)
    half = z * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials * trials))
    low, high = ((centre + side * half) / (1 + square / trials) for side in (-1, 1))
    # Seen none, it may be none; seen all, it may be all: no rounding error shall say else.
    return Interval(low if successes else 0.0, high if successes < trials else 1.0)


def weighted(strata: Sequence[Stratum]) -> tuple[float, Interval]:
    """The weighted mean of the strata's rates, and its interval; weights need not sum to 1.

    `ValueError` where there is no stratum, or none has a weight.
    """
    total = sum(one.weight for one in strata)
    if total <= 0:
        raise ValueError("no stratum has a weight")
    shared = [one._replace(weight=one.weight / total) for one in strata if one.weight > 0]
    mean = sum(one.weight * one.rate for one in shared)
    low, high = (_bound(shared, side) for side in (0, 1))
    return mean, Interval(min(low, mean), max(high, mean))


def _bound(strata: Sequence[Stratum], side: int) -> float:
    """The bound on that side (0: low, 1: high): the strata's own, each at the z that gives the mean its level."""
    z = NORMAL_95
    for _ in range(_STEPS):
        bounds = [wilson(one.successes, one.trials, z)[side] for one in strata]
        deviations = [
            one.weight * math.sqrt(bound * (1 - bound) / one.trials) for one, bound in zip(strata, bounds, strict=True)
        ]
        if not sum(deviations):
            break
        wanted = NORMAL_95 * math.hypot(*deviations) / sum(deviations)
        if abs(wanted - z) < _NEAR:
            break
        z = wanted
    return sum(one.weight * wilson(one.successes, one.trials, z)[side] for one in strata)


class Estimate(NamedTuple):
    """A rate that was seen, and its interval."""

    rate: float
    interval: Interval


def newcombe(before: Estimate, after: Estimate) -> Interval:
    """The 95 % interval of how much the rate rose, from -1 to 1: Newcombe's hybrid score interval, his method 10.

    Both intervals are Wilson's, or stratified Wilson's (Yan and Su's stratified Newcombe interval).
    """
    rise = after.rate - before.rate
    below = math.hypot(after.rate - after.interval.low, before.interval.high - before.rate)
    above = math.hypot(after.interval.high - after.rate, before.rate - before.interval.low)
    return Interval(max(rise - below, -1.0), min(rise + above, 1.0))
