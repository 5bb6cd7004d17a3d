"""Bars of text: a glyph for each seed copy, and the interval of a rate as a line from 0 to 100 %."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from deliverkit.facts.placement import PlacedCopy, Total
from deliverkit.render.segments import counted

_LEVELS = "▁▂▃▄▅▆▇█"


def bar(copies: Sequence[PlacedCopy], columns: int, most: int) -> str:
    """The copies as glyphs; where ``most`` copies are more than the columns, a glyph stands for several."""
    scale, found = min(1.0, columns / most), counted(copies)
    widths = [max(1, round(count * scale)) for _, count in found]
    while sum(widths) > max(columns, len(widths)):  # no end of a copy is cut away
        widths[widths.index(max(widths))] -= 1
    return "".join(segment.glyph * width for (segment, _), width in zip(found, widths, strict=True))


def legend(copies: Iterable[PlacedCopy]) -> str:
    """What the glyphs of these copies mean."""
    return "  ".join(f"{segment.glyph} {segment.word}" for segment, _ in counted(copies))


def whisker(total: Total, columns: int, wanted: float) -> str:
    """The interval as a line, the rate in it as a dot, and what is asked for as a bar across."""
    low, high, rate, asked = (
        round(value * (columns - 1)) for value in (total.interval.low, total.interval.high, total.rate, wanted)
    )
    cells = ["─" if low <= place <= high else " " for place in range(columns)]
    cells[asked] = "│"
    cells[rate] = "●"
    return "".join(cells).rstrip()


def sparkline(rates: Iterable[float]) -> str:
    """A glyph for each rate, the higher the fuller."""
    return "".join(_LEVELS[min(int(rate * len(_LEVELS)), len(_LEVELS) - 1)] for rate in rates)
