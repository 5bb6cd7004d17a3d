"""Bars of text and of drawings: every end of a copy is seen, however many copies there are."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Mapping
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.facts.placement import Fate, PlacedCopy, Total, placement_of
from deliverkit.render.bars import bar, sparkline, whisker
from deliverkit.render.chart import render_chart
from deliverkit.render.look import Detail, Look
from deliverkit.render.placement import render_placement
from deliverkit.render.segments import SEGMENTS, counted
from deliverkit.seeds.reporting import judged
from deliverkit.standards.intervals import wilson

COUNTS = st.dictionaries(st.sampled_from(list(Fate)), st.integers(1, 300), min_size=1)


def copies(counts: Mapping[Fate, int], provider: str = "Gmail") -> list[PlacedCopy]:
    return [PlacedCopy("a@b.example", provider, fate) for fate, count in counts.items() for _ in range(count)]


def test_every_end_has_one_segment() -> None:
    assert sorted(fate for segment in SEGMENTS for fate in segment.fates) == sorted(Fate)


@given(COUNTS, st.integers(8, 24))
def test_a_bar_shows_every_end_within_its_columns(counts: Mapping[Fate, int], columns: int) -> None:
    found = copies(counts)
    drawn = bar(found, columns, len(found))
    assert len(drawn) <= columns
    assert {*drawn} == {segment.glyph for segment, _ in counted(found)}


def test_few_copies_are_a_glyph_each() -> None:
    assert bar(copies({Fate.INBOX: 3, Fate.JUNK: 1, Fate.BOUNCED: 1}), 24, 6) == "███▒x"


def test_a_whisker_has_its_ends_where_the_interval_has_them() -> None:
    total = Total(0.5, wilson(5, 10), is_weighted=False, worth=10)
    assert whisker(total, 21, 0.9) == "     ─────●─────  │"


def test_a_sparkline_keeps_within_its_levels() -> None:
    assert sparkline([0.0, 0.49, 0.5, 1.0]) == "▁▄▅█"


@given(COUNTS)
def test_the_segments_of_a_drawn_bar_fill_it(counts: Mapping[Fate, int]) -> None:
    drawn = render_chart(placement_of("spring", copies(counts)))
    widths = [float(width) for width in re.findall(r'<rect class="edge" x="[^"]+" y="\d+" width="([\d.]+)%"', drawn)]
    assert len(widths) == len(counted(copies(counts)))
    assert abs(sum(widths) - 100) < 0.01


def test_a_narrow_terminal_gets_the_median_alone_and_then_paragraphs_without_zeros() -> None:
    found = [
        PlacedCopy("a@b.example", "Outlook.com", Fate.INBOX, delay=4.0),
        PlacedCopy("b@b.example", "Outlook.com", Fate.JUNK, delay=9.0),
    ]
    placement = placement_of("spring", found, shares={"Outlook.com": 0.5})
    report = asyncio.run(judged(placement, datetime(2026, 11, 25, tzinfo=UTC)))
    wide, narrow, slim = (render_placement(report, Look(width, detail=Detail.USUAL)) for width in (120, 76, 50))
    assert "delay (95 %)" in wide
    assert re.search(r"50 % \(9–91 %\) +6 s +50 %", narrow)
    assert "delay (95 %)" not in narrow
    assert "inbox 1 · junk 1 · inbox rate 50 %" in slim
    assert all(len(line) <= 50 for line in slim.splitlines())
