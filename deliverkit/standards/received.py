"""Received fields (RFC 5321 §4.4): the way that a message took, written by each host that took it.

A host puts its field above those that are there, so the topmost is the youngest. What a host says of itself
and of who gave it the message is as true as the host is: a sender can write such fields, too, and all of
them then stand below the first one that the receiver wrote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.model import Span
from deliverkit.standards.addresses import Address, is_near
from deliverkit.standards.date_time import parse_date_time
from deliverkit.standards.header import HeaderField
from deliverkit.standards.names import parse_address
from deliverkit.standards.structured import (
    MOST_CHARACTERS,
    QUOTED,
    Comment,
    Uncommented,
    split_at_semicolons,
    without_comments,
)

MOST_HOPS = 100  # RFC 5321 §6.3: a message with so many goes in circles
_CLAUSES = ("from", "by", "via", "with", "id", "for")
_WORD = re.compile(rf'(?:{QUOTED}|[^\s;"])++', re.DOTALL)
_LITERAL = re.compile(r"(?<![=\w])(?<!hlo )(?<!elo )\[(?:IPv6:)?([0-9a-f.:]{2,45})(?:%\w{1,15})?\]", re.IGNORECASE)
_BARE = re.compile(r"(?:\S{1,255} )?([0-9a-f.:]{2,45})", re.IGNORECASE)
_NAME = re.compile(r"[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)+(?=\.? ?[\[(])", re.ASCII)
# RFC 3848, RFC 6531 §4.3; SMTPS is in no registry, and large receivers write it
_SECURE = re.compile(r"(?:UTF8)?(?:E?SMTP|LMTP)SA?", re.IGNORECASE)
_PLAIN = re.compile(r"(?:UTF8)?(?:E?SMTP|LMTP)A?", re.IGNORECASE)
_TLS = re.compile(r"(?:\busing |\bversion=|^)(?:TLS|SSL)v?[0-9][0-9._]*+(?=[\s:,/]|$)", re.IGNORECASE)


class Clause(NamedTuple):
    """A clause: its name, what it says, and where that stands."""

    name: str
    value: str
    span: Span


class Hop(Frozen):
    """A Received field as read. ``str`` gives the text back.

    ``client`` is the address that the host saw; ``host_address`` the one that it took the message at, which few
    write. ``is_tls`` is None where the field does not tell.
    """

    text: str
    clauses: tuple[Clause, ...]
    comments: tuple[Comment, ...]
    moment: datetime | None
    client: Address | None
    host_address: Address | None
    is_tls: bool | None

    def __str__(self) -> str:
        return self.text

    def get(self, name: str) -> str:
        """What the clause of that name says (from, by, via, with, id, for); empty where there is none."""
        return next((clause.value for clause in self.clauses if clause.name == name), "")

    @property
    def host(self) -> str:
        """The name of the host that took it, in lower case; empty where it gives none."""
        return (self.get("by").split(maxsplit=1) or [""])[0].rstrip(".").lower()

    @property
    def recipient(self) -> str:
        """Whom it was for, without angle brackets."""
        return self.get("for").removeprefix("<").removesuffix(">")


class Leg(NamedTuple):
    """A hop and the time since the one before it; None where one of the two tells none.

    ``is_backwards``: it took less than no time, so the clocks of the two hosts differ, and the delay means nothing.
    """

    hop: Hop
    delay: timedelta | None

    @property
    def is_backwards(self) -> bool:
        """Whether the clocks of the two hosts differ by more than the way took."""
        return self.delay is not None and self.delay < timedelta()


class Journey(Frozen):
    """The way of a message: its hops, the oldest first."""

    legs: tuple[Leg, ...]

    @property
    def total(self) -> timedelta | None:
        """The time from the first moment that a hop tells to the last; None with fewer than two."""
        moments = [leg.hop.moment for leg in self.legs if leg.hop.moment is not None]
        return moments[-1] - moments[0] if len(moments) > 1 else None

    @property
    def external(self) -> tuple[Address, ...]:
        """The addresses beyond their hosts' own networks that handed it over, the first one first."""
        clients = (leg.hop.client for leg in self.legs)
        return tuple(client for client in clients if client is not None and not is_near(client))


def parse_received(text: str) -> Hop:
    """The field's body; never raises."""
    bare = without_comments(text[:MOST_CHARACTERS])
    end = split_at_semicolons(bare.text)[-1].start
    clauses = tuple(_clauses(bare, max(end - 1, 0) or len(bare.text)))
    by = next((clause.span.start for clause in clauses if clause.name == "by"), len(text))
    places = (comment for comment in bare.comments if comment.span.start > by)
    return Hop(
        text,
        clauses,
        bare.comments,
        parse_date_time(bare.text[end:]),
        _client([comment.text for comment in bare.comments if comment.span.start < by], clauses),
        next(_addresses(comment.text for comment in places), None),
        _is_tls(clauses, bare.comments),
    )


def journey(fields: Iterable[HeaderField]) -> Journey:
    """The way of the message with this header."""
    received = islice((field.body for field in fields if field.is_named("Received")), MOST_HOPS)
    hops = [parse_received(body) for body in received][::-1]
    return Journey(tuple(Leg(hop, _between(before, hop)) for before, hop in zip([None, *hops], hops, strict=False)))


def _between(before: Hop | None, hop: Hop) -> timedelta | None:
    both = before is not None and before.moment is not None and hop.moment is not None
    return hop.moment - before.moment if both else None  # type: ignore[operator,union-attr]


def _clauses(bare: Uncommented, until: int) -> Iterator[Clause]:
    """Each clause once; the word beside its name belongs to it, be it the name of another (a HELO may be ``by``)."""
    seen: set[str] = set()
    name, start, end = "", 0, 0  # without a word of it yet, end lies at start
    for word in _WORD.finditer(bare.text, 0, until):
        keyword, is_open = word[0].lower(), bool(name) and end == start
        if is_open and not bare.within(Span(start, word.start())):
            start, end = word.span()
        elif keyword in _CLAUSES and keyword not in seen:
            yield from _clause(bare.text, name, Span(start, end))
            seen.add(keyword)
            name, start, end = keyword, word.end(), word.end()
        else:
            start, end = (word.start() if is_open else start), word.end()
    yield from _clause(bare.text, name, Span(start, end))


def _clause(text: str, name: str, span: Span) -> Iterator[Clause]:
    if name and span.start < span.end:
        yield Clause(name, " ".join(text[span.start : span.end].split()), span)


def _client(comments: list[str], clauses: tuple[Clause, ...]) -> Address | None:
    """The address that the host saw (TCP-info): in a comment of the from clause, else its own word (Exim)."""
    said = next((clause.value for clause in clauses if clause.name == "from"), "")
    return next(_addresses([*comments, said]), None)


def _addresses(texts: Iterable[str]) -> Iterator[Address]:
    for text in texts:
        literal, bare = _LITERAL.findall(text[:2048]), _BARE.fullmatch(text[:320])
        found = parse_address(literal[-1] if literal else bare[1] if bare else "")
        if found is not None:
            yield found


def _is_tls(clauses: tuple[Clause, ...], comments: tuple[Comment, ...]) -> bool | None:
    """Whether the message came over TLS: by the keyword (RFC 3848), else by what a comment says of it."""
    said = next((clause.value for clause in clauses if clause.name == "with"), "").partition(" ")[0]
    if _SECURE.fullmatch(said) or any(_TLS.search(comment.text[:512]) for comment in comments):
        return True
    return False if _PLAIN.fullmatch(said) else None
