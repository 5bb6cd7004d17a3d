"""Evidence and fixes about TXT records of a domain's transport: MTA-STS and TLS-RPT."""

from __future__ import annotations

from deliverkit.model import Evidence, Fix, Span, ZoneLine
from deliverkit.observations import ResourceRecord
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.txt import data_of

SHOWN = 1000  # characters of a text that are shown


def text_evidence(record: ResourceRecord, text: str, span: Span | None = None, *, note: str = "") -> Evidence:
    """The record as a line, its text whole, with a part of it underlined."""
    shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
    head = f'{record.name}.  {record.ttl}  IN  TXT  "'
    moved = None if span is None or span.end > SHOWN else Span(len(head) + span.start, len(head) + span.end)
    return Evidence(f'{head}{shown}"', moved, note)


def txt_line(owner: str, zone: str | None, ttl: int, *, text: str) -> ZoneLine:
    """The TXT record to publish, with the label for the zone's form; the full name where the zone is not known."""
    label = relative_label(owner, zone) if zone is not None and is_within(owner, zone) else f"{owner}."
    return ZoneLine(owner, label, ttl, "TXT", data_of(text))


def replaced(record: ResourceRecord, line: ZoneLine, *, action: str) -> Fix:
    """The record taken out and the other put in its place."""
    return Fix(action, (str(record),), (line,))
