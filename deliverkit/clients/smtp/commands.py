"""Commands as they go out: what is the same in every conversation is made once."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from deliverkit.script.syntax import Secret, Variable

CRLF = b"\r\n"


class Plain(NamedTuple):
    """A command in which nothing is to be filled in, as it goes out, and its verb."""

    octets: bytes
    verb: str


@lru_cache(maxsize=256)
def plain_command(parts: tuple[str | Variable | Secret, ...]) -> Plain | None:
    """The command that the parts are in every conversation; None where it may differ, or may not be sent at all."""
    text = "".join(part for part in parts if isinstance(part, str))
    is_plain = all(isinstance(part, str) for part in parts) and text.isascii() and not {"\r", "\n"} & set(text)
    if not is_plain:
        return None
    octets = text.encode("ascii")
    return Plain(octets + CRLF, verb_of(octets))


def verb_of(line: bytes) -> str:
    """The command's first word, in capitals."""
    return _verb(line[:8])


@lru_cache(maxsize=256)
def _verb(start: bytes) -> str:
    return start.split(b" ")[0].upper().decode("ascii", "replace")
