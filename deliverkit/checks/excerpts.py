"""Findings as long as can be read, whatever size of text the network put into them."""

from __future__ import annotations

from deliverkit.classes import replace
from deliverkit.model import Evidence, Finding, Fix, Span

MOST_WORDS = 1000  # characters of a message, a note or what to do
MOST_TEXT = 2000  # of evidence: what a record that works needs is a fraction
MOST_LINE = 6000  # of a line to paste: the name and every octet spelt out of a record of that size
_BEFORE = MOST_TEXT // 4  # what is kept before the part that matters
_TOO_LONG = " (the record is too long to be shown)"


def shortened(finding: Finding) -> Finding:
    """The finding, its texts cut where they are longer than anybody reads; a record to paste is whole or not there."""
    return replace(
        finding,
        message=cut(finding.message),
        evidence=tuple(map(_excerpt, finding.evidence)),
        fix=_pasteable(finding.fix) if finding.fix else None,
    )


def cut(text: str) -> str:
    """The text, its middle left out where it is too long."""
    return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS // 2]}…{text[-MOST_WORDS // 4 :]}"


def _excerpt(evidence: Evidence) -> Evidence:
    """The evidence with what stands around the part that matters."""
    text, span = evidence.text, evidence.span or Span(0, 0)
    if len(text) <= MOST_TEXT:
        return replace(evidence, note=cut(evidence.note))
    start = max(0, min(span.start - _BEFORE, len(text) - MOST_TEXT))
    end = start + MOST_TEXT
    head, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    shift = len(head) - start
    marked = Span(span.start + shift, min(span.end, end) + shift) if evidence.span else None
    return Evidence(f"{head}{text[start:end]}{tail}", marked, cut(evidence.note))


def _pasteable(fix: Fix) -> Fix:
    if all(len(line) <= MOST_LINE for line in fix.changes):
        return replace(fix, action=cut(fix.action))
    return Fix(cut(fix.action) + _TOO_LONG)
