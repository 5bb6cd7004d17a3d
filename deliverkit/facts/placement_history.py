"""Seed tests one after another: how the rate moved, whether that is more than chance, and what differed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.facts.placement import Placement, Total
from deliverkit.standards.intervals import Estimate, Interval, newcombe

Traits = tuple[tuple[str, str], ...]  # what was sent and which way it took, in words; empty: not known


class PastTest(Frozen):
    """A seed test, where its copies landed, and what is known of what was sent."""

    token: str
    started: datetime
    placement: Placement
    traits: Traits = ()


class Change(NamedTuple):
    """How much the rate rose, from -1 to 1, and Newcombe's 95 % interval of it."""

    rise: float
    interval: Interval

    @property
    def is_chance(self) -> bool:
        """Whether chance alone may make as much of a difference."""
        return self.interval.low <= 0 <= self.interval.high


class Differing(NamedTuple):
    """A trait that was another then."""

    name: str
    then: str
    now: str


class PlacementHistory(Frozen):
    """Tests, the oldest first, each with the change against the last one before it that has a rate.

    ``good`` is the last before the newest whose rate reached ``wanted``; ``differing``: what is another since then.
    """

    tests: tuple[PastTest, ...]
    changes: tuple[Change | None, ...]
    wanted: float
    good: PastTest | None
    differing: tuple[Differing, ...]


def history_of(tests: Sequence[PastTest], wanted: float) -> PlacementHistory:
    """The tests in order of time, held against each other."""
    ordered = sorted(tests, key=lambda one: one.started)
    rated = [one for one in ordered if one.placement.total is not None]
    changes = {
        later.token: _change(earlier.placement.total, later.placement.total) for earlier, later in pairwise(rated)
    }
    good = next((one for one in reversed(ordered[:-1]) if is_good(one, wanted)), None)
    differing = _differing(good.traits, ordered[-1].traits) if good is not None else ()
    return PlacementHistory(tuple(ordered), tuple(changes.get(one.token) for one in ordered), wanted, good, differing)


def is_good(test: PastTest, wanted: float) -> bool:
    """Whether its rate reached what is asked for."""
    total = test.placement.total
    return total is not None and total.rate >= wanted


def _change(before: Total | None, after: Total | None) -> Change | None:
    if before is None or after is None:
        return None
    found = newcombe(Estimate(before.rate, before.interval), Estimate(after.rate, after.interval))
    return Change(after.rate - before.rate, found)


def _differing(then: Traits, now: Traits) -> tuple[Differing, ...]:
    """The traits that are known of both and differ."""
    old = dict(then)
    both = [(name, old.get(name, ""), value) for name, value in now]
    return tuple(Differing(*one) for one in both if one[1] and one[2] and one[1] != one[2])
