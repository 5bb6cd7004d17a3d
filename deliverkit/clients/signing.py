"""DKIM signatures (RFC 6376, RFC 8463) on messages that are about to be sent.

The canonical forms are dkimpy's, the keys cryptography's, so that Ed25519 needs nothing more.
"""

from __future__ import annotations

import hashlib
import time
from base64 import b64encode
from textwrap import wrap
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.hashes import SHA256
from dkim import rfc822_parse
from dkim.canonicalization import CanonicalizationPolicy

from deliverkit.errors import UsageError
from deliverkit.standards.composing import domain_of_author
from deliverkit.standards.smtp.commands import with_crlf

# RFC 6376 §5.4.1: what a reader sees and what decides on it; RFC 8058 §4 adds the last two.
_SIGNED = (b"from", b"reply-to", b"subject", b"date", b"to", b"cc", b"message-id", b"resent-date", b"resent-from",
           b"resent-to", b"resent-cc", b"in-reply-to", b"references", b"mime-version", b"content-type",
           b"content-transfer-encoding", b"content-id", b"content-description", b"list-id", b"list-help",
           b"list-subscribe", b"list-post", b"list-owner", b"list-archive", b"list-unsubscribe",
           b"list-unsubscribe-post")  # fmt: skip
_TWICE = frozenset({b"from", b"to", b"subject", b"date"})  # RFC 6376 §8.15: a second one breaks the signature
_WIDTH = 72
PrivateKey = RSAPrivateKey | Ed25519PrivateKey


class Signer(NamedTuple):
    """Who signs. ``domain``: empty for that of the message's From header."""

    key: PrivateKey
    selector: str
    domain: str = ""


def sign(message: bytes, signer: Signer, *, moment: float | None = None) -> bytes:
    """The message with a DKIM-Signature before its headers, relaxed for headers and body; its lines end with CRLF.

    Raises:
        UsageError: it has no From header, or its headers cannot be read.
    """
    message = with_crlf(message)
    try:
        headers, body = rfc822_parse(message)
    except Exception as error:  # noqa: BLE001 - dkimpy's own family, which it does not export whole
        raise UsageError(f"the message cannot be signed, its headers cannot be read: {error}") from None
    domain = signer.domain or domain_of_author(message)
    if not any(name.lower() == b"from" for name, _ in headers) or not domain:
        raise UsageError("the message cannot be signed: it has no From header with an address")  # RFC 6376 §5.4
    policy = CanonicalizationPolicy.from_c_value(b"relaxed/relaxed")
    body_hash = b64encode(hashlib.sha256(policy.canonicalize_body(body)).digest())
    names = _signed_names([name for name, _ in headers])
    unsigned = _header(signer, domain, names, body_hash, int(time.time() if moment is None else moment))
    digested = _digested(policy.canonicalize_headers(headers), names, policy, unsigned)
    return unsigned + _folded(b64encode(_signature(signer.key, digested))) + b"\r\n" + message


def _signed_names(present: list[bytes]) -> list[bytes]:
    """The names for h=: each as often as it is there, and some once more."""
    counts = {name: sum(one.lower() == name for one in present) for name in _SIGNED}
    return [name for name, count in counts.items() for _ in range(count + (name in _TWICE))]


def _header(signer: Signer, domain: str, names: list[bytes], body_hash: bytes, moment: int) -> bytes:
    """The header up to ``b=``, where the signature follows (RFC 6376 §3.5)."""
    algorithm = "rsa-sha256" if isinstance(signer.key, RSAPrivateKey) else "ed25519-sha256"
    ascii_domain = domain.encode("idna").decode() if not domain.isascii() else domain
    tags = f"v=1; a={algorithm}; c=relaxed/relaxed; d={ascii_domain}; s={signer.selector};"
    signed = "\r\n\t ".join(wrap(": ".join(map(bytes.decode, names)), _WIDTH, break_on_hyphens=False))
    stamped = f"DKIM-Signature: {tags}\r\n\tt={moment}; h={signed.replace(': ', ':')};"
    return stamped.encode() + b"\r\n\tbh=" + body_hash + b";\r\n\tb="


def _digested(
    headers: list[tuple[bytes, bytes]], names: list[bytes], policy: CanonicalizationPolicy, unsigned: bytes
) -> bytes:
    """What is signed: the named headers, of several the last first, and the signature's own (RFC 6376 §5.4.2, §3.7)."""
    left = {name: [value for one, value in headers if one.lower() == name] for name in {*names}}
    chosen = [(name, left[name].pop()) for name in names if left[name]]
    [(name, value)] = policy.canonicalize_headers([(b"DKIM-Signature", unsigned.partition(b":")[2] + b"\r\n")])
    lines: list[bytes] = [one + b":" + text for one, text in chosen]
    return b"".join((*lines, name, b":", value.removesuffix(b"\r\n")))


def _signature(key: PrivateKey, digested: bytes) -> bytes:
    if isinstance(key, RSAPrivateKey):
        return key.sign(digested, PKCS1v15(), SHA256())
    return key.sign(hashlib.sha256(digested).digest())  # RFC 8463 §3


def _folded(encoded: bytes) -> bytes:
    return b"\r\n\t ".join(encoded[at : at + _WIDTH] for at in range(0, len(encoded), _WIDTH))
