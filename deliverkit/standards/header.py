"""A message as octets: its header fields, unfolded and in order, and its body (RFC 5322 §2.1, §2.2).

The reader is total and its work grows with the octets alone: what is no field is left out and told, and of a header
that never ends the beginning is read.
"""

from __future__ import annotations

import re
from typing import NamedTuple

MOST_OCTETS = 1_000_000  # of a header that are read
MOST_FIELDS = 2_000
_END_OF_HEADER = re.compile(rb"(\r?\n)\r?\n")
_LINES = re.compile(rb"[^\n]*+(?:\n[ \t][^\n]*+)*+\n?+")  # a line with those that are folded to it (RFC 5322 §2.2.3)
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_FIELD = re.compile(rb"([!-9;-~]++)[ \t]*+:(.*)", re.DOTALL)  # RFC 5322 §3.6.8, §4.5: white space before the colon


class HeaderField(NamedTuple):
    """A header field: its name as written, and its body on one line, without the white space around it.

    ``octets`` are those of the field, its folds and its line end among them; ``line`` counts from 1.
    """

    name: str
    body: str
    octets: bytes = b""
    line: int = 0

    def is_named(self, name: str) -> bool:
        """Whether it bears that name, in whatever case (RFC 5322 §1.2.2)."""
        return self.name.lower() == name.lower()


class SplitMessage(NamedTuple):
    """The header fields of a message, the topmost first, and what follows the empty line.

    ``broken_at`` is the first line of the header that belongs to no field; 0: there is none.
    """

    fields: tuple[HeaderField, ...]
    body: bytes
    broken_at: int = 0

    def get(self, name: str) -> str:
        """The body of the topmost field of that name; empty where there is none."""
        return next((field.body for field in self.fields if field.is_named(name)), "")


def split_message(message: bytes) -> SplitMessage:
    """Header fields and body; never raises. Without an empty line all of it is header."""
    if message.startswith((b"\n", b"\r\n")):
        return SplitMessage((), message.split(b"\n", 1)[1])
    found = _END_OF_HEADER.search(message)
    header, body = (message[: found.end(1)], message[found.end() :]) if found else (message, b"")
    fields, broken_at = _fields(header[:MOST_OCTETS])
    return SplitMessage(fields, body, broken_at)


def _fields(header: bytes) -> tuple[tuple[HeaderField, ...], int]:
    """The fields, and the first line that belongs to none."""
    fields: list[HeaderField] = []
    line, broken_at = 1, 0
    for _, lines in zip(range(MOST_FIELDS), _LINES.finditer(header), strict=False):
        found = _FIELD.fullmatch(lines[0])
        if found:
            body = _FOLD.sub(b"", found[2]).strip(b" \t\r\n").decode("utf-8", "replace")  # RFC 5322 §2.2.3
            fields.append(HeaderField(found[1].decode("ascii"), body, lines[0], line))
        elif lines[0]:
            broken_at = broken_at or line
        line += lines[0].count(b"\n")
    return tuple(fields), broken_at
