"""Rates as people say them."""

from __future__ import annotations

from deliverkit.facts.placement import Total
from deliverkit.standards.intervals import Interval

LEAST = 5  # copies, below which a rate says nothing


def share(rate: float) -> str:
    """``81 %``; never 0 % or 100 % of what is only nearly so."""
    percent = round(rate * 100)
    percent = max(percent, 1) if rate > 0 else percent
    return f"{min(percent, 99) if rate < 1 else percent} %"


def within(interval: Interval) -> str:
    """``(64–91 %)``."""
    return f"({share(interval.low).removesuffix(' %')}–{share(interval.high)})"


def in_words(total: Total) -> str:
    """``81 % (64–91 %), weighted by the audience,``."""
    weighted = ", weighted by the audience," if total.is_weighted else " of the seed copies"
    return f"{share(total.rate)} {within(total.interval)}{weighted}"
