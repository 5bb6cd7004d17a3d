"""The keys with which servers of a world sign (RFC 6376): made when the world starts."""

from __future__ import annotations

from base64 import b64encode

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type", b"list-unsubscribe",
           b"list-unsubscribe-post"]  # fmt: skip
_MOST = 255  # octets of a character-string (RFC 1035 §3.3)


class SigningKeys:
    """A key for each name, such as ``s1._domainkey.good.example``."""

    def __init__(self) -> None:
        self._keys: dict[str, rsa.RSAPrivateKey] = {}

    def record(self, name: str) -> str:
        """The key record of the name as character-strings of a zone (RFC 6376 §3.6.1)."""
        octets = self._key(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        text = f"v=DKIM1; k=rsa; p={b64encode(octets).decode()}"
        return " ".join(f'"{text[place : place + _MOST]}"' for place in range(0, len(text), _MOST))

    def signed(self, name: str, message: bytes) -> bytes:
        """The message with a signature by the key of the name."""
        import dkim

        selector, _, domain = name.partition("._domainkey.")
        key = self._key(name).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
        signature: bytes = dkim.sign(
            message,
            selector.encode(),
            domain.encode(),
            key,
            canonicalize=(b"relaxed", b"relaxed"),
            include_headers=_SIGNED,
        )
        return signature + message

    def _key(self, name: str) -> rsa.RSAPrivateKey:
        if name not in self._keys:
            self._keys[name] = rsa.generate_private_key(65537, 2048)
        return self._keys[name]
