"""Phrases and evidence that the DANE checks share."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.wording import count, record_evidence
from deliverkit.facts.dane import DaneHost, DaneHosts, TlsaRecord
from deliverkit.model import Absent, Evidence, not_applicable, unknown

SHOWN = 4  # records of a host that are shown


def tlsa_evidence(record: TlsaRecord, note: str = "") -> Evidence:
    """The record as a zone line, with its three numbers underlined."""
    source = record.resource_record
    return record_evidence(source, " ".join(source.data.split()[:3]), note)


def unprotected(found: DaneHosts) -> Iterator[Absent]:
    """What of the exchangers cannot be judged, and that there is nothing to judge."""
    for host in found.hosts:
        if host.tlsa.failure:
            yield unknown(host.tlsa.failure)
    if found.left_out:
        yield unknown(f"{count(found.left_out, 'exchanger')} past the bound")
    if not found.protected:
        yield not_applicable("no exchanger has a TLSA record")


def with_records(found: DaneHosts) -> Iterator[tuple[DaneHost, tuple[TlsaRecord, ...]]]:
    """The exchangers that have TLSA records, with the first of these."""
    for host in found.protected:
        yield host, host.records[:SHOWN]
