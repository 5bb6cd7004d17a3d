"""What a domain says of reports about TLS."""

from __future__ import annotations

from deliverkit.classes import Frozen
from deliverkit.facts import DEFAULT_TTL, Lookup
from deliverkit.observations import ResourceRecord
from deliverkit.standards.tlsrpt import TlsRptRecord, parse_record

LABEL = "_smtp._tls"  # RFC 8460 §3


class TlsRptText(Frozen):
    """A TXT record and the text that its strings make."""

    resource_record: ResourceRecord
    text: str

    @property
    def record(self) -> TlsRptRecord:
        """The text read as a TLS-RPT record, be it none."""
        return parse_record(self.text)


class TlsRptLookup(Frozen):
    """The question for the record, whatever came of it."""

    domain: str
    lookup: Lookup


class TlsRptRecords(Frozen):
    """The TXT records at ``_smtp._tls`` that were meant as TLS-RPT; ``zone`` is the apex of the domain's zone."""

    domain: str
    zone: str | None
    texts: tuple[TlsRptText, ...]

    @property
    def published(self) -> tuple[TlsRptText, ...]:
        """Those that begin with the version: senders look at no others (RFC 8460 §3)."""
        return tuple(text for text in self.texts if text.record.is_record)

    @property
    def valid(self) -> TlsRptText | None:
        """The one that senders act on; None where there is none, or more than one (RFC 8460 §3)."""
        found = self.published
        return found[0] if len(found) == 1 and not found[0].record.defects else None

    @property
    def ttl(self) -> int:
        """The TTL for a record that takes the place of what is there."""
        return max([text.resource_record.ttl for text in self.texts] or [DEFAULT_TTL])
