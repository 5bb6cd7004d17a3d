"""What a filter's field says, and how its values are read out of the text."""

from __future__ import annotations

import re
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.model import Reference, Span

MOST_MARKS = 500
NUMBER = r"[+-]?[0-9]{1,6}(?:\.[0-9]{1,6})?"
_NUMBER = re.compile(NUMBER, re.ASCII)


class Mark(NamedTuple):
    """A value of a field: its name, its text and where that stands, the number that it is, and what it means.

    ``meaning`` is a clause, and empty where nobody publishes one; ``source`` says who does.
    """

    name: str
    value: str
    span: Span
    number: float | None = None
    meaning: str = ""
    source: Reference | None = None


class Verdict(Frozen):
    """A filter's field: its place in the header, name and text, and what it says; ``is_spam`` None: it does not tell.

    Marks named ``score`` and ``required`` are the score and the one from which on a message counts as spam.
    """

    index: int
    field: str
    text: str
    is_spam: bool | None
    marks: tuple[Mark, ...]

    def get(self, name: str) -> Mark | None:
        """The first mark of that name, in whatever case."""
        return next((mark for mark in self.marks if mark.name.lower() == name.lower()), None)

    @property
    def score(self) -> float | None:
        """The score, where the field has one."""
        mark = self.get("score")
        return mark.number if mark else None


def mark_of(name: str, found: re.Match[str], group: int | str = 0) -> Mark:
    """The mark that a match found; its number where the text is one."""
    return Mark(name, found[group], Span(*found.span(group)), number_of(found[group]))


def number_of(text: str) -> float | None:
    """The number that the text is; None where it is none."""
    return float(text) if _NUMBER.fullmatch(text) else None
