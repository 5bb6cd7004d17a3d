"""What is given as PEM for TLS: the certificate that hosts are shown, with its key, and the roots that are trusted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import InvalidVersion, load_pem_x509_certificates

from deliverkit.clients.smtp.provisions import ClientCertificate, Roots
from deliverkit.errors import UsageError
from deliverkit.regexes import regex

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.types import CertificatePublicKeyTypes, PublicKeyTypes
    from cryptography.x509 import Certificate

_KEY = regex(r"-----BEGIN ([A-Z0-9 ]*PRIVATE KEY)-----[\s\S]*?-----END \1-----")
_NO_CERTIFICATE = (
    "holds no certificate in PEM (-----BEGIN CERTIFICATE-----): openssl x509 -inform der, or openssl pkcs12, makes it "
    "of others"
)


def parse_roots(octets: bytes, name: str, file: str) -> Roots:
    """The roots that the octets of a file hold; ``name`` is what it is called where something is judged by it.

    Raises:
        UsageError: there is none, or one cannot be read.
    """
    _certificates(octets, file)
    return Roots(octets, name)


def check_certificate(octets: bytes, file: str) -> None:
    """Make sure that the octets of a file hold certificates.

    Raises:
        UsageError: they do not; says what to do.
    """
    _certificates(octets, file)


def check_key(client: ClientCertificate, certificate: bytes, key: bytes) -> None:
    """Make sure that the octets of the second file are the key of the certificate in the first.

    Raises:
        UsageError: they are not; says what is wrong, and what to do.
    """
    own = _certificates(certificate, client.certificate)[0]
    found = _public_key(client, key)
    if found is not None and _octets(found) != _octets(own.public_key()):
        place = f"the key in {client.key}" if client.key else "the key that stands with it"
        raise UsageError(
            f"{place} does not belong to the first certificate in {client.certificate}: give the certificate that was "
            "made for the key, before those above it"
        )


def _certificates(octets: bytes, file: str) -> list[Certificate]:
    if b"-----BEGIN " not in octets or b"CERTIFICATE-----" not in octets:
        raise UsageError(f"{file} {_NO_CERTIFICATE}")
    try:
        return load_pem_x509_certificates(octets)
    except (ValueError, InvalidVersion):
        raise UsageError(f"{file} holds a certificate that cannot be read: get it anew from who issued it") from None


def _public_key(client: ClientCertificate, octets: bytes) -> PublicKeyTypes | None:
    """That of the private key; None: it is of a sort of which this machine's TLS alone may know."""
    block = _KEY.search(octets.decode("latin-1"))
    file = client.key or client.certificate
    if block is None:
        if client.key:
            raise UsageError(f"{file} holds no private key in PEM (-----BEGIN PRIVATE KEY-----)")
        raise UsageError(f"{file} holds a certificate and no key: give the key's file by --client-key")
    try:
        return load_pem_private_key(block[0].encode("latin-1"), None).public_key()
    except TypeError:
        raise UsageError(
            f"the key in {file} is encrypted, and nobody is asked for its passphrase: write it without one, for your "
            f"eyes only (umask 077; openssl pkey -in {file} -out NEW.pem), and give that by --client-key"
        ) from None
    except ValueError:
        raise UsageError(f"{file} holds a private key that cannot be read") from None
    except UnsupportedAlgorithm:
        return None


def _octets(key: PublicKeyTypes | CertificatePublicKeyTypes) -> bytes:
    return key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
