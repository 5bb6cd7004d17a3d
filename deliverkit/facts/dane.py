"""What the DNS says of the certificates of a domain's exchangers, and whether DNSSEC vouches for it."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen
from deliverkit.facts import Lookup
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.dane import Tlsa, parse_tlsa
from deliverkit.standards.smtp.target import SMTP_PORT

if TYPE_CHECKING:
    from deliverkit.facts.resolver import Validation


class Security(enum.StrEnum):
    """What DNSSEC says of an answer (RFC 4035 §4.3), as far as this machine can prove it."""

    SECURE = "secure"
    INSECURE = "insecure"
    UNKNOWN = "unknown"


def tlsa_name(host: str, port: int = SMTP_PORT) -> str:
    """The name of the TLSA records for SMTP at a host (RFC 7672 §2.2.3)."""
    return f"_{port}._tcp.{host}"


class TlsaRecord(Frozen):
    """A TLSA record: as it was read, and as the DNS gave it."""

    resource_record: ResourceRecord
    tlsa: Tlsa


class DaneHost(Frozen):
    """An exchanger: the questions for its addresses and its TLSA records, whatever came of them.

    ``base`` is the name whose TLSA records count: where the exchanger's name is an alias, first the name that it leads
    to, then its own (RFC 7672 §2.2.2). ``tlsa`` is the answer there, ``others`` what was asked beside it.
    """

    host: str
    base: str
    ipv4: Lookup
    ipv6: Lookup
    tlsa: Lookup
    others: tuple[Lookup, ...] = ()

    @property
    def records(self) -> tuple[TlsaRecord, ...]:
        """The TLSA records that count."""
        return tuple(TlsaRecord(record, parse_tlsa(record.data)) for record in self.tlsa.answer.records)

    @property
    def usable(self) -> tuple[TlsaRecord, ...]:
        """Those that a sender can act on (RFC 7672 §3.1)."""
        return tuple(record for record in self.records if record.tlsa.is_usable)

    @property
    def is_alias(self) -> bool:
        """Whether the exchanger's name is an alias."""
        return bool(self.ipv4.answer.aliases or self.ipv6.answer.aliases)

    @property
    def is_denied(self) -> bool:
        """Whether the DNS says that it has no TLSA record."""
        return self.tlsa.answer.status.is_definite and not self.records

    @property
    def path(self) -> tuple[Answer, ...]:
        """The answers that have to be secure beside the MX: addresses and TLSA (RFC 7672 §2.2.2)."""
        addresses = [found.answer for found in (self.ipv4, self.ipv6) if found.answer.records or found.answer.aliases]
        return (*addresses, self.tlsa.answer)


class DaneHosts(Frozen):
    """The exchangers in sending order; ``validation`` says whether the AD bit proves anything; None: nobody asked.

    ``mx`` is the answer to the question for the exchangers; None: a host was named. ``left_out`` counts those past the
    bound.
    """

    domain: str
    mx: Answer | None
    hosts: tuple[DaneHost, ...]
    validation: Validation | None
    left_out: int = 0

    @property
    def protected(self) -> tuple[DaneHost, ...]:
        """The exchangers that have TLSA records."""
        return tuple(host for host in self.hosts if host.records)

    def security(self, host: DaneHost) -> Security:
        """Whether the whole way to the host's TLSA records is secure (RFC 7672 §2.2)."""
        return self._worst(map(self.security_of, self._way(host)))

    def insecure(self, host: DaneHost) -> tuple[Answer, ...]:
        """The answers on that way that nobody signed."""
        return tuple(answer for answer in self._way(host) if self.security_of(answer) is Security.INSECURE)

    def is_asked_of(self, host: DaneHost) -> bool:
        """Whether senders ask for the host's TLSA records: what leads there is secure (RFC 7672 §2.2.2)."""
        leading = self._way(host)[:-1]
        return bool(host.path[:-1]) and self._worst(map(self.security_of, leading)) is Security.SECURE

    def _way(self, host: DaneHost) -> tuple[Answer, ...]:
        return (*((self.mx,) if self.mx else ()), *host.path)

    def _worst(self, words: Iterable[Security]) -> Security:
        found = set(words)
        return next(word for word in (Security.INSECURE, Security.UNKNOWN, Security.SECURE) if word in found)

    def security_of(self, answer: Answer) -> Security:
        """Whether the answer is secure."""
        validation = self.validation
        if validation is None or not validation.holds_for(answer) or not answer.status.is_definite:
            return Security.UNKNOWN
        if not answer.authenticated:
            return Security.INSECURE  # RFC 4035 §3.2.3
        return Security.SECURE if validation.is_believed else Security.UNKNOWN

    @property
    def doubt(self) -> str:
        """Why it cannot be proved that an answer is secure, in words; empty where it can."""
        return "nobody looked at DNSSEC" if self.validation is None else self.validation.doubt

    @property
    def failing(self) -> tuple[DaneHost, ...]:
        """The exchangers whose TLSA question fails at the name servers."""
        return tuple(host for host in self.hosts if host.tlsa.answer.status is Status.SERVFAIL)
