"""Tag lists, ``name=value; name=value``, as DKIM and DMARC write them (RFC 6376 §3.2, RFC 9989 §4.7)."""

from __future__ import annotations

import re

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.regexes import regex

_NAME = regex(r"[A-Za-z][A-Za-z0-9_]*", re.ASCII)
_SPACE = " \t\r\n"


class Tag(Frozen):
    """One tag: its name and value as written, without the white space around them, and where these stand."""

    name: str
    value: str
    name_span: Span
    value_span: Span

    @property
    def span(self) -> Span:
        """Where name and value stand together."""
        return Span(self.name_span.start, self.value_span.end)


class Malformed(Frozen):
    """A part between semicolons that is no tag, and what is wrong with it."""

    span: Span
    reason: str


class TagList(Frozen):
    """The tags in order, those given again among them, and the parts that are none. ``str`` gives the text back."""

    text: str
    tags: tuple[Tag, ...]
    malformed: tuple[Malformed, ...]

    def __str__(self) -> str:
        return self.text

    def get(self, name: str) -> Tag | None:
        """The first tag of that name; names are compared as they are written."""
        return next((tag for tag in self.tags if tag.name == name), None)

    @property
    def repeated(self) -> tuple[Tag, ...]:
        """The tags whose name stood before (RFC 6376 §3.2: then the whole list is invalid)."""
        seen: set[str] = set()
        return tuple(tag for tag in self.tags if tag.name in seen or seen.add(tag.name))  # type: ignore[func-returns-value]


def parse_tags(text: str) -> TagList:
    """The tag list; never raises. What is empty between semicolons is passed over."""
    tags: list[Tag] = []
    malformed: list[Malformed] = []
    start = 0
    for part in text.split(";"):
        found = _parse_part(part, start)
        if isinstance(found, Tag):
            tags.append(found)
        elif found is not None:
            malformed.append(found)
        start += len(part) + 1
    return TagList(text, tuple(tags), tuple(malformed))


def _parse_part(part: str, start: int) -> Tag | Malformed | None:
    if not part.strip(_SPACE):
        return None
    name, equals, value = part.partition("=")
    name_span = _trimmed(name, start)
    whole = _trimmed(part, start)
    if not equals:
        return Malformed(whole, "has no equals sign")
    bare = name.strip(_SPACE)
    if not _NAME.fullmatch(bare):
        return Malformed(whole, f"has no name before its equals sign: {bare!r}" if bare else "has no name")
    return Tag(bare, value.strip(_SPACE), name_span, _trimmed(value, start + len(name) + 1))


def _trimmed(text: str, start: int) -> Span:
    """Where the text stands without the white space around it."""
    left = len(text) - len(text.lstrip(_SPACE))
    return Span(start + left, max(start + left, start + len(text.rstrip(_SPACE))))
