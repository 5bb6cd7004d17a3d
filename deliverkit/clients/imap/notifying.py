"""What a server with NOTIFY tells of all folders at once (RFC 5465), held against what was seen of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

from imapclient.imap_utf7 import encode
from imapclient.response_parser import parse_response

from deliverkit.clients.imap.memory import Memory

# STATUS: how every folder is at this moment, so that nothing is missed that came since the look (RFC 5465 §3.1)
EVENTS = "SET STATUS (selected (MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge))"


def has_news(statuses: Sequence[Any], memory: Memory) -> bool:
    """Whether a folder of which the server tells has messages that were not seen; one that is not looked into has none.

    Raises:
        IMAPClientError: it tells something else.
    """
    names = {encode(name): name for name in memory.marks}
    return any(
        name in names and following > memory.first_new(names[name], validity)
        for name, validity, following in _told(statuses)
    )


def _told(statuses: Sequence[Any]) -> Iterator[tuple[bytes, int, int]]:
    """Each folder's name as it is sent, its UIDVALIDITY and UIDNEXT; what is not told counts as nothing new."""
    for name, items in pairwise(parse_response(list(statuses)) if statuses else ()):
        if isinstance(items, tuple) and not isinstance(name, tuple):
            told = {key: value for key, value in zip(items[::2], items[1::2], strict=False) if isinstance(value, int)}
            yield _octets(name), told.get(b"UIDVALIDITY", 0), told.get(b"UIDNEXT", 0)


def _octets(name: object) -> bytes:
    """The name: one of digits alone is read as a number, and INBOX is written in any case (RFC 9051 §5.1)."""
    octets = name if isinstance(name, bytes) else str(name).encode()
    return b"INBOX" if octets.upper() == b"INBOX" else octets
