"""DANE for SMTP: signed DNS records say which certificate an exchanger has (RFC 6698, RFC 7671, RFC 7672).

A TLSA record names a certificate, or a key, by its octets or a digest. In SMTP two usages count: DANE-EE (3), the
host's own, whatever its name and dates say, and DANE-TA (2), an authority above it, where chain and name have to be
good. A sender that finds secure records insists on TLS.
"""

from __future__ import annotations

import enum
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256, sha512
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen
from deliverkit.regexes import regex
from deliverkit.standards.names import to_a_label

if TYPE_CHECKING:
    from cryptography.x509 import Certificate

_HEX = regex(r"(?:[0-9a-f]{2})+", re.ASCII)
_NUMBER = regex(r"\d{1,3}", re.ASCII)
_HASHES = {1: sha256, 2: sha512}  # RFC 6698 §2.1.3
_DIGEST_OCTETS = {1: 32, 2: 64}
DANE_EE = 3  # the usage of a record that names the host's own certificate
_USAGES = {0: "PKIX-TA", 1: "PKIX-EE", 2: "DANE-TA", 3: "DANE-EE"}  # RFC 7218 §2.1


class Tlsa(Frozen):
    """A TLSA record: what it names (``usage``, ``selector``, ``matching``), and by which octets.

    ``malformed`` says why it is none that can be used; empty where it can.
    """

    text: str
    usage: int
    selector: int
    matching: int
    data: bytes
    malformed: str = ""

    @property
    def parameters(self) -> str:
        """``3 1 1``."""
        return f"{self.usage} {self.selector} {self.matching}"

    @property
    def usage_word(self) -> str:
        """The usage as people call it (RFC 7218 §2.1)."""
        return _USAGES.get(self.usage, str(self.usage))

    @property
    def is_usable(self) -> bool:
        """Whether a sender can act on it (RFC 7672 §3.1: usages 2 and 3 alone)."""
        return not self.malformed and self.usage in {2, 3}


class DaneOutcome(enum.StrEnum):
    """What a DANE sender makes of a host's certificates."""

    MATCHES = "matches"
    UNUSABLE = "unusable"  # RFC 7672 §2.2: TLS is insisted on, the certificate is not looked at
    DIFFERS = "differs"
    CHAIN = "chain"  # the authority matches, but does not stand behind the host's certificate
    NAME = "name"  # the authority matches, but the host's certificate is for another name
    DATES = "dates"  # the authority matches, but a certificate is not valid at this time


def parse_tlsa(data: str) -> Tlsa:
    """The record that master-file data holds; never raises (RFC 6698 §2.2)."""
    fields = data.split()
    numbers = [int(field) if _NUMBER.fullmatch(field) else -1 for field in fields[:3]]
    usage, selector, matching = (*numbers, -1, -1, -1)[:3]
    text = "".join(fields[3:]).lower()
    octets = bytes.fromhex(text) if _HEX.fullmatch(text) else b""
    record = Tlsa(data, usage, selector, matching, octets)
    return Tlsa(data, usage, selector, matching, octets, _what_is_wrong(record))


def matches(record: Tlsa, chain: Sequence[bytes]) -> bool:
    """Whether the record names the host's own certificate (usage 3), or one that came behind it (usage 2).

    ``chain`` holds the certificates as they were sent, DER, the host's own first.
    """
    return _place(record, chain) is not None


def digests_of(certificate: bytes) -> tuple[str, ...]:
    """What the data of a record may be that names the certificate or its key by a digest (RFC 6698 §2.1)."""
    selected = (certificate, _key_of(certificate))
    return tuple(hashed(one).hexdigest() for one in selected if one is not None for hashed in _HASHES.values())


def data_for(certificate: bytes) -> str:
    """The data of the record that names the certificate's key by its digest, as ``3 1 1`` (RFC 7671 §5.1).

    Empty where the certificate cannot be read.
    """
    key = _key_of(certificate)
    return "" if key is None else f"3 1 1 {sha256(key).hexdigest()}"


