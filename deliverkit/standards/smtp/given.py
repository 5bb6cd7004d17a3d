"""What of a message that somebody gives as it is does not go through every mail server."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.regexes import regex

MOST_OF_LINE = 998  # octets of a line without its CRLF: RFC 5321 §4.5.3.1.6, RFC 5322 §2.1.1
_LINE = regex(rb"[^\r\n]+")
_BARE_CR = regex(rb"\r(?!\n)")
_HEADER_END = regex(rb"\r?\n\r?\n")
_MESSAGE_ID = regex(rb"^Message-ID[ \t]*:((?:[^\r\n]|\r?\n[ \t]){0,2000})", re.IGNORECASE | re.MULTILINE)
_IN_BRACKETS = regex(rb"<[^<>\s]+>")


def oddities(message: bytes) -> Iterator[str]:
    """A clause for each; a file whose lines all end as its system has it is not odd."""
    if b"\0" in message:
        yield "it has NUL in it, which no message may (RFC 2045 §2.8)"
    ends, crlf = message.count(b"\n"), message.count(b"\r\n")
    bare = len(_BARE_CR.findall(message)) if message.count(b"\r") > crlf else 0
    if bare or 0 < crlf < ends:  # RFC 5321 §2.3.8: neither goes out by itself
        yield f"line ends that were not CRLF are now ({bare + ends - crlf:,} of {bare + ends:,})"
    longest = max((found.end() - found.start() for found in _LINE.finditer(message)), default=0)
    if longest > MOST_OF_LINE:
        yield f"its longest line has {longest:,} octets, and servers may break or refuse more than {MOST_OF_LINE}"
    if _has_bare_id(message):
        yield "its Message-ID has no angle brackets, as <id@host> has (RFC 5322 §3.6.4)"


def _has_bare_id(message: bytes) -> bool:
    end = _HEADER_END.search(message)
    found = _MESSAGE_ID.search(message, 0, end.start() if end else len(message))
    return found is not None and _IN_BRACKETS.search(found[1]) is None
