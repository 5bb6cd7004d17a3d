"""Field lists, ``v=…; name=value``, as MTA-STS and TLS-RPT records write them (RFC 8461 §3.1, RFC 8460 §3)."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex

_SPACE = " \t"
_NAME = regex(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,31}", re.ASCII)  # RFC 8461 §3.1: at most 32 octets
_VALUE = regex(r"[!-:<>-~]+")  # RFC 8461 §3.1: no space, no semicolon, no equals sign


class Field(Frozen):
    """One field: its name and value as written, and where these stand."""

    name: str
    value: str
    span: Span
    value_span: Span


class Defect(Frozen):
    """What is wrong with a part of a text, and on which field or key; ``is_fatal``: the whole text is void for it."""

    span: Span
    reason: str
    name: str = ""
    is_fatal: bool = True


class FieldList(Frozen):
    """The fields behind the version, and what is wrong; those of ``own`` names are judged by whoever owns them."""

    text: str
    has_version: bool
    fields: tuple[Field, ...]
    defects: tuple[Defect, ...]

    def get(self, name: str) -> Field | None:
        """The first field of that name."""
        return next((field for field in self.fields if field.name == name), None)


def parse_fields(text: str, version: str, own: str) -> FieldList:
    """The fields of a record; never raises. ``own`` is the field whose value the record's standard defines."""
    first, *parts = text.split(";")
    fields: list[Field] = []
    defects: list[Defect] = []
    has_version = first.rstrip(_SPACE) == version
    if not has_version:
        defects.append(Defect(Span(0, len(first)), f"it does not begin with {version}", "v"))
    start = len(first) + 1
    for number, part in enumerate(parts, 1):
        found = _parse_part(part, start)
        if isinstance(found, Field):
            fields.append(found)
            defects.extend(_defects(found, own))
        elif found is not None:
            defects.append(found)
        elif number < len(parts):  # one semicolon may end the record
            defects.append(Defect(Span(start - 1, start + len(part) + 1), "two semicolons stand side by side"))
        start += len(part) + 1
    return FieldList(text, has_version, tuple(fields), tuple(defects))


def _parse_part(part: str, start: int) -> Field | Defect | None:
    bare = part.strip(_SPACE)
    if not bare:
        return None
    left = start + len(part) - len(part.lstrip(_SPACE))
    name, equals, value = bare.partition("=")
    span = Span(left, left + len(bare))
    if not equals:
        return Defect(span, "has no equals sign")
    return Field(name, value, span, Span(left + len(name) + 1, span.end))


def _defects(field: Field, own: str) -> Iterator[Defect]:
    if field.name == own:
        return
    if not _NAME.fullmatch(field.name):
        yield Defect(field.span, "its name is none: letters, digits, _ - . and at most 32 of them", field.name)
    elif not field.value:
        yield Defect(field.span, "has no value", field.name)
    elif not _VALUE.fullmatch(field.value):
        yield Defect(field.value_span, "holds a character that may not stand there", field.name)
