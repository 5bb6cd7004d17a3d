"""Public keys that stand for others: of the same type and size, so that they are judged the same.

A public key is known to everybody who has looked it up, and leads back to its domain: so it does not stay.
"""

from __future__ import annotations

import re
from base64 import b64encode

from deliverkit.classes import Frozen
from deliverkit.redaction.tokens import keyed
from deliverkit.regexes import regex
from deliverkit.standards.dkim.key_record import decoded
from deliverkit.standards.dkim.public_key import ED25519_OCTETS, is_ed25519_in_der

_LETTER = regex(r"[A-Za-z0-9+/]")
_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01\x05\x00"  # rsaEncryption and its parameters (RFC 3279 §2.3.1)
_HEAD = 4  # octets: a type and a length (X.690 §8.1)
_LENGTH = rb"(?:\x82..|\x81.|[\x00-\x7f])"  # X.690 §8.1.3
_MODULUS = regex(  # the head of an RSAPublicKey, within a bit string or bare (RFC 8017 §A.1.1)
    rb"(?:\x03" + _LENGTH + rb"\x00)?\x30" + _LENGTH + rb"\x02(?:\x82(..)|\x81(.)|([\x21-\x7f]))\x00?", re.DOTALL
)


class Keys(Frozen):
    """A map of public keys in base64 under a key of 32 octets; equal keys have equal images."""

    key: bytes

    def redact(self, text: str) -> str:
        """The base64 text that stands for this one; what is no base64 in it stays where it is."""
        bare = "".join(_LETTER.findall(text))
        moved = b64encode(self._moved(decoded(bare))).decode().rstrip("=").ljust(len(bare), "A")
        letters = iter(moved)
        return _LETTER.sub(lambda _: next(letters), text)

    def _moved(self, octets: bytes) -> bytes:
        if len(octets) == ED25519_OCTETS or is_ed25519_in_der(octets):
            start = len(octets) - ED25519_OCTETS
            return octets[:start] + self._stream(octets)[start : len(octets)]
        modulus = _MODULUS.match(octets, octets.find(_RSA) + len(_RSA) if _RSA in octets else 0)
        if modulus is None:
            return self._other(octets)
        length = int.from_bytes(modulus[1] or modulus[2] or modulus[3], "big")
        start, end = modulus.end(), min(len(octets), modulus.end() + length - modulus[0].endswith(b"\x00"))
        return octets[:start] + self._number(octets[start:end]) + octets[end:]

    def _number(self, octets: bytes) -> bytes:
        """An odd number of as many bits."""
        if not octets:
            return octets
        stream = bytearray(self._stream(octets)[: len(octets)])
        bits = octets[0].bit_length()
        stream[0] = stream[0] & ((1 << bits) - 1) | (1 << bits >> 1)
        stream[-1] |= 1
        return bytes(stream)

    def _other(self, octets: bytes) -> bytes:
        """Octets that are no key, for others that are none; how long they say to be stays."""
        return octets[:_HEAD] + self._stream(octets)[_HEAD : len(octets)]

    def _stream(self, octets: bytes) -> bytes:
        """As many octets as are needed, and the same for the same key."""
        blocks = range(len(octets) // 32 + 1)
        return b"".join(keyed(self.key, f"key {number} {octets.hex()}") for number in blocks)
