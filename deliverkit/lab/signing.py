"""Signing by the servers of a world (RFC 6376): its keys are made from their names, so that each start has the same.

Anybody can make them, and their records say so.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from functools import cache
from importlib.resources import files
from itertools import combinations

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

_SIGNED = [b"from", b"to", b"subject", b"date", b"message-id", b"mime-version", b"content-type", b"list-unsubscribe",
           b"list-unsubscribe-post"]  # fmt: skip
_MOST = 255  # octets of a character-string (RFC 1035 §3.3)
_NOTE = "made by the deliverkit lab: no secret"  # RFC 6376 §3.6.1, n=
_EXPONENT = 65_537


def key_record(name: str) -> str:
    """The key record of a name such as ``s1._domainkey.good.example`` as character-strings of a zone."""
    octets = _key(name).public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = f"v=DKIM1; k=rsa; n={_NOTE}; p={b64encode(octets).decode()}"
    return " ".join(f'"{text[place : place + _MOST]}"' for place in range(0, len(text), _MOST))


def signed(name: str, message: bytes) -> bytes:
    """The message with a signature by the key of the name."""
    import dkim

    selector, _, domain = name.partition("._domainkey.")
    signature: bytes = dkim.sign(
        message,
        selector.encode(),
        domain.encode(),
        _key(name).private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()),
        canonicalize=(b"relaxed", b"relaxed"),
        include_headers=_SIGNED,
    )
    return signature + message


@cache
def _key(name: str) -> rsa.RSAPrivateKey:
    """The key of the name, out of two of the lab's sixteen primes: new ones take a second to find."""
    primes = [int(line, 16) for line in files("deliverkit.lab").joinpath("primes.txt").read_text("ascii").split()]
    pairs = list(combinations(primes, 2))
    p, q = pairs[int.from_bytes(hashlib.sha256(name.encode()).digest(), "big") % len(pairs)]
    d = pow(_EXPONENT, -1, (p - 1) * (q - 1))
    parts = rsa.rsa_crt_dmp1(d, p), rsa.rsa_crt_dmq1(d, q), rsa.rsa_crt_iqmp(p, q)
    numbers = rsa.RSAPrivateNumbers(p, q, d, *parts, rsa.RSAPublicNumbers(_EXPONENT, p * q))
    return numbers.private_key(unsafe_skip_rsa_key_validation=True)  # which takes longer than to start a world
