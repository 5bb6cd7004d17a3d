"""X-Spam-Status and its like, in SpamAssassin's form, which rspamd, amavis and Exim write too."""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.model import Span
from deliverkit.standards.spam_headers.verdict import MOST_MARKS, NUMBER, Mark, mark_of

_FLAG = re.compile(r"\s*+(yes|no|true|false)\b", re.IGNORECASE)
_SCORE = re.compile(rf"\b(?:score|hits)=({NUMBER})", re.ASCII)
_REQUIRED = re.compile(rf"\brequired=({NUMBER})", re.ASCII)
_TESTS = re.compile(r"\btests=\[?")
_TEST = re.compile(rf"\s*+([A-Za-z0-9_]++)(?:=({NUMBER}))?+\s*+(,?)", re.ASCII)
_FIRST_NUMBER = re.compile(rf"\s*+({NUMBER})(?![0-9.])", re.ASCII)
_BAR = re.compile(r"\s*+([+*x-]++|/)")
_MEANINGS = {True: "the filter takes it for spam", False: "the filter does not take it for spam"}
Read = tuple[bool | None, tuple[Mark, ...]]


def read_status(text: str) -> Read:
    """``Yes, score=7.1 required=5.0 tests=NAME,NAME=1.2 autolearn=no``."""
    is_spam, flag = read_flag(text)
    score, required = _SCORE.search(text), _REQUIRED.search(text)
    marks = [*flag]
    if score:
        marks.append(mark_of("score", score, 1))
    if required:
        marks.append(mark_of("required", required, 1)._replace(meaning="from this score on it counts as spam"))
    return is_spam, (*marks, *_tests(text))


def read_flag(text: str) -> Read:
    """``YES`` or ``NO``."""
    found = _FLAG.match(text)
    if found is None:
        return None, ()
    is_spam = found[1].lower() in {"yes", "true"}
    return is_spam, (mark_of("flag", found, 1)._replace(meaning=_MEANINGS[is_spam]),)


def read_score(text: str) -> Read:
    """A number, and perhaps more; by itself it says nothing, for no limit stands beside it."""
    found = _FIRST_NUMBER.match(text)
    return None, (mark_of("score", found, 1),) if found else ()


def read_bar(text: str) -> Read:
    """As many signs as the score has whole points: ``***``, ``+++``, ``---`` below zero, ``/`` for about none."""
    found = _BAR.match(text)
    if found is None:
        return None, ()
    signs = found[1]
    points = 0 if signs == "/" else len(signs) * (-1 if signs[0] == "-" else 1)
    return None, (Mark("level", signs, Span(*found.span(1)), float(points)),)


def _tests(text: str) -> Iterator[Mark]:
    """The rules that fired, with the points that each gave where the field has them."""
    found = _TESTS.search(text)
    place = found.end() if found else len(text)
    for _ in range(MOST_MARKS):
        test = _TEST.match(text, place)
        if test is None or test[1].lower() == "none":
            return
        yield Mark(test[1], test[2] or "", Span(*test.span(2 if test[2] else 1)), _points(test[2]))
        if not test[3]:
            return
        place = test.end()


def _points(text: str | None) -> float | None:
    return float(text) if text else None
