"""SEARCH: its keys read into a condition on messages (RFC 3501 §6.4.4), and Gmail's X-GM-RAW in small."""

from __future__ import annotations

import operator
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple

from deliverkit.lab.imapsyntax import Numbers, Quoted, SyntaxFault, Token
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.mailtexts import field, fields, text_of


class Candidate(NamedTuple):
    """A message, and its sequence number."""

    number: int
    message: Stored


Condition = Callable[[Candidate], bool]

_FLAGS = ("ANSWERED", "DELETED", "DRAFT", "FLAGGED", "SEEN")
_COMPARED: Mapping[str, Callable[[date, date], bool]] = {
    "BEFORE": operator.lt,
    "ON": operator.eq,
    "SINCE": operator.ge,
}
_FIELDS = frozenset({"BCC", "CC", "FROM", "SUBJECT", "TO"})


class Search:
    """Reads a program of keys; ``candidates`` say what ``*`` stands for."""

    def __init__(self, words: Sequence[Token], candidates: Sequence[Candidate]) -> None:
        self._words = deque(words)
        self._last = candidates[-1] if candidates else None

    def condition(self) -> Condition:
        """What a message has to meet: every key.

        Raises:
            SyntaxFault: a key is not known.
        """
        conditions = []
        while self._words:
            conditions.append(self._key())
        return lambda candidate: all(condition(candidate) for condition in conditions)

    def _key(self) -> Condition:
        word = self._next()
        if isinstance(word, list):
            return self._inner(word)
        key = "" if isinstance(word, Quoted) else word.upper()
        for read in (self._logical, self._flag, self._text, self._date, self._number, self._gmail):
            found = read(key)
            if found is not None:
                return found
        numbers = Numbers(word, self._last.number if self._last else 0)
        return lambda candidate: candidate.number in numbers

    def _next(self) -> Token:
        if not self._words:
            raise SyntaxFault("the search ends too early")
        return self._words.popleft()

    def _argument(self) -> str:
        word = self._next()
        if isinstance(word, list):
            raise SyntaxFault("a list is not expected here")
        return word

    def _inner(self, words: list[Token]) -> Condition:
        inner = Search(words, [self._last] if self._last else [])
        return inner.condition()

    def _logical(self, key: str) -> Condition | None:
        if key == "ALL":
            return lambda _: True
        if key == "NOT":
            denied = self._key()
            return lambda candidate: not denied(candidate)
        if key == "OR":
            first, second = self._key(), self._key()
            return lambda candidate: first(candidate) or second(candidate)
        return None

    def _flag(self, key: str) -> Condition | None:
        if key in {"KEYWORD", "UNKEYWORD"}:
            flag = self._argument()
        elif key in {"NEW", "OLD", "RECENT"}:
            return lambda _: key == "OLD"  # no message is ever \\Recent here
        elif key.removeprefix("UN") in _FLAGS:
            flag = f"\\{key.removeprefix('UN').capitalize()}"
        else:
            return None
        wanted = not key.startswith("UN")
        return lambda candidate: (flag in candidate.message.flags) is wanted

    def _text(self, key: str) -> Condition | None:
        if key not in {"HEADER", "BODY", "TEXT", *_FIELDS}:
            return None
        name = self._argument() if key == "HEADER" else key
        part = self._argument().lower()
        if key == "BODY":
            return lambda candidate: part in text_of(candidate.message.octets).lower()
        if key == "TEXT":
            return lambda candidate: _anywhere(part, candidate.message.octets)
        return lambda candidate: _in_field(name, part, candidate.message.octets)

    def _date(self, key: str) -> Condition | None:
        compare = _COMPARED.get(key.removeprefix("SENT"))
        if compare is None:
            return None
        day = _day(self._argument())
        if not key.startswith("SENT"):
            return lambda candidate: compare(candidate.message.received.date(), day)

        def sent(candidate: Candidate) -> bool:
            found = _sent(candidate.message.octets)
            return found is not None and compare(found, day)

        return sent

    def _number(self, key: str) -> Condition | None:
        if key == "UID":
            numbers = Numbers(self._argument(), self._last.message.uid if self._last else 0)
            return lambda candidate: candidate.message.uid in numbers
        if key in {"LARGER", "SMALLER"}:
            size, sign = int(self._argument()), 1 if key == "LARGER" else -1
            return lambda candidate: (len(candidate.message.octets) - size) * sign > 0
        return None

    def _gmail(self, key: str) -> Condition | None:
        if key == "X-GM-RAW":
            return _raw(self._argument())
        if key == "X-GM-LABELS":
            label = self._argument().lower()
            return lambda candidate: label in {one.lower() for one in candidate.message.labels}
        if key == "X-GM-MSGID":
            identifier = self._argument()
            return lambda candidate: str(candidate.message.identifier) == identifier
        return None


def _raw(text: str) -> Condition:
    """Words that must all be met: category:, subject:, from:, to:, rfc822msgid:, or anywhere in the message."""
    conditions = [_raw_word(*word.lower().partition(":")) for word in text.replace('"', "").split()]
    return lambda candidate: all(condition(candidate) for condition in conditions)


def _raw_word(name: str, colon: str, value: str) -> Condition:
    if name == "category" and colon:
        return lambda candidate: candidate.message.category == value
    known = {"subject": "Subject", "from": "From", "to": "To", "rfc822msgid": "Message-ID"}.get(name)
    if known and colon:
        return lambda candidate: value in field(candidate.message.octets, known).lower()
    return lambda candidate: _anywhere(f"{name}{colon}{value}", candidate.message.octets)


def _anywhere(part: str, octets: bytes) -> bool:
    header = "\n".join(f"{name}: {text}" for name, text in fields(octets))
    return part in header.lower() or part in text_of(octets).lower()


def _in_field(name: str, part: str, octets: bytes) -> bool:
    return any(known.lower() == name.lower() and part in text.lower() for known, text in fields(octets))


def _day(text: str) -> date:
    try:
        return datetime.strptime(text, "%d-%b-%Y").date()  # noqa: DTZ007 - a day has no zone (RFC 3501 §9, date)
    except ValueError:
        raise SyntaxFault(f"{text!r} is no date") from None


def _sent(octets: bytes) -> date | None:
    try:
        return parsedate_to_datetime(field(octets, "Date")).date()
    except (ValueError, OverflowError):  # a year of a hundred digits is one
        return None
