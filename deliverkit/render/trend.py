"""Rates over time as one inline SVG: a dot for each test, its interval as a line, what is asked for across."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from deliverkit.checks.placement.wording import share, within
from deliverkit.facts.placement import Total
from deliverkit.facts.placement_history import PlacementHistory
from deliverkit.render.markup import in_html

_TOP, _TALL, _FOOT = 18, 170, 22  # pixels above, of the plot, and below it
_MOST_DATES, _MOST_RATES = 6, 8  # labels that have room on a phone


class _Point(NamedTuple):
    """A test in the plot; ``x`` from 0 to 1."""

    x: float
    day: str
    total: Total


def render_trend(history: PlacementHistory, name: str) -> str:
    """The figure."""
    points = list(_points(history))
    lines = (
        '<figure class="chart">',
        f'<svg role="img" aria-labelledby="trend-title trend-desc" height="{_TOP + _TALL + _FOOT}">',
        f'<title id="trend-title">{in_html(name or "All seed tests")}: the inbox rate from test to test</title>',
        f'<desc id="trend-desc">{_described(points)}</desc>',
        *_grid(history.wanted),
        *_lines(points),
        *_dots(points),
        "</svg>",
        f"<figcaption><span>dashed: {share(history.wanted)}, asked for</span></figcaption>",
        "</figure>",
    )
    return "\n".join(lines)


def _points(history: PlacementHistory) -> Iterator[_Point]:
    number = len(history.tests)
    for place, one in enumerate(history.tests):
        if one.placement.total is not None:
            yield _Point((place + 0.5) / number, one.started.strftime("%m-%d"), one.placement.total)


def _described(points: Sequence[_Point]) -> str:
    return "; ".join(f"{one.day}: {share(one.total.rate)} {within(one.total.interval)}" for one in points)


def _y(rate: float) -> float:
    return round(_TOP + (1 - rate) * _TALL, 1)


def _grid(wanted: float) -> Iterator[str]:
    for rate in (0.0, 0.5, 1.0):
        yield f'<line class="track" x1="0" x2="100%" y1="{_y(rate)}" y2="{_y(rate)}"/>'
        yield f'<text x="0" y="{_y(rate) - 4}">{share(rate)}</text>'
    yield f'<line class="wanted" x1="0" x2="100%" y1="{_y(wanted)}" y2="{_y(wanted)}"/>'


def _lines(points: Sequence[_Point]) -> Iterator[str]:
    for one, other in pairwise(points):
        place = f'x1="{one.x:.3%}" x2="{other.x:.3%}" y1="{_y(one.total.rate)}" y2="{_y(other.total.rate)}"'
        yield f'<line class="line" {place}/>'


def _dots(points: Sequence[_Point]) -> Iterator[str]:
    every = max(1, -(-len(points) // _MOST_DATES))
    for place, one in enumerate(points):
        low, high = one.total.interval
        said = f"{one.day}: {share(one.total.rate)} {within(one.total.interval)}"
        yield f'<line class="span" x1="{one.x:.3%}" x2="{one.x:.3%}" y1="{_y(low)}" y2="{_y(high)}"/>'
        yield f'<circle class="rate" cx="{one.x:.3%}" cy="{_y(one.total.rate)}" r="5"><title>{said}</title></circle>'
        if len(points) <= _MOST_RATES:
            text = f'<text class="mid" style="text-anchor:start" dx="9" x="{one.x:.3%}" y="{_y(one.total.rate) + 4}">'
            yield f"{text}{share(one.total.rate)}</text>"
        if place % every == 0:
            yield f'<text style="text-anchor:middle" x="{one.x:.3%}" y="{_TOP + _TALL + 17}">{one.day}</text>'
