"""Evidence from a message's header."""

from __future__ import annotations

from deliverkit.model import Evidence, Span
from deliverkit.standards.header import HeaderField

SHOWN = 3  # fields of one finding


def field_evidence(field: HeaderField, name: str, *, part: str = "", note: str = "") -> Evidence:
    """The field on one line, the part of it underlined (the whole value without one), and where it stands."""
    line = f"{field.name}: {field.body}"
    start = line.find(part, len(field.name) + 1) if part else len(field.name) + 2
    end = start + len(part) if part else len(line)
    said = f"line {field.line} of {name}"
    return Evidence(line, Span(start, end) if 0 <= start < end else None, f"{said}: {note}" if note else said)
