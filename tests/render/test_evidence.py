"""Evidence on a terminal: the mark stands below the part, and no line is wider than the terminal."""

from __future__ import annotations

import pytest

from deliverkit.model import Evidence, Span
from deliverkit.render.findings import evidence_lines
from deliverkit.render.look import Detail, Look

TEXT = f"v=spf1 {' '.join(f'ip4:11.0.{number}.25' for number in range(20))} ?all"


@pytest.mark.parametrize("width", [40, 80, 100])
@pytest.mark.parametrize("length", [1, 13, 120])
def test_the_mark_stands_below_the_part(width: int, length: int) -> None:
    for start in range(0, len(TEXT), 7):
        span = Span(start, min(start + length, len(TEXT)))
        shown, under = list(evidence_lines(Evidence(TEXT, span), Look(width=width)))
        assert len(shown) <= width
        assert len(under) <= width
        part, whole = shown[under.index("^") : under.rindex("^") + 1], TEXT[span.start : span.end]
        assert part == whole or (part.startswith(whole[:8]) and part.endswith(whole[-8:]))


def test_with_everything_and_in_a_pipe_nothing_is_cut() -> None:
    for look in (Look(), Look(width=80, detail=Detail.EVERYTHING)):
        assert f"        {TEXT}" in "\n".join(evidence_lines(Evidence(TEXT, Span(0, 2)), look)).splitlines()


def test_a_note_that_does_not_fit_has_a_line_of_its_own() -> None:
    shown = list(evidence_lines(Evidence(TEXT, note="is never asked for"), Look(width=80)))
    assert [len(shown[0]), shown[1]] == [80, "        is never asked for"]
