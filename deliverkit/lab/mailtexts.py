"""What stands in a message, for searches and delivery rules: read leniently, as mail servers do."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.errors import MessageError
from email.header import decode_header, make_header
from email.utils import parseaddr
from functools import lru_cache

_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_DOMAIN = re.compile(r"(?:^|;)\s*d\s*=\s*([^\s;]+)")  # RFC 6376 §3.5


def head_and_body(octets: bytes) -> tuple[bytes, bytes]:
    """The header with the empty line that ends it, and what follows."""
    found = re.search(rb"\r?\n\r?\n", octets)
    return (octets[: found.end()], octets[found.end() :]) if found else (octets, b"")


def raw_fields(octets: bytes) -> list[bytes]:
    """The header fields, each with its folds and line end."""
    head, _ = head_and_body(octets)
    return [one for one in re.split(rb"(?<=\n)(?![ \t\r\n])", head) if one.strip()]


@lru_cache(maxsize=4096)
def fields(octets: bytes) -> tuple[tuple[str, str], ...]:
    """The names and texts of the header fields, unfolded, encoded words decoded (RFC 2047)."""
    pairs = (_FOLD.sub(b"", one).decode("utf-8", "replace").partition(":") for one in raw_fields(octets))
    return tuple((name.strip(), _plain(text.strip())) for name, _, text in pairs)


def field(octets: bytes, name: str) -> str:
    """The text of the first field of that name; empty: there is none."""
    return next((text for known, text in fields(octets) if known.lower() == name.lower()), "")


@lru_cache(maxsize=1024)
def text_of(octets: bytes) -> str:
    """The text of the message's parts, their transfer encoding undone."""
    parts = message_from_bytes(octets).walk()
    texts = (part.get_payload(decode=True) for part in parts if part.get_content_maintype() == "text")
    return "\n".join(text.decode("utf-8", "replace") for text in texts if isinstance(text, bytes))


def signing_domains(octets: bytes) -> list[str]:
    """The d= of each DKIM signature, whether it verifies or not."""
    values = (text for name, text in fields(octets) if name.lower() == "dkim-signature")
    return [found[1].lower() for value in values for found in [_DOMAIN.search(value)] if found]


def author(octets: bytes) -> str:
    """The address in From."""
    return parseaddr(field(octets, "From"))[1]


def _plain(text: str) -> str:
    try:
        return str(make_header(decode_header(text)))
    except (MessageError, LookupError, ValueError):
        return text
