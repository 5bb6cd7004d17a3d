"""The placement of seed copies as one inline SVG: a bar for each provider, told apart by pattern as well as by colour.

Widths are percentages, so that text keeps its size on a phone; nothing is fetched and no script runs.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.checks.placement.wording import share, within
from deliverkit.classes import Frozen
from deliverkit.facts.placement import PlacedCopy, Placement, ProviderPlacement, Total
from deliverkit.render.markup import in_html
from deliverkit.render.segments import counted
from deliverkit.render.text import cut_end, escape
from deliverkit.report import Report

_ROW, _BAR, _TEXT = 46, 18, 14  # heights, and the baseline of a row's text
_NAME = 22  # characters of a provider's name beside the bar
_LEAST, _DIGIT = 0.02, 0.03  # of the width: what a segment needs to have room for its number
CHART_STYLE = """
.chart { margin: 1rem 0; } .chart svg { display: block; width: 100%; overflow: visible; }
.chart svg text { font-size: 13px; fill: CanvasText; }
.chart .side { text-anchor: end; } .chart .mid { text-anchor: middle; }
.chart .mid, .chart .asked { paint-order: stroke; stroke: Canvas; stroke-width: 3px; font-weight: 600; }
.chart .edge { stroke: CanvasText; stroke-width: 1; } .chart .track { stroke: CanvasText; stroke-opacity: .25; }
.chart .span { stroke: CanvasText; stroke-width: 5; stroke-opacity: .45; } .chart .rate { fill: CanvasText; }
.chart .wanted { stroke: CanvasText; stroke-width: 1.5; stroke-dasharray: 4 3; }
.chart figcaption span { display: inline-block; margin: 0 1rem .2rem 0; font-size: .9rem; }
.chart figcaption svg { display: inline-block; width: 1rem; height: 1rem; vertical-align: -.2rem; margin-right: .3rem; }
.chart .line { stroke: CanvasText; stroke-opacity: .4; fill: none; }
@media print { .chart, .chart svg { print-color-adjust: exact; break-inside: avoid; } }
"""
# Each pattern: the colour of its ground, and the strokes by which it is known without colour.
_PATTERNS = {
    "inbox": ("#3a9d5d", ""),
    "tab": ("#8fcfa4", "M0 8L8 0"),
    "junk": ("#e08a3c", "M0 0L8 8M0 8L8 0"),
    "other": ("#b79bd6", "M2 2h1.5M6 6h1.5"),
    "rejected": ("#cf4b4b", "M2 0V8M6 0V8"),
    "missing": ("none", "M0 0L8 8"),
    "pending": ("none", "M0 2H8M0 6H8"),
    "untold": ("none", "M4 4h1"),
}


class _Row(Frozen):
    """A bar with its texts."""

    name: str
    said: str
    copies: tuple[PlacedCopy, ...]


def chart_of(report: Report) -> str:
    """The chart of the seed test that the report is on; empty where it is on none."""
    placement = report.fact(Placement)
    return render_chart(placement) if isinstance(placement, Placement) and placement.copies else ""


def style_of(report: Report) -> str:
    """The style sheet that its chart needs."""
    return CHART_STYLE if chart_of(report) else ""


def render_chart(placement: Placement) -> str:
    """The figure: bars, the whole with its interval and what is asked for, and what the patterns mean."""
    rows = [*map(_provider, placement.providers), *_control(placement)]
    total = placement.total
    height = _ROW * len(rows) + (_ROW + _TEXT if total else 0)
    lines = (
        '<figure class="chart">',
        f'<svg role="img" aria-labelledby="placement-title placement-desc" height="{height}">',
        f'<title id="placement-title">{in_html(placement.test)}: where its seed copies landed</title>',
        f'<desc id="placement-desc">{in_html(_described(rows, placement))}</desc>',
        f"<defs>{''.join(_patterns())}</defs>",
        *(line for number, row in enumerate(rows) for line in _bar(row, number * _ROW)),
        *(_whole(placement, total, len(rows) * _ROW) if total else ()),
        "</svg>",
        f"<figcaption>{''.join(_key(placement))}</figcaption>",
        "</figure>",
    )
    return "\n".join(lines)


def _provider(one: ProviderPlacement) -> _Row:
    if not one.settled:
        return _Row(one.provider, "none counts yet", one.copies)
    rate = f"{share(one.inbox / one.settled)} {within(one.interval)}"
    return _Row(one.provider, f"{one.inbox} of {one.settled}: {rate}", one.copies)


def _control(placement: Placement) -> Iterator[_Row]:
    if placement.controls:
        settled = [one for one in placement.controls if one.fate.is_settled]
        inbox = sum(one.fate.is_inbox for one in settled)
        yield _Row("plain message", f"{inbox} of {len(settled)} in the inbox", placement.controls)


def _described(rows: Sequence[_Row], placement: Placement) -> str:
    """The chart in words, for who does not see it."""
    said = [
        f"{row.name}: {', '.join(f'{count} {segment.word}' for segment, count in counted(row.copies))}" for row in rows
    ]
    total = placement.total
    if total:
        said.append(f"in all {share(total.rate)} {within(total.interval)} in the inbox, tabs included")
    return ". ".join(said)


def _patterns() -> Iterator[str]:
    for key, (ground, strokes) in _PATTERNS.items():
        fill = f'<rect width="8" height="8" fill="{ground}"/>' if ground != "none" else ""
        path = f'<path d="{strokes}" stroke="CanvasText" stroke-width="1" stroke-opacity=".65" fill="none"/>'
        yield (
            f'<pattern id="seeds-{key}" width="8" height="8" patternUnits="userSpaceOnUse">'
            f"{fill}{path if strokes else ''}</pattern>"
        )


def _bar(row: _Row, top: int) -> Iterator[str]:
    yield f'<text x="0" y="{top + _TEXT}">{in_html(cut_end(escape(row.name), _NAME))}</text>'
    yield f'<text class="side" x="100%" y="{top + _TEXT}">{in_html(row.said)}</text>'
    at = 0
    for segment, count in counted(row.copies):
        left, width = at / len(row.copies), count / len(row.copies)
        yield (
            f'<rect class="edge" x="{left:.3%}" y="{top + _TEXT + 6}" width="{width:.3%}" height="{_BAR}" '
            f'fill="url(#seeds-{segment.key})"><title>{in_html(row.name)}: {count} {segment.word}</title></rect>'
        )
        if width >= _LEAST + _DIGIT * len(str(count)):
            middle = left + width / 2
            yield f'<text class="mid" x="{middle:.3%}" y="{top + _TEXT + 6 + _BAR - 4}">{count}</text>'
        at += count


def _whole(placement: Placement, total: Total, top: int) -> Iterator[str]:
    """The rate over all as a dot on a line from 0 to 100 %, its interval, and what is asked for across it."""
    name = "by your audience" if total.is_weighted else "all"
    yield f'<text x="0" y="{top + _TEXT}">{name}</text>'
    yield f'<text class="side" x="100%" y="{top + _TEXT}">{share(total.rate)} {within(total.interval)}</text>'
    middle = top + _TEXT + 6 + _BAR // 2
    low, high = total.interval
    yield f'<line class="track" x1="0" x2="100%" y1="{middle}" y2="{middle}"/>'
    yield f'<line class="span" x1="{low:.3%}" x2="{high:.3%}" y1="{middle}" y2="{middle}"/>'
    yield f'<circle class="rate" cx="{total.rate:.3%}" cy="{middle}" r="5"/>'
    if placement.wanted is not None:
        asked = placement.wanted
        yield f'<line class="wanted" x1="{asked:.3%}" x2="{asked:.3%}" y1="{middle - _BAR // 2}" y2="{middle + 14}"/>'
        anchor = "end" if asked > 0.6 else "start"
        yield (
            f'<text class="asked" style="text-anchor:{anchor}" x="{asked:.3%}" y="{middle + 26}">'
            f"asked for: {share(asked)}</text>"
        )


def _key(placement: Placement) -> Iterator[str]:
    """What each pattern means, with how many of the campaign's copies have it."""
    counts = dict(counted(placement.copies))
    for segment, _ in counted([*placement.copies, *placement.controls]):
        swatch = f'<rect class="edge" width="16" height="16" fill="url(#seeds-{segment.key})"/>'
        number = f" {counts[segment]}" if segment in counts else ""
        yield f'<span><svg viewBox="0 0 16 16" aria-hidden="true">{swatch}</svg>{segment.word}{number}</span>\n'
