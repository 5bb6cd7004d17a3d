"""Phrases and evidence that several checks share."""

from __future__ import annotations

from collections.abc import Sequence

from deliverkit.facts import MxSet
from deliverkit.model import Evidence, Span, ZoneLine
from deliverkit.observations import ResourceRecord
from deliverkit.standards.names import is_within, relative_label

SHOWN = 3  # names in a phrase before the rest is counted


def count(number: int, noun: str) -> str:
    """``1 exchanger``, ``2 exchangers``, ``1 address``, ``2 addresses``."""
    if number == 1:
        return f"1 {noun}"
    return f"{number} {noun}es" if noun.endswith("s") else f"{number} {noun}s"


def listed(names: Sequence[str]) -> str:
    """The first few names, the rest as a number."""
    if len(names) <= SHOWN:
        return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
    return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"


def record_evidence(record: ResourceRecord, part: str, note: str) -> Evidence:
    """The record as a zone line, with the part of its data underlined."""
    line = str(record)
    start = line.find(part, len(line) - len(record.data))
    return Evidence(line, Span(start, start + len(part)) if start >= 0 else None, note)


def exchange_evidence(mx: MxSet, exchange: str, note: str) -> tuple[Evidence, ...]:
    """The MX records that name the exchange, with its name underlined."""
    return tuple(
        record_evidence(source, record.text[record.exchange_span.start : record.exchange_span.end], note)
        for record, source in zip(mx.records, mx.resource_records, strict=True)
        if record.exchange == exchange
    )


def exchange_records(mx: MxSet, exchange: str) -> tuple[ResourceRecord, ...]:
    """The MX records that name the exchange."""
    return tuple(
        source for record, source in zip(mx.records, mx.resource_records, strict=True) if record.exchange == exchange
    )


def proposal(mx: MxSet, rdtype: str, data: str, *, name: str | None = None) -> ZoneLine:
    """A record to publish for the name (the domain where none is given), with its label for the zone's form."""
    owner = mx.domain if name is None else name
    return ZoneLine(owner, label_in_zone(mx, owner), mx.ttl, rdtype, data)


def label_in_zone(mx: MxSet, name: str) -> str:
    """The label to type at the zone's DNS host; the full name with a dot where the zone is not known."""
    zone = mx.zone
    return relative_label(name, zone) if zone is not None and is_within(name, zone) else f"{name}."


def lines(records: Sequence[ResourceRecord]) -> tuple[str, ...]:
    """The records as zone lines."""
    return tuple(str(record) for record in records)
