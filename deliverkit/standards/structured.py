"""What structured header fields share: comments, which nest, and quoted strings (RFC 5322 §3.2.2, §3.2.4).

Comments are replaced by as many spaces, so that every place in the rest is still its place in the text.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import NamedTuple

from deliverkit.model import Span

MOST_CHARACTERS = 65_536  # of a field that are read
QUOTED = r'"(?:[^"\\]++|\\.)*+"?+'  # a quoted string; one without its end goes on to the end of the text
_OUTSIDE = re.compile(rf"{QUOTED}|\(", re.DOTALL)
_INSIDE = re.compile(r"\\.|[()]", re.DOTALL)
_PAIR = re.compile(r"\\(.)", re.DOTALL)
_WHOLE = re.compile(r'"((?:[^"\\]++|\\.)*+)"?+', re.DOTALL)
_PARTS = re.compile(rf'(?:[^;"]++|{QUOTED})*+', re.DOTALL)


class Comment(NamedTuple):
    """A comment without its outer parentheses, and where it stands with them."""

    text: str
    span: Span


class Uncommented(NamedTuple):
    """A text with spaces in place of its comments, and these."""

    text: str
    comments: tuple[Comment, ...]

    def within(self, span: Span) -> tuple[Comment, ...]:
        """The comments that begin in that part."""
        first, last = (bisect_left(self.comments, place, key=_start) for place in (span.start, span.end))
        return self.comments[first:last]


def _start(comment: Comment) -> int:
    return comment.span.start


def without_comments(text: str) -> Uncommented:
    """The text and its comments; never raises. A comment without its end goes on to the end of the text."""
    pieces: list[str] = []
    comments: list[Comment] = []
    place = 0
    while (found := _next_comment(text, place)) is not None:
        pieces += [text[place : found.start], " " * (found.end - found.start)]
        inner = text[found.start + 1 : found.end].removesuffix(")")
        comments.append(Comment(_PAIR.sub(r"\1", inner), found))
        place = found.end
    return Uncommented("".join([*pieces, text[place:]]), tuple(comments))


def _next_comment(text: str, place: int) -> Span | None:
    while (found := _OUTSIDE.search(text, place)) is not None:
        if found[0] == "(":
            return Span(found.start(), _end_of_comment(text, found.end()))
        place = found.end()
    return None


def _end_of_comment(text: str, place: int) -> int:
    depth = 1
    for found in _INSIDE.finditer(text, place):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return len(text)


def split_at_semicolons(text: str, place: int = 0) -> tuple[Span, ...]:
    """The parts of a text without comments, from that place on; a semicolon in a quoted string parts nothing."""
    parts: list[Span] = []
    while place <= len(text):
        found = _PARTS.match(text, place)
        assert found is not None  # it may be empty
        parts.append(Span(place, found.end()))
        place = found.end() + 1
    return tuple(parts)


def unquote(text: str) -> str:
    """What a quoted string says; any other text as it is."""
    found = _WHOLE.fullmatch(text)
    return _PAIR.sub(r"\1", found[1]) if found else text


def trimmed(text: str, span: Span) -> Span:
    """The part without the white space around it."""
    part = text[span.start : span.end]
    left = span.start + len(part) - len(part.lstrip())
    return Span(left, max(left, span.start + len(part.rstrip())))
