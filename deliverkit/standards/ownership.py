"""The TXT record by which a host is proved one's own: a token that only the user's key makes of the host's name."""

from __future__ import annotations

import hashlib
import hmac
from base64 import b32encode
from collections.abc import Iterable

from deliverkit.standards.txt import text_of

LABEL = "_deliverkit-own"  # below the host, as RFC 8552 has such labels
_PREFIX = "deliverkit-own="
_OCTETS = 20  # of the hash: 160 bits


def owner_name(host: str) -> str:
    """Where the record stands."""
    return f"{LABEL}.{host}"


def ownership_text(host: str, key: bytes) -> str:
    """The record's text; nobody without the key can tell it, and it is of no use at another name."""
    digest = hmac.digest(key, f"deliverkit own {host.lower()}".encode(), hashlib.sha256)
    return f"{_PREFIX}{b32encode(digest[:_OCTETS]).decode('ascii').lower()}"


def proves(data: Iterable[str], host: str, key: bytes) -> bool:
    """Whether one of the TXT records, given as master-file data, is the host's."""
    wanted = ownership_text(host, key).encode()
    return any(hmac.compare_digest(text_of(one).encode(), wanted) for one in data)