def judge(records: Iterable[Tlsa], chain: Sequence[bytes], names: Iterable[str], moment: datetime) -> DaneOutcome:
    """What a sender makes of the chain; ``names`` are those that the certificate may bear (RFC 7672 §3.2.2).

    Any record that matches is enough (RFC 6698 §2.1). With usage 3 neither name nor date matters (RFC 7672 §3.1.1).
    """
    usable = [record for record in records if record.is_usable]
    if not usable:
        return DaneOutcome.UNUSABLE
    wanted = tuple(names)
    places = [(record.usage, place) for record in usable if (place := _place(record, chain)) is not None]
    if any(usage == 3 for usage, _ in places):
        return DaneOutcome.MATCHES
    outcomes = [_judge_anchored(chain[: place + 1], wanted, moment) for _, place in places]
    if not outcomes:
        return DaneOutcome.DIFFERS
    return DaneOutcome.MATCHES if DaneOutcome.MATCHES in outcomes else outcomes[0]


def _what_is_wrong(record: Tlsa) -> str:
    if record.usage not in _USAGES:
        return "its usage is none of 0 to 3"
    if record.selector not in {0, 1}:
        return "its selector is neither 0 (the certificate) nor 1 (its key)"
    if record.matching not in {0, *_HASHES}:
        return "its matching type is none of 0, 1 (SHA2-256), 2 (SHA2-512)"
    if not record.data:
        return "its data is no hexadecimal text"
    length = _DIGEST_OCTETS.get(record.matching, len(record.data))
    return "" if len(record.data) == length else f"its digest has {len(record.data)} octets, not {length}"


def _place(record: Tlsa, chain: Sequence[bytes]) -> int | None:
    """Where in the chain the certificate stands that the record names; None where it is not there."""
    if not record.is_usable:
        return None
    own = record.usage == 3
    for place, der in enumerate(chain[:1] if own else chain):
        if (own or place) and _associated(record, der):  # RFC 7671 §5.2.2: an authority is sent behind the host's own
            return place
    return None


def _associated(record: Tlsa, der: bytes) -> bool:
    """Whether the record's octets are those of the certificate, or of its key (RFC 6698 §2.1)."""
    selected = der if record.selector == 0 else _key_of(der)
    if selected is None:
        return False
    hashed = _HASHES.get(record.matching)
    return (hashed(selected).digest() if hashed else selected) == record.data


def _key_of(der: bytes) -> bytes | None:
    """The certificate's SubjectPublicKeyInfo; None where it cannot be read."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    certificate = _read(der)
    if certificate is None:
        return None
    try:
        return certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    except (UnsupportedAlgorithm, ValueError):
        return None


def _judge_anchored(chain: Sequence[bytes], names: tuple[str, ...], moment: datetime) -> DaneOutcome:
    """What a sender makes of a chain that ends in the authority that a record names (RFC 7672 §3.1.2)."""
    certificates = [found for found in map(_read, chain) if found is not None]
    if len(certificates) < len(chain) or not all(map(_is_issued, certificates, certificates[1:])):
        return DaneOutcome.CHAIN
    # RFC 7671 §5.2: a matching authority is trusted as it is, what lies below it has dates
    if any(not c.not_valid_before_utc <= moment <= c.not_valid_after_utc for c in certificates[:-1]):
        return DaneOutcome.DATES
    from deliverkit.standards.certificates import bears, names_of

    own, wanted = names_of(certificates[0]), [to_a_label(name.removesuffix(".")) for name in names]
    return DaneOutcome.MATCHES if any(bears(one, name) for one in own for name in wanted) else DaneOutcome.NAME


def _is_issued(certificate: Certificate, issuer: Certificate) -> bool:
    from cryptography.exceptions import InvalidSignature

    try:
        certificate.verify_directly_issued_by(issuer)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _read(der: bytes) -> Certificate | None:
    from cryptography import x509

    try:
        return x509.load_der_x509_certificate(der)
    except ValueError:
        return None
