"""A message as octets: its header fields, unfolded and in order, and its body (RFC 5322 §2.1, §2.2).

The reader is total and its work grows with the octets alone: what is no field is left out, and of a header
that never ends the beginning is read.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

MOST_OCTETS = 1_000_000  # of a header that are read
MOST_FIELDS = 2_000
_EMPTY_LINE = re.compile(rb"\r?\n\r?\n")
_END_OF_FIELD = re.compile(rb"\r?\n(?![ \t])")
_FOLD = re.compile(rb"\r?\n(?=[ \t])")
_FIELD = re.compile(rb"([!-9;-~]++)[ \t]*+:(.*)", re.DOTALL)  # RFC 5322 §3.6.8, §4.5: white space before the colon


class HeaderField(NamedTuple):
    """A header field: its name as written, and its body on one line, without the white space around it."""

    name: str
    body: str

    def is_named(self, name: str) -> bool:
        """Whether it bears that name, in whatever case (RFC 5322 §1.2.2)."""
        return self.name.lower() == name.lower()


class SplitMessage(NamedTuple):
    """The header fields of a message, the topmost first, and what follows the empty line."""

    fields: tuple[HeaderField, ...]
    body: bytes

    def get(self, name: str) -> str:
        """The body of the topmost field of that name; empty where there is none."""
        return next((field.body for field in self.fields if field.is_named(name)), "")


def split_message(message: bytes) -> SplitMessage:
    """Header fields and body; never raises. Without an empty line all of it is header."""
    if message.startswith((b"\n", b"\r\n")):
        return SplitMessage((), message.split(b"\n", 1)[1])
    found = _EMPTY_LINE.search(message)
    header, body = (message[: found.start()], message[found.end() :]) if found else (message, b"")
    return SplitMessage(tuple(_fields(header[:MOST_OCTETS])), body)


def _fields(header: bytes) -> Iterator[HeaderField]:
    for _, text in zip(range(MOST_FIELDS), _END_OF_FIELD.split(header), strict=False):
        found = _FIELD.fullmatch(text)
        if found:
            body = _FOLD.sub(b"", found[2]).strip(b" \t\r\n").decode("utf-8", "replace")  # RFC 5322 §2.2.3
            yield HeaderField(found[1].decode("ascii"), body)
