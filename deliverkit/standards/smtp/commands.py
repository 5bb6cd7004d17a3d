"""What a client sends: commands (RFC 5321 §4.1), and message text by DATA and BDAT (RFC 5321 §4.5.2, RFC 3030)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from deliverkit.regexes import regex

CRLF = b"\r\n"
_LINE_END = regex(rb"\r\n|\r|\n")
_DOT_AT_START = regex(rb"^\.", re.MULTILINE)
END_OF_DATA = b".\r\n"
_MOST_TEXT = 1000  # octets of a command without its CRLF; one may have 510 (RFC 5321 §4.5.3.1.4)


Command = tuple[bytes, str]
"""A command with its CRLF, and its verb."""


def as_command(text: str) -> Command | None:
    """The command that the text is; None where it is more than a line, or not for every host (RFC 6531 §3.1)."""
    if not text.isascii() or "\r" in text or "\n" in text or len(text) > _MOST_TEXT:
        return None
    octets = text.encode("ascii")
    return octets + CRLF, verb_of(octets)


def verb_of(line: bytes) -> str:
    """The command's first word, in capitals."""
    return _verb(line[:8])


@lru_cache(maxsize=256)
def _verb(start: bytes) -> str:
    return start.split(b" ")[0].upper().decode("ascii", "replace")


def with_crlf(message: bytes) -> bytes:
    """The message with CRLF at the end of every line, the last too: a bare CR or LF must not be sent (§2.3.8)."""
    ends = message.count(b"\r\n")
    is_so = message.count(b"\n") == ends == message.count(b"\r")  # as nearly always, and found out faster
    lines = message if is_so else _LINE_END.sub(b"\r\n", message)
    return lines if lines.endswith(b"\r\n") or not lines else lines + b"\r\n"


@lru_cache(maxsize=1)
def dot_stuffed(message: bytes) -> bytes:
    """The message as DATA sends it, with the dot that ends it; every other dot that begins a line is doubled.

    The last one is kept: many hosts are sent the same message.
    """
    lines = with_crlf(message)
    has_dot = lines.startswith(b".") or b"\n." in lines
    return (_DOT_AT_START.sub(b"..", lines) if has_dot else lines) + END_OF_DATA  # RFC 5321 §4.5.2


def chunks(message: bytes, size: int) -> Iterator[tuple[bytes, bytes]]:
    """The command and the octets of each chunk of at most ``size``; 0: one chunk (RFC 3030 §2)."""
    step = size or len(message) or 1
    starts = range(0, len(message), step) or range(1)
    for start in starts:
        octets = message[start : start + step]
        last = b" LAST" if start + step >= len(message) else b""
        yield b"BDAT %d%s\r\n" % (len(octets), last), octets
