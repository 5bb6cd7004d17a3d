"""Certificates for the lab's servers: an authority of its own, and what it issues. They are made when they are needed.

Their dates are those of the real clock, not of the world's: clients look at the machine's.
"""

from __future__ import annotations

import ssl
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

_NAME = "deliverkit lab"
_DAY = timedelta(days=1)


def _new_key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@dataclass(frozen=True, slots=True)
class Authority:
    """A certification authority; two of them do not know each other."""

    key: ec.EllipticCurvePrivateKey = field(default_factory=_new_key)

    @property
    def root(self) -> str:
        """Its own certificate, PEM."""
        builder = (
            _builder(_NAME, self.key.public_key(), self.key.public_key(), datetime.now(UTC) + _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(_SIGNING, critical=True)
        )
        return builder.sign(self.key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()

    def issue(self, names: Sequence[str], *, not_after: datetime | None = None) -> ssl.SSLContext:
        """The context of a server whose certificate is good for these names, until tomorrow or the time given."""
        key = _new_key()
        return _serving(key, _leaf(names, key.public_key(), self.key, not_after))


def self_signed(names: Sequence[str]) -> ssl.SSLContext:
    """The context of a server with a certificate for these names that nobody but itself vouches for."""
    key = _new_key()
    return _serving(key, _leaf(names, key.public_key(), key, None))


_SIGNING = x509.KeyUsage(
    digital_signature=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    key_cert_sign=True,
    crl_sign=True,
    encipher_only=False,
    decipher_only=False,
)


def _leaf(
    names: Sequence[str],
    key: ec.EllipticCurvePublicKey,
    issuer: ec.EllipticCurvePrivateKey,
    not_after: datetime | None,
) -> x509.Certificate:
    until = not_after or datetime.now(UTC) + _DAY
    builder = (
        _builder(names[0], key, issuer.public_key(), until)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), critical=False)
    )
    return builder.sign(issuer, hashes.SHA256())


def _builder(
    name: str, key: ec.EllipticCurvePublicKey, issuer: ec.EllipticCurvePublicKey, until: datetime
) -> x509.CertificateBuilder:
    own = key.public_numbers() == issuer.public_numbers()
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(name if own else _NAME))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(until - 30 * _DAY)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer), critical=False)
    )


def _named(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])


def _serving(key: ec.EllipticCurvePrivateKey, certificate: x509.Certificate) -> ssl.SSLContext:
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:  # the ssl module reads keys from files alone
        path = Path(folder) / "server.pem"
        path.touch(mode=0o600)
        path.write_bytes(private + certificate.public_bytes(serialization.Encoding.PEM))
        context.load_cert_chain(path)
    return context
