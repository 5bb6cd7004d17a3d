"""Certificates that stand for others: other names, keys and signatures; times, purposes, and a host's sort of key stay.

What an authority signed is signed by the one that stands for it, so that a chain is one still.
"""

from __future__ import annotations

import warnings
from base64 import b64decode, b64encode
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address
from typing import TYPE_CHECKING, Any

from deliverkit.classes import Frozen
from deliverkit.redaction.addresses import Addresses
from deliverkit.redaction.keys import Keys
from deliverkit.redaction.names import Names
from deliverkit.redaction.texts import Texts
from deliverkit.redaction.tokens import keyed
from deliverkit.standards.dane import digests_of

if TYPE_CHECKING:
    from cryptography import x509
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

_UNREADABLE = b"no certificate"


class Certificates(Frozen):
    """A map of certificates in DER under a key; those that cannot be read all become one that cannot be read."""

    key: bytes
    names: Names
    addresses: Addresses
    texts: Texts

    def redact(self, octets: bytes) -> bytes:
        """The certificate that stands for this one, signed by nobody who is known."""
        from cryptography import x509
        from cryptography.hazmat.primitives.serialization import Encoding

        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # of what a certificate should not hold
                return self._rebuilt(x509.load_der_x509_certificate(octets)).public_bytes(Encoding.DER)
        except (ValueError, TypeError, x509.DuplicateExtension, x509.UnsupportedGeneralNameType):
            return _UNREADABLE

    def digests(self, octets: bytes) -> Iterator[tuple[str, str]]:
        """What a TLSA record may hold of this certificate, and the same of the one that stands for it."""
        yield from zip(digests_of(octets), digests_of(self.redact(octets)), strict=False)

    def _rebuilt(self, plain: x509.Certificate) -> x509.Certificate:
        from cryptography import x509

        builder = (
            x509.CertificateBuilder()
            .subject_name(self._name(plain.subject))
            .issuer_name(self._name(plain.issuer))
            .not_valid_before(plain.not_valid_before_utc)
            .not_valid_after(plain.not_valid_after_utc)
            .serial_number(int.from_bytes(keyed(self.key, f"serial {plain.serial_number}")[:8]) >> 1 | 1)
            .public_key(self._public_key(plain))
        )
        for value, critical in self._extensions(plain):
            builder = builder.add_extension(value, critical)
        return builder.sign(self._authority(plain.issuer), None)

    def _authority(self, name: x509.Name) -> Ed25519PrivateKey:
        """The key of the authority that stands for the one of that name."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        return Ed25519PrivateKey.from_private_bytes(keyed(self.key, f"signer {name.rfc4514_string()}"))

    def _name(self, plain: x509.Name) -> x509.Name:
        from cryptography import x509

        return x509.Name(
            [
                x509.NameAttribute(part.oid, self._text(str(part.value)))
                for part in plain
                if part.oid in {x509.NameOID.COMMON_NAME, x509.NameOID.ORGANIZATION_NAME}
            ]
        )

    def _text(self, text: str) -> str:
        return (self.names.redact(text) if "." in text and " " not in text else self.texts.text(text))[:64]

    def _extensions(self, plain: x509.Certificate) -> Iterator[tuple[Any, bool]]:
        """What is known to hold no name, and the host's names, redacted."""
        from cryptography import x509

        for extension in plain.extensions:
            value = extension.value
            if isinstance(value, x509.BasicConstraints | x509.KeyUsage | x509.ExtendedKeyUsage):
                yield value, extension.critical
            if isinstance(value, x509.SubjectAlternativeName):
                named: list[x509.GeneralName] = [
                    x509.DNSName(self.names.redact(name)) for name in value.get_values_for_type(x509.DNSName)
                ]
                addresses = value.get_values_for_type(x509.IPAddress)
                named += [
                    x509.IPAddress(self.addresses.redact(address))
                    for address in addresses
                    if isinstance(address, IPv4Address | IPv6Address)
                ]
                yield x509.SubjectAlternativeName(named), extension.critical

    def _public_key(self, plain: x509.Certificate) -> Any:  # noqa: ANN401 - whichever sort it is
        """That of the authority that stands for it; a host's is one of the same type and size, which nobody has."""
        from cryptography.hazmat.primitives import serialization
        from cryptography.hazmat.primitives.asymmetric import ec

        if _is_authority(plain):
            return self._authority(plain.subject).public_key()
        key = plain.public_key()
        octets = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
        if isinstance(key, ec.EllipticCurvePublicKey):
            secret = int.from_bytes(keyed(self.key, f"key {octets.hex()}")[:16]) + 1
            return ec.derive_private_key(secret, key.curve).public_key()
        moved = Keys(self.key).redact(b64encode(octets).decode())
        return serialization.load_der_public_key(b64decode(moved))


def _is_authority(plain: x509.Certificate) -> bool:
    """Whether it may sign others (RFC 5280 §4.2.1.9)."""
    from cryptography import x509

    return any(isinstance(one.value, x509.BasicConstraints) and one.value.ca for one in plain.extensions)
