"""The history of seed tests as one self-contained HTML file."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape as escape_html

from deliverkit.difference import Comparison
from deliverkit.facts.placement_history import PlacementHistory
from deliverkit.render.chart import CHART_STYLE
from deliverkit.render.history import CAUTION, sentence, since_lines, table_of
from deliverkit.render.html import comparison_lines, document, heading, table_lines
from deliverkit.render.trend import render_trend


def render_history_html(history: PlacementHistory, *, name: str, dns: Comparison | None) -> str:
    """One document: the sentence, the trend, the tests, what changed."""
    return document([name or "All seed tests"], _lines(history, name, dns), style=CHART_STYLE)


def _lines(history: PlacementHistory, name: str, dns: Comparison | None) -> Iterator[str]:
    yield from ("<section>", heading(sentence(history, name)))
    yield render_trend(history, name)
    yield from table_lines(table_of(history))
    yield '<p class="quiet">▲ ▼ more than chance, ≈ chance alone may do that</p>'
    head, *lines = [*map(escape_html, since_lines(history))] or [""]
    yield f"<p>{'<br>'.join([head, *lines])}</p>"
    yield f'<p class="quiet">{escape_html(CAUTION)}</p>\n</section>'
    if dns is not None:
        yield from comparison_lines(dns, "h2")
