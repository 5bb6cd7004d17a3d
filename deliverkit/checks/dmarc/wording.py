"""Phrases, evidence and corrected records that the DMARC checks share."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from types import MappingProxyType

from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Absent, Evidence, Fix, Span, ZoneLine, not_applicable
from deliverkit.standards.dmarc.record import Defect, DefectKind, DmarcRecord
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.txt import as_utf8, data_of

SHOWN = 1000  # characters of a record that are shown
MOST = 8  # defects of one kind that are told each by itself
_NOTHING: Mapping[str, str] = MappingProxyType({})


def owner_of(domain: str) -> str:
    """The name at which the domain's record stands."""
    return f"_dmarc.{domain}"


def published(found: DmarcDiscovery) -> tuple[DmarcText, DmarcRecord] | Absent:
    """The record that applies, as published and as read; Absent where there is none."""
    text = found.published
    return not_applicable(f"no DMARC record applies to {found.domain}") if text is None else (text, text.record)


def text_evidence(text: DmarcText, span: Span | None, note: str = "") -> Evidence:
    """The record as a line, its text whole and as people see it, with a part of it underlined."""
    owner = text.resource_record
    shown = text.text if len(text.text) <= SHOWN else f"{text.text[:SHOWN]}…"
    marked = Span(0, 0) if span is None or span.end > SHOWN else span
    parts = (shown[: marked.start], shown[marked.start : marked.end], shown[marked.end :])
    before, part, after = map(as_utf8, parts)
    head = f'{owner.name}.  {owner.ttl}  IN  TXT  "{before}'
    moved = Span(len(head), len(head) + len(part)) if marked is span else None
    return Evidence(f'{head}{part}{after}"', moved, note)


def tag_evidence(text: DmarcText, record: DmarcRecord, name: str, note: str = "") -> Evidence:
    """The record with one of its tags underlined."""
    tag = record.get(name)
    return text_evidence(text, tag.span if tag else None, note)


def proposal(found: DmarcDiscovery, owner: str, text: str) -> ZoneLine:
    """The TXT record to publish, with the label for the zone's form; the full name where the zone is another's."""
    zone = found.zone
    label = relative_label(owner, zone) if zone is not None and is_within(owner, zone) else f"{owner}."
    return ZoneLine(owner, label, found.ttl, "TXT", data_of(text))


def replacement(found: DmarcDiscovery, text: DmarcText, corrected: str, action: str) -> Fix:
    """The record taken out and the corrected one put in its place; in words alone where it is too long to be shown."""
    if len(text.text) > SHOWN:
        return Fix(action)
    add = proposal(found, text.resource_record.name, corrected)
    return Fix(action, (str(text.resource_record),), (add,))


def rewritten(record: DmarcRecord, values: Mapping[str, str] = _NOTHING, *, without: Collection[Span] = ()) -> str:
    """The record with these values, v and p first, each tag once, and without the tags that stand there."""
    kept: dict[str, str] = {}
    for tag in record.tags.tags:
        if tag.span not in without:
            kept.setdefault(tag.name.lower(), tag.value)
    kept |= values
    for first in ("v", "p"):
        kept.pop(first, None)
    policy = values.get("p") or (record.policies["p"].word if "p" in record.policies else "none")
    return "; ".join(["v=DMARC1", f"p={policy}", *(f"{name}={value}" for name, value in kept.items())])


def judged_defects(
    found: DmarcDiscovery, *kinds: DefectKind
) -> Iterator[tuple[DmarcText, DmarcRecord, Sequence[Defect]]]:
    """The record that applies, with its first defects of these kinds; nothing where it has none."""
    text = found.published
    if text is not None and (defects := text.record.of(*kinds)):
        yield text, text.record, defects[:MOST]


def without_record(found: DmarcDiscovery) -> Iterator[Absent]:
    """Why there is nothing to judge: no record applies."""
    if found.published is None:
        yield not_applicable(f"no DMARC record applies to {found.domain}")


def suggested_address(domain: str) -> str:
    """An address for reports within the domain."""
    return f"mailto:dmarc-reports@{domain}"
