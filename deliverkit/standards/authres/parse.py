"""The text of an Authentication-Results field ⇄ values. The parser is total; what cannot be read is noted."""

from __future__ import annotations

import re
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.standards.structured import (
    MOST_CHARACTERS,
    QUOTED,
    Comment,
    Uncommented,
    split_at_semicolons,
    trimmed,
    unquote,
    without_comments,
)
from deliverkit.standards.tags import Malformed

MOST_RESULTS = 100
_KEYWORD = r"[A-Za-z0-9_-]++"
_INSTANCE = re.compile(r"\s*+i\s*+=\s*+([0-9]{1,2})\s*+(?:;|$)", re.ASCII)  # RFC 8617 §4.1.1
_IDENTITY = re.compile(rf'\s*+({QUOTED}|[^\s="]++)(?!\s*+=)(?:\s++([0-9]++)(?!\S))?+', re.DOTALL)  # RFC 8601 §2.2
# RFC 8601 §2.2: methodspec; a version stands behind a slash
_METHOD = re.compile(rf"\s*+({_KEYWORD})(?:\s*+/\s*+([0-9.]++))?+\s*+=\s*+({_KEYWORD})(?!\S)")
# RFC 8601 §2.2: propspec and reasonspec; addresses and base64 stand in values unquoted
_PROPERTY = re.compile(
    rf"(?:({_KEYWORD})\s*+\.\s*+)?+([A-Za-z0-9_.-]++)\s*+="
    rf'(?:\s*+(?!{_KEYWORD}\.[A-Za-z0-9_.-]++=)((?:{QUOTED}|[^\s"]++)++))?',
    re.DOTALL,
)
_WORD = re.compile(rf'(?:{QUOTED}|[^\s"]++)++', re.DOTALL)
_SPACE = re.compile(r"\s*+")


class Property(NamedTuple):
    """What a result is about: ``ptype`` (smtp, header, body, policy; empty: none was given), name and value."""

    ptype: str
    name: str
    value: str
    span: Span


class MethodResult(Frozen):
    """What one method found; method, version and result in lower case, and the comments beside them."""

    method: str
    version: str
    result: str
    span: Span
    reason: str = ""
    properties: tuple[Property, ...] = ()
    comments: tuple[Comment, ...] = ()

    def get(self, name: str) -> str:
        """The value of the first property of that name, such as ``smtp.mailfrom``; empty where there is none."""
        ptype, _, bare = name.rpartition(".")
        return next((found.value for found in self.properties if (found.ptype, found.name) == (ptype, bare)), "")


class AuthenticationResults(Frozen):
    """A field as read. ``str`` gives the text back.

    ``authserv_id`` is empty where none was written, as Microsoft does; ``instance`` is that of an
    ARC-Authentication-Results field, else 0; ``is_none``: it says that nothing was checked.
    """

    text: str
    authserv_id: str
    version: str
    results: tuple[MethodResult, ...]
    is_none: bool = False
    instance: int = 0
    malformed: tuple[Malformed, ...] = ()

    def __str__(self) -> str:
        return self.text

    def of(self, method: str) -> tuple[MethodResult, ...]:
        """The results of one method, in order."""
        return tuple(result for result in self.results if result.method == method)


def parse_results(text: str) -> AuthenticationResults:
    """The field's body; never raises."""
    return _parse(text, without_comments(text[:MOST_CHARACTERS]), 0, 0)


def parse_arc_results(text: str) -> AuthenticationResults:
    """The body of an ARC-Authentication-Results field: the same behind its instance (RFC 8617 §4.1.1)."""
    bare = without_comments(text[:MOST_CHARACTERS])
    found = _INSTANCE.match(bare.text)
    return _parse(text, bare, found.end() if found else 0, int(found[1]) if found else 0)


def _parse(text: str, bare: Uncommented, start: int, instance: int) -> AuthenticationResults:
    first, *parts = split_at_semicolons(bare.text, start)
    results: list[MethodResult] = []
    malformed: list[Malformed] = []
    identity, version = _identity(bare.text, first, malformed)
    if _METHOD.match(bare.text, first.start, first.end):  # as Microsoft writes: no authserv-id
        parts.insert(0, first)
    nothing = False
    for part in parts[:MOST_RESULTS]:
        written = bare.text[part.start : part.end].strip().lower()
        nothing = nothing or written == "none"
        if written and written != "none":
            _read_part(bare, part, results, malformed)
    return AuthenticationResults(
        text, identity, version, tuple(results), nothing and not results, instance, tuple(malformed)
    )


def _identity(text: str, part: Span, malformed: list[Malformed]) -> tuple[str, str]:
    found = _IDENTITY.match(text, part.start, part.end)
    end = found.end() if found else part.start
    rest = trimmed(text, Span(end, part.end))
    if rest.start < rest.end and not _METHOD.match(text, part.start, part.end):
        malformed.append(Malformed(rest, "stands behind the name of who checked, and is no version"))
    return (unquote(found[1]), found[2] or "") if found else ("", "")


def _read_part(bare: Uncommented, part: Span, results: list[MethodResult], malformed: list[Malformed]) -> None:
    found = _METHOD.match(bare.text, part.start, part.end)
    whole = trimmed(bare.text, part)
    if found is None:
        malformed.append(Malformed(whole, "is no method with its result"))
        return
    properties = _properties(bare.text, Span(found.end(), part.end), malformed)
    reason = next((one.value for one in properties if (one.ptype, one.name) == ("", "reason")), "")
    comments = bare.within(part)
    results.append(
        MethodResult(
            found[1].lower(),
            found[2] or "",
            found[3].lower(),
            Span(whole.start, max([whole.end, *(comment.span.end for comment in comments[-1:])])),
            reason,
            tuple(one for one in properties if one.ptype or one.name != "reason"),
            comments,
        )
    )


def _properties(text: str, part: Span, malformed: list[Malformed]) -> list[Property]:
    properties: list[Property] = []
    place = part.start
    while (place := _after_space(text, place, part.end)) < part.end:
        found = _PROPERTY.match(text, place, part.end)
        if found:
            value = unquote(found[3] or "")
            properties.append(Property((found[1] or "").lower(), found[2].lower(), value, Span(*found.span())))
        else:
            found = _WORD.match(text, place, part.end)
            assert found is not None  # no white space stands here
            malformed.append(Malformed(Span(*found.span()), "is no property with its value"))
        place = found.end()
    return properties


def _after_space(text: str, place: int, end: int) -> int:
    found = _SPACE.match(text, place, end)
    assert found is not None  # it may be empty
    return found.end()
