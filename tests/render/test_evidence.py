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
    text = "ip4:11.0.0.25 " * 5 + "?all"
    shown = list(evidence_lines(Evidence(text[5:], note="is never asked for"), Look(width=80)))
    assert shown == [f"        {text[5:]}", "        is never asked for"]


@pytest.mark.parametrize("width", [40, 60, 80, 100])
def test_a_sentence_is_told_to_its_end(width: int) -> None:
    said = "mx2.good.example [11.0.2.25]:25: a TLSA record names its authority, but the certificate is for another name"
    lines = list(evidence_lines(Evidence(said), Look(width=width)))
    assert max(map(len, lines)) <= width
    assert " ".join(line.strip() for line in lines) == said
    longest = list(evidence_lines(Evidence(f"{'x' * 200}: 301 to {'y ' * 5000}"), Look(width=width)))
    assert len(longest) <= 7
    assert max(map(len, longest)) <= width
