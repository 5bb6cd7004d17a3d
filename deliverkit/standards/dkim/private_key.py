"""Private keys of signers: made, and as far as their public half goes read. Nothing of them is ever shown."""

from __future__ import annotations

from base64 import b64encode
from typing import TYPE_CHECKING

from deliverkit.errors import UsageError
from deliverkit.standards.dkim.public_key import RSA

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    PrivateKey = Ed25519PrivateKey | RSAPrivateKey

BITS = 2048  # RFC 8301 §3.2: signers should use that many at least
FEWEST_BITS = 1024  # RFC 8301 §3.2: signers must use that many
_EXPONENT = 65537


def new_private_key(key_type: str) -> tuple[bytes, str]:
    """A new key, RSA-2048 or Ed25519: its PEM text, and the text of the key record to publish."""
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    key: PrivateKey
    key = rsa.generate_private_key(_EXPONENT, BITS) if key_type == RSA else ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem, f"v=DKIM1; k={key_type}; p={_published(key)}"


def parse_private_key(text: bytes, *, name: str) -> PrivateKey:
    """A private key in PEM.

    Raises:
        UsageError: it is no key that mail is signed with.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    try:
        key = load_pem_private_key(text, password=None)
    except TypeError:
        raise UsageError(f"{name} is locked with a password: give the key as the signer reads it") from None
    except (ValueError, UnsupportedAlgorithm):
        raise UsageError(f"{name} is no private key in PEM (-----BEGIN PRIVATE KEY-----)") from None
    if not isinstance(key, (rsa.RSAPrivateKey, ed25519.Ed25519PrivateKey)):
        raise UsageError(f"{name} is neither an RSA key nor an Ed25519 key, and nothing else signs mail")
    return key


def bits_of(key: PrivateKey) -> int:
    """How long an RSA key is; 0 for Ed25519, of which every key is as long as the other."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

    return key.key_size if isinstance(key, RSAPrivateKey) else 0


def public_half(text: bytes, *, name: str) -> str:
    """The public half of a private key in PEM, in base64 as a key record holds it.

    Raises:
        UsageError: it is no key that mail is signed with.
    """
    return _published(parse_private_key(text, name=name))


def _published(key: PrivateKey) -> str:
    """RSA as SubjectPublicKeyInfo in DER (RFC 6376 §3.6.1), Ed25519 raw (RFC 8463 §4.2)."""
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

    public = key.public_key()
    if isinstance(public, RSAPublicKey):
        return b64encode(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
    return b64encode(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()
