"""Rates as people say them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.wording import count
from deliverkit.facts.placement import Fate, PlacedCopy, Total
from deliverkit.standards.intervals import Interval

LEAST = 5  # copies, below which a rate says nothing
MOST_UNCOVERED = 0.5  # of the audience: a rate that is about the smaller part of it says nothing of the whole

LOPSIDED = 0.75  # of the copies that count: where they are worth less they are spread unlike the audience


def tells_nothing(total: Total) -> bool:
    """Whether a rate has too little behind it for an answer."""
    return total.worth < LEAST or total.uncovered > MOST_UNCOVERED


def is_lopsided(settled: int, total: Total) -> bool:
    """Whether so many copies tell markedly less than their number, as they are spread."""
    return total.worth < LOPSIDED * settled


def copies(number: int) -> str:
    """``1 seed copy``, ``24 seed copies``."""
    return count(number, "seed copy")


def share(rate: float) -> str:
    """``81 %``; never 0 % or 100 % of what is only nearly so."""
    percent = round(rate * 100)
    percent = max(percent, 1) if rate > 0 else percent
    return f"{min(percent, 99) if rate < 1 else percent} %"


def within(interval: Interval) -> str:
    """``(64–91 %)``."""
    return f"({share(interval.low).removesuffix(' %')}–{share(interval.high)})"


def points(rise: float) -> str:
    """``+12``, ``−8``, ``0``: a difference of rates in points of a hundred."""
    number = round(rise * 100)
    return f"+{number}" if number > 0 else f"−{-number}" if number else "0"


def in_words(total: Total) -> str:
    """``81 % (64–91 %), weighted by the audience,``."""
    weighted = ", weighted by the audience," if total.is_weighted else " of the seed copies"
    return f"{share(total.rate)} {within(total.interval)}{weighted}"


class Together(tuple[PlacedCopy, ...]):
    """Copies at one provider that came to the same end."""

    __slots__ = ()

    @property
    def number(self) -> str:
        """How many they are, in words."""
        return copies(len(self))


def by_provider(found: Iterable[PlacedCopy], fate: Fate) -> Iterator[tuple[str, Together]]:
    """The copies that came to that end, by provider."""
    ended = [one for one in found if one.fate is fate]
    for provider in dict.fromkeys(one.provider for one in ended):
        yield provider, Together(one for one in ended if one.provider == provider)
