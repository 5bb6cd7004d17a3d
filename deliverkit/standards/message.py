"""A message as it is sent (RFC 5322): its header fields line by line, and what its body is made of (RFC 2045)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.errors import MessageDefect
from email.message import Message as Parsed
from email.policy import compat32
from email.utils import getaddresses
from typing import NamedTuple

from deliverkit.classes import frozen

MOST_PARTS = 200  # of a body that are looked at
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:(.*)", re.DOTALL)
_LINE = re.compile(rb"[^\n]*\n|[^\n]+")


class Field(NamedTuple):
    """A header field: ``text`` as it stands, with its folds, without its last line end; ``line`` counts from 1.

    Octets that are not ASCII stand as the characters that UTF-8 makes of them, or as surrogates.
    """

    name: str
    value: str
    text: str
    line: int

    @property
    def unfolded(self) -> str:
        """The value on one line, without the blanks around it (RFC 5322 §2.2.3)."""
        return re.sub(r"\r?\n", "", self.value).strip(" \t")


class Part(NamedTuple):
    """A part of the body that holds no others: media type in lower case, size in octets as it is sent."""

    media_type: str
    size: int
    is_attachment: bool


@frozen
class Message:
    """A message taken apart. ``broken_at`` is the line at which the header is neither a field nor ended; 0: nowhere.

    ``parts`` are those of the body, at most `MOST_PARTS`; ``defects`` what is wrong with how they are put together.
    """

    octets: bytes
    fields: tuple[Field, ...]
    broken_at: int
    parts: tuple[Part, ...]
    defects: tuple[str, ...]

    def all(self, name: str) -> tuple[Field, ...]:
        """The fields of that name, whatever its case."""
        return tuple(field for field in self.fields if field.name.lower() == name.lower())

    def first(self, name: str) -> Field | None:
        """The first field of that name."""
        return next(iter(self.all(name)), None)


def parse_message(octets: bytes) -> Message:
    """The message that the octets hold; never raises."""
    fields, broken_at = _header(octets)
    parts, defects = _body(octets)
    return Message(octets, fields, broken_at, parts, defects)


def _header(octets: bytes) -> tuple[tuple[Field, ...], int]:
    """The fields up to the empty line, and the line at which they break off, or 0."""
    found: list[list[bytes]] = []
    starts: list[int] = []
    for number, match in enumerate(_LINE.finditer(octets), 1):
        line = match[0]
        if not line.strip(b"\r\n"):
            break
        if line[:1] in b" \t" and found:
            found[-1].append(line)
        elif _FIELD.fullmatch(line):
            found.append([line])
            starts.append(number)
        else:
            return _fields(found, starts), number
    return _fields(found, starts), 0


def _fields(found: list[list[bytes]], starts: list[int]) -> tuple[Field, ...]:
    return tuple(_field(b"".join(lines), line) for lines, line in zip(found, starts, strict=True))


def _field(octets: bytes, line: int) -> Field:
    text = octets.decode("utf-8", "surrogateescape").removesuffix("\n").removesuffix("\r")
    name, _, value = text.partition(":")
    return Field(name.rstrip(" \t"), value, text, line)


def _body(octets: bytes) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    """The parts of the body, and what is wrong with them, each said once."""
    try:
        whole = message_from_bytes(octets, policy=compat32)
        parts = [part for _, part in zip(range(MOST_PARTS), _leaves(whole), strict=False)]
        defects = [defect for part in whole.walk() for defect in part.defects]
    except RecursionError:
        return (), ("its parts lie too deep in each other",)
    return tuple(map(_part, parts)), tuple(dict.fromkeys(words for one in defects if (words := _words(one))))


def _leaves(whole: Parsed) -> Iterator[Parsed]:
    yield from (part for part in whole.walk() if not part.is_multipart())


def _part(part: Parsed) -> Part:
    payload = part.get_payload()
    is_attachment = part.get_content_disposition() == "attachment"
    return Part(part.get_content_type(), len(payload) if isinstance(payload, str) else 0, is_attachment)


_WORDS = {
    "NoBoundaryInMultipartDefect": "a multipart names no boundary",
    "StartBoundaryNotFoundDefect": "the boundary that a multipart names never comes",
    "CloseBoundaryNotFoundDefect": "the last boundary of a multipart is missing",
    "MultipartInvariantViolationDefect": "a multipart has no parts",
    "InvalidMultipartContentTransferEncodingDefect": "a multipart says base64 or quoted-printable of itself",
    "InvalidBase64PaddingDefect": "base64 of a part is cut off",
    "InvalidBase64CharactersDefect": "base64 of a part has characters that are none of it",
    "InvalidBase64LengthDefect": "base64 of a part is cut off",
}


def _words(defect: MessageDefect) -> str:
    """The defect as a clause; empty for those of the header, which is read here."""
    return _WORDS.get(type(defect).__name__, "")


def addresses_in(value: str) -> tuple[str, ...]:
    """The addresses in the value of From, To and their like (RFC 5322 §3.4), in order; none where they lie too deep."""
    try:
        return tuple(address for _, address in getaddresses([value]) if "@" in address)
    except RecursionError:  # the library reads each comment in a comment by a call of its own
        return ()
