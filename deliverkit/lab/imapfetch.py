"""What FETCH gives of a message (RFC 3501 §6.4.5), Gmail's items among it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from deliverkit.lab.imapsearch import Candidate
from deliverkit.lab.imapsyntax import SyntaxFault, literal, quoted
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.mailtexts import head_and_body, raw_fields

_BODY = re.compile(r"BODY(\.PEEK)?\[([^\]]*)\](?:<(\d{1,10})\.(\d{1,10})>)?", re.IGNORECASE)
_FIELDS = re.compile(r"HEADER\.FIELDS(\.NOT)? \(([^)]*)\)", re.IGNORECASE)
_MACROS = {"FAST": ["FLAGS", "INTERNALDATE", "RFC822.SIZE"]}  # RFC 3501 §6.4.5; ALL and FULL want an envelope
_OLDER = {"RFC822": "BODY[]", "RFC822.HEADER": "BODY.PEEK[HEADER]", "RFC822.TEXT": "BODY[TEXT]"}
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def items_of(words: Sequence[object]) -> list[str]:
    """The items that a FETCH asks for.

    Raises:
        SyntaxFault: one is not known.
    """
    listed = words[0] if words and isinstance(words[0], list) else words
    items: list[str] = []
    for word in listed:
        if not isinstance(word, str) or not (word.upper() in {*_ITEMS, *_MACROS, *_OLDER} or _BODY.fullmatch(word)):
            raise SyntaxFault("an item is not known")
        items += _MACROS.get(word.upper(), [word])
    return items


def mark_seen(items: Sequence[str]) -> bool:
    """Whether the items set \\Seen: a body is among them that is not peeked at."""
    found = (_BODY.fullmatch(_OLDER.get(item.upper(), item)) for item in items)
    return any(one is not None and not one[1] for one in found)


def fetched(candidate: Candidate, items: Sequence[str]) -> bytes:
    """The response for a message."""
    parts = b" ".join(_item(candidate.message, item) for item in dict.fromkeys(items))
    return b"* %d FETCH (%s)\r\n" % (candidate.number, parts)


def _item(message: Stored, item: str) -> bytes:
    name = item.upper()
    if name in _ITEMS:
        return f"{name} {_ITEMS[name](message)}".encode()
    found = _BODY.fullmatch(_OLDER.get(name, item))
    assert found is not None
    octets, label = _section(message.octets, found[2]), f"BODY[{found[2].upper()}]"
    if found[3] is not None:
        octets, label = octets[int(found[3]) :][: int(found[4])], f"{label}<{found[3]}>"
    return f"{name if name in _OLDER else label} ".encode() + literal(octets)


def _section(octets: bytes, section: str) -> bytes:
    head, body = head_and_body(octets)
    chosen = _FIELDS.fullmatch(section)
    if chosen:
        names = {name.strip('"').lower() for name in chosen[2].split()}
        taken = [one for one in raw_fields(octets) if (_name(one) in names) is not bool(chosen[1])]
        return b"".join(taken) + b"\r\n"
    known = {"": octets, "HEADER": head, "TEXT": body}.get(section.upper())
    if known is None:
        raise SyntaxFault("a section is not known")
    return known


def _name(raw_field: bytes) -> str:
    return raw_field.partition(b":")[0].strip().decode("utf-8", "replace").lower()


def _internal_date(message: Stored) -> str:
    received = message.received
    return f'"{received.day:2}-{_MONTHS[received.month - 1]}-{received:%Y %H:%M:%S %z}"'  # RFC 3501 §9, date-time


def flags(message: Stored) -> str:
    """Its flags in parentheses."""
    return f"({' '.join(sorted(message.flags))})"


_ITEMS: Mapping[str, Callable[[Stored], str]] = {
    "UID": lambda message: str(message.uid),
    "FLAGS": flags,
    "INTERNALDATE": _internal_date,
    "RFC822.SIZE": lambda message: str(len(message.octets)),
    "X-GM-MSGID": lambda message: str(message.identifier),
    "X-GM-THRID": lambda message: str(message.identifier),
    "X-GM-LABELS": lambda message: f"({' '.join(map(quoted, sorted(message.labels)))})",
}
