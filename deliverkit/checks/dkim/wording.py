"""Phrases, evidence and fixes that several checks of DKIM keys share."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from deliverkit.checks.wording import SHOWN
from deliverkit.facts.dkim import DkimKeys, SelectorKey
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, Span, ZoneLine, not_applicable, unknown
from deliverkit.observations import ResourceRecord
from deliverkit.standards.dkim.key_record import DefectKind, KeyRecord
from deliverkit.standards.dkim.public_key import PublicKey
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.txt import data_of

AROUND = 36  # characters of a long record that are shown before and after the part that matters

Entry = tuple[SelectorKey, KeyRecord, ResourceRecord]
Mend = Callable[[KeyRecord], str]


def entries(keys: DkimKeys) -> Iterator[Entry]:
    """Every key record with the selector at which it stands, and as the DNS gave it."""
    for key in keys.published:
        for record, source in zip(key.records, key.resource_records, strict=True):
            yield key, record, source


def readable(keys: DkimKeys) -> Iterator[tuple[Entry, PublicKey]]:
    """The key records whose key a verifier can use, each with the key."""
    yield from ((entry, entry[1].key) for entry in entries(keys) if entry[1].key and not entry[1].defects)


def unjudged(keys: DkimKeys) -> Iterator[Absent]:
    """What a check that looks at keys could not look at."""
    yield from (unknown(failure) for failure in keys.failures)
    if not keys.failures and not keys.published:
        yield not_applicable("no key was found")


def record_excerpt(entry: Entry, span: Span | None, note: str) -> Evidence:
    """The record as a line, with its part underlined; of a long one what stands around that part."""
    _, record, source = entry
    head, text = f"{source.name}.  {source.ttl}  IN  TXT  ", str(record)
    place = span or Span(0, 0)
    start = place.start - AROUND if place.start > AROUND else 0
    marked = min(place.end, place.start + AROUND)
    end = marked + AROUND if len(text) - marked > AROUND else len(text)
    before, after = "…" if start else "", "…" if end < len(text) else ""
    shift = len(head) + len(before) - start
    shown = Span(place.start + shift, marked + shift) if span and place.end > place.start else None
    return Evidence(f"{head}{before}{text[start:end]}{after}", shown, note)


def weight_of(key: SelectorKey) -> Severity:
    """How much a fault of the key can matter: nobody may sign with what was found by guessing."""
    return Severity.ERROR if key.candidate.is_evident else Severity.WARNING


def tag_span(record: KeyRecord, name: str) -> Span | None:
    """Where the value of a tag stands."""
    tag = record.tags.get(name)
    return tag.value_span if tag else None


def defective(keys: DkimKeys, kind: DefectKind, what: str, action: str, mend: Mend | None = None) -> Iterator[Finding]:
    """A finding for each record with a defect of the kind; ``what`` is said of ``the key record of SELECTOR``."""
    for entry in entries(keys):
        key, record, _ = entry
        found = [defect for defect in record.defects if defect.kind is kind]
        if found:
            evidence = tuple(record_excerpt(entry, one.span, one.reason) for one in found[:SHOWN])
            fix = replaced(keys, entry, mend(record), action) if mend else Fix(action)
            yield Finding(f"the key record of {key.selector} {what}", evidence, fix, weight_of(key))


def replaced(keys: DkimKeys, entry: Entry, text: str, action: str) -> Fix:
    """The record with another text in its place, where it stands in the domain's own zone; else in words alone."""
    key, _, source = entry
    if not is_within(source.name, keys.zone or keys.domain):
        return Fix(f"{action} (it stands at {source.name}, in another's zone: ask who runs that)")
    line = key_line(keys, source.name, key.ttl, text)
    return Fix(action, (str(source),), (line,))


def key_line(keys: DkimKeys, name: str, ttl: int, text: str) -> ZoneLine:
    """A TXT record to publish, with its label for the zone's form."""
    zone = keys.zone
    label = relative_label(name, zone) if zone is not None and is_within(name, zone) else f"{name}."
    return ZoneLine(name, label, ttl, "TXT", data_of(text))
