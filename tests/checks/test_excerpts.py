"""What the network made too long to read is cut, and the part that matters stays marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.checks.wording import MOST_LINE, MOST_TEXT, MOST_WORDS, shortened
from deliverkit.model import Evidence, Finding, Fix, Span, ZoneLine

LONG = "".join(map(str, range(2000)))


@given(st.integers(0, len(LONG)), st.integers(0, 3000))
def test_what_is_marked_stays_marked_as_far_as_it_is_shown(start: int, size: int) -> None:
    span = Span(start, min(start + size, len(LONG)))
    [shown] = shortened(Finding("x", (Evidence(LONG, span),))).evidence
    assert shown.span is not None
    marked = shown.text[shown.span.start : shown.span.end]
    assert len(shown.text) <= MOST_TEXT + 2
    assert LONG[span.start : span.end].startswith(marked)
    assert bool(marked) == bool(size and start < len(LONG))


def test_what_can_be_read_is_left_as_it_is() -> None:
    finding = Finding("a", (Evidence("b", Span(0, 1), "c"),), Fix("d", ("e",), (ZoneLine("f", "f", 1, "TXT", "g"),)))
    assert shortened(finding) == finding


def test_words_are_cut_and_a_record_to_paste_is_whole_or_not_there() -> None:
    found = shortened(Finding("m" * 9999, (Evidence("t", note="n" * 9999),), Fix("a", ("r" * (MOST_LINE + 1),))))
    assert len(found.message) < MOST_WORDS
    assert len(found.evidence[0].note) < MOST_WORDS
    assert found.fix == Fix("a (the record is too long to be shown)")
