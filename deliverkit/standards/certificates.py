"""X.509 certificates (RFC 5280): what a mail host shows, and whether it is for the host's name (RFC 9525)."""

from __future__ import annotations

from datetime import datetime

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import NameOID

from deliverkit.classes import Frozen


class Certificate(Frozen):
    """What a certificate says. ``names`` are DNS names in A-labels, ``key`` is ``RSA-2048``, ``EC-256``, …

    ``signature`` is the hash that it is signed with, lower case; empty: none of its own.
    """

    subject: str
    issuer: str
    names: tuple[str, ...]
    not_before: datetime
    not_after: datetime
    key: str
    signature: str
    is_self_signed: bool

    def is_valid_at(self, moment: datetime) -> bool:
        """Whether the moment is within its validity."""
        return self.not_before <= moment <= self.not_after

    def is_for(self, host: str) -> bool:
        """Whether one of its names is the host's (RFC 9525 §6.3: a wildcard is the whole first label)."""
        wanted = host.rstrip(".").lower()
        return any(bears(name, wanted) for name in self.names)


def parse_certificate(der: bytes) -> Certificate | None:
    """What the octets say; None where they are no certificate."""
    try:
        found = x509.load_der_x509_certificate(der)
        return Certificate(
            subject=_common_name(found.subject),
            issuer=_common_name(found.issuer),
            names=names_of(found),
            not_before=found.not_valid_before_utc,
            not_after=found.not_valid_after_utc,
            key=_key(found),
            signature=_hash(found),
            is_self_signed=found.issuer == found.subject,
        )
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm, x509.InvalidVersion):
        return None


def bears(presented: str, host: str) -> bool:
    """Whether a name of a certificate means the host, an A-label; ``*.`` stands for one label (RFC 9525 §6.3)."""
    name = presented.rstrip(".").lower()
    if name.startswith("*."):
        return "." in host and host.split(".", 1)[1] == name[2:]
    return name == host


def names_of(certificate: x509.Certificate) -> tuple[str, ...]:
    """The host names that the certificate is for; none where its extensions cannot be read."""
    try:
        found = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName)
        return tuple(found.value.get_values_for_type(x509.DNSName))
    except (x509.ExtensionNotFound, x509.DuplicateExtension, x509.UnsupportedGeneralNameType, ValueError):
        return ()


def _common_name(name: x509.Name) -> str:
    found = name.get_attributes_for_oid(NameOID.COMMON_NAME) or name.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return str(found[0].value) if found else ""


def _key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, rsa.RSAPublicKey):
        return f"RSA-{key.key_size}"
    if isinstance(key, ec.EllipticCurvePublicKey):
        return f"EC-{key.key_size}"
    return "Ed25519" if isinstance(key, ed25519.Ed25519PublicKey) else type(key).__name__


def _hash(certificate: x509.Certificate) -> str:
    algorithm = certificate.signature_hash_algorithm
    return algorithm.name if algorithm else ""
