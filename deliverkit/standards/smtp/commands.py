"""Commands as they go out (RFC 5321 §4.1)."""

from __future__ import annotations

from functools import lru_cache

CRLF = b"\r\n"


Command = tuple[bytes, str]
"""A command with its CRLF, and its verb."""


def as_command(text: str) -> Command | None:
    """The command that the text is; None where it is more than a line, or not for every host (RFC 6531 §3.1)."""
    if not text.isascii() or "\r" in text or "\n" in text:
        return None
    octets = text.encode("ascii")
    return octets + CRLF, verb_of(octets)


def verb_of(line: bytes) -> str:
    """The command's first word, in capitals."""
    return _verb(line[:8])


@lru_cache(maxsize=256)
def _verb(start: bytes) -> str:
    return start.split(b" ")[0].upper().decode("ascii", "replace")
