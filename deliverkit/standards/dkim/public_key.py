"""Public keys as a key record holds them: base64 of DER for RSA (RFC 6376 §3.6.1), of the raw key for Ed25519."""

from __future__ import annotations

from deliverkit.classes import Frozen

RSA = "rsa"
ED25519 = "ed25519"
KEY_TYPES = (RSA, ED25519)  # RFC 6376 §3.6.1, RFC 8463 §4.2
ED25519_OCTETS = 32  # RFC 8032 §5.1.5
_SEQUENCE = 0x30  # X.690 §8.9
_ED25519_DER = bytes.fromhex("302a300506032b6570032100")  # what stands before the key in DER (RFC 8410 §4)


class PublicKey(Frozen):
    """A public key: its type, its size in bits, and its octets: SubjectPublicKeyInfo in DER for RSA, else raw."""

    type: str
    bits: int
    octets: bytes

    def __str__(self) -> str:
        return f"RSA-{self.bits}" if self.type == RSA else "Ed25519"


def read_public_key(octets: bytes) -> PublicKey | None:
    """The key that the octets are, whatever type was announced; None where they are none. Never raises."""
    if len(octets) == ED25519_OCTETS:  # RFC 8463 §4.2: the raw key
        return PublicKey(ED25519, 256, octets)
    return _read_rsa(octets) if octets[:1] == bytes([_SEQUENCE]) else None


def is_ed25519_in_der(octets: bytes) -> bool:
    """Whether it is an Ed25519 key in DER, as many tools print it, and not the raw key that RFC 8463 wants."""
    return octets.startswith(_ED25519_DER) and len(octets) == len(_ED25519_DER) + ED25519_OCTETS


def missing_octets(octets: bytes) -> int:
    """How many octets of the DER value are missing at the end, as its own length says; 0 where none are."""
    if len(octets) < 2 or octets[0] != _SEQUENCE:
        return 0
    number = octets[1] & 0x7F if octets[1] & 0x80 else 0  # X.690 §8.1.3.5: the octets of a long length
    if number > 2 or len(octets) < 2 + number:
        return 0
    length = int.from_bytes(octets[2 : 2 + number], "big") if number else octets[1]
    return max(0, 2 + number + length - len(octets))


def _read_rsa(octets: bytes) -> PublicKey | None:
    """RSA keys in SubjectPublicKeyInfo, and in the bare RSAPublicKey that the RFC names too."""
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_der_public_key

    try:
        key = load_der_public_key(octets)
    except (ValueError, TypeError, OverflowError, UnsupportedAlgorithm):
        return None
    if not isinstance(key, RSAPublicKey):
        return None
    return PublicKey(RSA, key.key_size, key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))
