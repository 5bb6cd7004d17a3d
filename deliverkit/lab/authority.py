"""The lab's certification authority: made when a world starts, with whatever certificate a server is to show."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from deliverkit.errors import LabError
from deliverkit.lab.mailhosts import MailHost

_WRONG_NAME = "www.elsewhere.example"
_DAY = timedelta(days=1)
_VALIDITY = {"expired": (-91, -1), "early": (1, 91), "ending": (-80, 10)}  # days from the world's clock
_Key = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
_PublicKey = ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class _Party(NamedTuple):
    """Somebody who signs."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate


@dataclass(slots=True)
class Authority:
    """A root, valid around the world's clock, and an authority below it, which signs the servers' certificates."""

    clock: datetime
    name: str = "deliverkit lab authority"
    _root: _Party = field(init=False)
    _below: _Party = field(init=False)
    _issued: dict[tuple[tuple[str, ...], str], tuple[_Key, list[x509.Certificate]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._root = self._sign_authority(self.name, None)
        self._below = self._sign_authority(f"{self.name}, intermediate", self._root)

    @property
    def root(self) -> bytes:
        """The root's certificate as PEM."""
        return self._root.certificate.public_bytes(serialization.Encoding.PEM)

    def serving_of(self, host: MailHost) -> ssl.SSLContext:
        """The context of that SMTP server."""
        context = self.serving(host.name, host.certificate, host.tls, host.names)
        if host.ciphers:
            try:
                context.set_ciphers(host.ciphers)
            except (ssl.SSLError, ValueError):
                raise LabError(f"ciphers = {host.ciphers!r} of {host.name}: OpenSSL has none of that name") from None
        return context

    def serving(self, name: str, kind: str, version: str = "", names: Sequence[str] = ()) -> ssl.SSLContext:
        """The context of a server that shows a certificate of that kind, and speaks that version of TLS.

        ``version``: ``old`` is TLS 1.0 alone, ``every`` 1.0 to 1.3, ``alert`` has no cipher in common with anybody.
        ``names``: those that the certificate is for; empty: the server's.
        """
        key, chain = self._certified(name, kind, names)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        if kind == "weak-key":
            context.set_ciphers("DEFAULT:@SECLEVEL=0")  # or OpenSSL would not show it
        with TemporaryDirectory() as folder:
            path = Path(folder) / "server.pem"
            private = key.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
            path.write_bytes(private + b"".join(one.public_bytes(serialization.Encoding.PEM) for one in chain))
            context.load_cert_chain(path)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)  # of TLS 1.0: it is what is wanted
            if version in {"old", "every"}:
                context.set_ciphers("ALL:@SECLEVEL=0")
                context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
            if version == "old":
                context.maximum_version = ssl.TLSVersion.TLSv1
            elif version == "alert":
                context.maximum_version = ssl.TLSVersion.TLSv1_2
                context.set_ciphers("AES128-SHA256")  # wants an RSA key, and there is none
        return context

    def digest(self, name: str, kind: str, names: Sequence[str] = ()) -> str:
        """The SHA-256 digest of the key that such a server shows, as a TLSA record has it (RFC 6698 §2.1)."""
        return _digest(self._certified(name, kind, names)[1][0])

    @property
    def own_digest(self) -> str:
        """That of the key of the authority that signs the servers' certificates, and is sent with them."""
        return _digest(self._below.certificate)

    def _certified(self, name: str, kind: str, names: Sequence[str]) -> tuple[_Key, list[x509.Certificate]]:
        """The server's key and chain: one for all its addresses."""
        shown = (_WRONG_NAME,) if kind == "wrong-name" else tuple(names) or (name,)
        if (shown, kind) not in self._issued:
            try:
                self._issued[shown, kind] = self._certify(shown, kind)
            except ValueError as error:
                raise LabError(f"no certificate can be made for {', '.join(map(repr, shown))}: {error}") from None
        return self._issued[shown, kind]

    def _certify(self, names: Sequence[str], kind: str) -> tuple[_Key, list[x509.Certificate]]:
        """The key of a server, and the chain that it sends."""
        key = rsa.generate_private_key(65537, 1024) if kind == "weak-key" else ec.generate_private_key(ec.SECP256R1())  # noqa: S505 - on purpose
        since, until = (self.clock + days * _DAY for days in _VALIDITY.get(kind, (-30, 60)))
        builder = _builder(names[0], key.public_key(), since, until).add_extension(
            x509.BasicConstraints(ca=False, path_length=None), critical=True
        )
        for extension in (
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]),
            x509.SubjectAlternativeName([x509.DNSName(name) for name in names]),
        ):
            builder = builder.add_extension(extension, critical=False)
        if kind == "self-signed":
            return key, [_signed(builder, _common(names[0]), key)]
        below = Authority(self.clock, "an authority of its own")._below if kind == "unknown-authority" else self._below  # noqa: SLF001 - a stranger
        own = _signed(builder, below.certificate.subject, below.key)
        return key, [own] if kind == "no-chain" else [own, below.certificate]

    def _sign_authority(self, name: str, above: _Party | None) -> _Party:
        key = ec.generate_private_key(ec.SECP256R1())
        usage = x509.KeyUsage(
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
        builder = (
            _builder(name, key.public_key(), self.clock - 3650 * _DAY, self.clock + 3650 * _DAY)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .add_extension(usage, critical=True)
        )
        issuer = above.certificate.subject if above else _common(name)
        signer = above.key if above else key
        return _Party(key, _signed(builder, issuer, signer))


def _builder(name: str, key: _PublicKey, since: datetime, until: datetime) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(_common(name))
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(since)
        .not_valid_after(until)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key), critical=False)
    )


def _signed(builder: x509.CertificateBuilder, issuer: x509.Name, key: _Key) -> x509.Certificate:
    identifier = x509.AuthorityKeyIdentifier.from_issuer_public_key(key.public_key())
    return builder.issuer_name(issuer).add_extension(identifier, critical=False).sign(key, hashes.SHA256())


def _digest(certificate: x509.Certificate) -> str:
    key = certificate.public_key().public_bytes(
        serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return sha256(key).hexdigest()


def _common(name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
