"""A message as it is sent (RFC 5322): its header fields, and what its body is made of (RFC 2045)."""

from __future__ import annotations

import enum
from typing import NamedTuple

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.standards.header import HeaderField, split_message
from deliverkit.standards.mime import Entity, parse_entity

MOST_PARTS = 200  # of a body that are looked at
MOST_DEPTH = 16  # of parts within each other: every level reads its octets once more


class Defect(enum.StrEnum):
    """What is wrong with how a body is put together, as a clause."""

    NO_TYPE = "a Content-Type cannot be read"
    NO_VERSION = "there is a Content-Type and no MIME-Version"
    NO_BOUNDARY = "a multipart names no boundary"
    NO_PARTS = "the boundary that a multipart names never comes"
    NOT_CLOSED = "the last boundary of a multipart is missing"
    ENCODED_MULTIPART = "a multipart says base64 or quoted-printable of itself"
    BROKEN_BASE64 = "the base64 of a part is broken"
    UNKNOWN_ENCODING = "a part has a transfer encoding that does not exist"
    TOO_DEEP = "its parts lie too deep in each other"
    TOO_MANY = "it has more parts than anybody looks at"


class Flaw(NamedTuple):
    """A defect, and the Content-Type or the encoding of the part that has it."""

    defect: Defect
    said: str


class Message(Frozen):
    """A message taken apart. ``broken_at`` is the first line of the header that belongs to no field; 0: there is none.

    ``parts`` are those of the body that hold no others, at most `MOST_PARTS`; ``flaws`` has each defect once.
    """

    octets: bytes
    fields: tuple[HeaderField, ...]
    broken_at: int
    parts: tuple[Entity, ...]
    flaws: tuple[Flaw, ...]

    def all(self, name: str) -> tuple[HeaderField, ...]:
        """The fields of that name, whatever its case."""
        return tuple(field for field in self.fields if field.is_named(name))

    def first(self, name: str) -> HeaderField | None:
        """The first field of that name."""
        return next(iter(self.all(name)), None)

    def texts(self, media_type: str) -> tuple[Entity, ...]:
        """The parts of that type that are shown."""
        return tuple(part for part in self.parts if part.media_type == media_type and not part.is_attachment)


def parse_message(octets: bytes) -> Message:
    """The message that the octets hold; never raises."""
    split = split_message(octets)
    whole = parse_entity(octets)
    found = _Body()
    if whole.get("Content-Type") and not whole.get("MIME-Version"):  # RFC 2045 §4
        found.note(Defect.NO_VERSION, whole)
    found.take(whole, 0)
    return Message(octets, split.fields, split.broken_at, tuple(found.parts), tuple(found.flaws.values()))


_OF_ENCODING = frozenset({Defect.ENCODED_MULTIPART, Defect.BROKEN_BASE64, Defect.UNKNOWN_ENCODING})
_ENCODINGS = frozenset({"7bit", "8bit", "binary", "base64", "quoted-printable"})  # RFC 2045 §6.1


class _Body(Slotted):
    """What was met so far on the way through a body."""

    parts: list[Entity] = field(default_factory=list)
    flaws: dict[Defect, Flaw] = field(default_factory=dict)

    def note(self, defect: Defect, entity: Entity) -> None:
        """The defect, where it is the first of its kind."""
        name = "Content-Transfer-Encoding" if defect in _OF_ENCODING else "Content-Type"
        self.flaws.setdefault(defect, Flaw(defect, f"{name}: {entity.get(name) or 'none'}"))

    def take(self, entity: Entity, depth: int) -> None:
        """The part, and all within it."""
        if not entity.is_type_read:
            self.note(Defect.NO_TYPE, entity)
        if not entity.is_multipart:
            self._take_leaf(entity)
        elif depth == MOST_DEPTH:
            self.note(Defect.TOO_DEEP, entity)
        else:
            self._take_multipart(entity, depth)

    def _take_leaf(self, entity: Entity) -> None:
        if len(self.parts) >= MOST_PARTS:
            self.note(Defect.TOO_MANY, entity)
            return
        if entity.transfer_encoding not in _ENCODINGS and not entity.transfer_encoding.startswith("x-"):
            self.note(Defect.UNKNOWN_ENCODING, entity)
        if entity.decoded is None:
            self.note(Defect.BROKEN_BASE64, entity)
        self.parts.append(entity)

    def _take_multipart(self, entity: Entity, depth: int) -> None:
        if entity.transfer_encoding in {"base64", "quoted-printable"}:  # RFC 2045 §6.4
            self.note(Defect.ENCODED_MULTIPART, entity)
        if not entity.parameters.get("boundary"):  # RFC 2046 §5.1.1
            self.note(Defect.NO_BOUNDARY, entity)
            return
        found = entity.split
        if not found.parts:
            self.note(Defect.NO_PARTS, entity)
        elif not found.is_closed:
            self.note(Defect.NOT_CLOSED, entity)
        for part in found.parts:
            self.take(part, depth + 1)
