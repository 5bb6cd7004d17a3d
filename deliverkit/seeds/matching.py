"""Which copy a message in a mailbox is: by its token, else by what a platform that takes tokens away leaves as it was.

Platforms rewrite Message-ID, strip headers that they do not know, and wrap links. What stays is the mailbox, the
subject, the domain that signs or stands in From, and the time.
"""

from __future__ import annotations

import enum
import re
import unicodedata
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from deliverkit.classes import Frozen
from deliverkit.observations.mailbox import Arrival
from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.copies import CONTROL_SUBJECT, HEADER, TOKEN
from deliverkit.standards.address_list import addresses_in, decode_words
from deliverkit.standards.dkim.signature import signatures_of
from deliverkit.standards.header import HeaderField, SplitMessage, split_message
from deliverkit.standards.names import is_within

BEFORE = timedelta(minutes=15)  # a mailbox's clock, or a platform's, may be behind
MOST_PREFIX = 40  # characters that a platform or a filter puts before a subject
_OCTETS = re.compile(TOKEN.pattern.encode(), re.IGNORECASE)
_OTHERS = ("in-reply-to", "references")  # they name the message that is answered, not the one that they stand in
_RECIPIENTS = ("delivered-to", "x-original-to", "envelope-to", "x-forwarded-to", "to")
_ANSWERS = ("re", "aw", "sv", "antw", "fw", "fwd", "wg", "tr", "rv")  # an answer, or passed on by a person


class How(enum.StrEnum):
    """By what a copy was recognised, as a phrase."""

    FIELD = f"by its token in {HEADER}"
    MESSAGE_ID = "by its token in Message-ID"
    HEADER = "by its token in another header"
    TEST = "by the test's token and its mailbox"
    LIKENESS = "by mailbox, subject, domain and time"


def has_token(test: SeedTest, header: bytes) -> bool:
    """Whether the header holds a token of the test, so that nobody but the test can have sent the message."""
    tokens = {test.token, *(copy.token for copy in test.copies)}
    return any(found.decode().lower() in tokens for found in _OCTETS.findall(header))


class Match(NamedTuple):
    """A copy, by its token, and where it was seen."""

    copy: str
    arrival: Arrival
    how: How


class Matches(Frozen):
    """What was recognised among arrivals, in their order. ``notes`` are clauses on what may be no copy after all."""

    found: tuple[Match, ...] = ()
    notes: tuple[str, ...] = ()


def match(test: SeedTest, addresses: Collection[str], arrivals: Sequence[Arrival], *, patience: timedelta) -> Matches:
    """The copies of the test among what arrived in the mailbox of these addresses; never raises.

    A token always wins. Without one a message is a copy if it is like the message, and came from a quarter of an hour
    before the test's start until ``patience`` after it; of several the earliest, unless a place of the copy is known.
    """
    own = [copy for copy in test.copies if copy.address in addresses]
    read = [_Read(arrival) for arrival in arrivals]
    named = [named for one in read if (named := _by_token(test, own, one)) is not None]
    taken = {one.copy for one in named} | {copy.token for copy in own if _has_token(copy)}
    timely = [one for one in read if is_in_time(one.arrival.arrived, test, patience) and _may_be_from(one, test)]
    left = [one for one in timely if not one.tokens and not one.is_report]
    like, notes = _by_likeness(test, own, taken, left)
    order = {id(arrival): place for place, arrival in enumerate(arrivals)}
    found = sorted([*named, *like], key=lambda one: order[id(one.arrival)])
    return Matches(tuple(found), tuple(notes))


@dataclass(frozen=True)
class _Read:
    """An arrival whose header is taken apart when it is asked for: most messages of a mailbox are none of ours."""

    arrival: Arrival

    @cached_property
    def split(self) -> SplitMessage:
        """Its header."""
        return split_message(self.arrival.header)

    @cached_property
    def tokens(self) -> frozenset[str]:
        """All tokens in its header, this test's or not."""
        return frozenset(tokens_in(self.split.fields)) if self.may_have_token else frozenset()

    @property
    def may_have_token(self) -> bool:
        """Whether something like a token stands anywhere in the octets."""
        return _OCTETS.search(self.arrival.header) is not None

    @property
    def is_report(self) -> bool:
        """Whether it says that it reports on another message (RFC 6522 §3)."""
        return is_report(self.split)

    @property
    def identity(self) -> str:
        """What is the same wherever the message lies: its Message-ID; without one its place."""
        given = self.split.get("Message-ID").strip()
        return given or f"{self.arrival.folder.name} {self.arrival.uid_validity} {self.arrival.uid}"


def is_report(split: SplitMessage) -> bool:
    """Whether the message reports on another."""
    return split.get("Content-Type").lower().lstrip().startswith("multipart/report")


def tokens_in(fields: Sequence[HeaderField]) -> Iterator[str]:
    """All tokens in a header, but for those of fields that name the message that is answered."""
    for field in fields:
        if field.name.lower() not in _OTHERS:
            yield from TOKEN.findall(field.body.lower())


def _by_token(test: SeedTest, own: Sequence[Copy], one: _Read) -> Match | None:
    if not one.may_have_token or one.is_report:
        return None
    known = {copy.token for copy in own}
    for how, fields in _places(one.split.fields):
        found = TOKEN.findall(" ".join(field.body for field in fields).lower())
        token = next((token for token in found if token in known), "")
        if token:
            return Match(token, one.arrival, how)
        if test.token in found and (copy := _addressed(own, one.split.fields)) is not None:
            return Match(copy.token, one.arrival, How.TEST)
    return None


def _places(fields: Sequence[HeaderField]) -> Iterator[tuple[How, list[HeaderField]]]:
    yield How.FIELD, [field for field in fields if field.is_named(HEADER)]
    yield How.MESSAGE_ID, [field for field in fields if field.is_named("Message-ID")]
    yield How.HEADER, [field for field in fields if field.name.lower() not in _OTHERS]


def _addressed(own: Sequence[Copy], fields: Sequence[HeaderField]) -> Copy | None:
    """The copy for the mailbox; where several addresses share it, the one that the header names."""
    campaign = [copy for copy in own if not copy.is_control]
    if len(campaign) == 1:
        return campaign[0]
    said = {
        address.lower() for field in fields if field.name.lower() in _RECIPIENTS for address in addresses_in(field.body)
    }
    return next((copy for copy in campaign if copy.address.lower() in said), None)


def _has_token(copy: Copy) -> bool:
    """Whether it was seen before with its token in it, so that nothing without can be it."""
    return any(copy.token in _Read(one).tokens for one in copy.arrivals)


def _by_likeness(
    test: SeedTest, own: Sequence[Copy], taken: Collection[str], left: Sequence[_Read]
) -> tuple[list[Match], list[str]]:
    """The copies that no token names, and a note where more than one message may be one."""
    matches, notes = [], []
    for copy in own:
        if copy.token in taken:
            continue
        sharing = [other for other in own if other.is_control == copy.is_control]
        alike = [one for one in left if _is_like(test, copy, one)]
        alike = [one for one in alike if len(sharing) == 1 or _addressed(sharing, one.split.fields) == copy]
        known = {_Read(seen).identity for seen in copy.arrivals}
        first = min(alike, key=lambda one: one.arrival.arrived, default=None)
        wanted = known or ({first.identity} if first else set())
        matches += [Match(copy.token, one.arrival, How.LIKENESS) for one in alike if one.identity in wanted]
        others = {one.identity for one in alike} - wanted
        if others:
            notes.append(f"{copy.address} got {1 + len(others)} messages that are like the test's: the first counts")
    return matches, notes


def _is_like(test: SeedTest, copy: Copy, one: _Read) -> bool:
    same = is_same_subject(one.split.get("Subject"), subject_of(test, copy))
    return same and _is_from(one, test.from_domain)


def subject_of(test: SeedTest, copy: Copy) -> str:
    """The subject that the copy was sent with."""
    return CONTROL_SUBJECT if copy.is_control else test.subject


def is_in_time(moment: datetime, test: SeedTest, patience: timedelta) -> bool:
    """Whether what came then can belong to the test."""
    return test.started - BEFORE <= moment <= test.started + patience


def _may_be_from(one: _Read, test: SeedTest) -> bool:
    """Whether the end of the domain stands anywhere in the octets: taking a header apart is dear."""
    end = ".".join(test.from_domain.rsplit(".", 2)[-2:])
    return not one.arrival.header.isascii() or end.encode("utf-8", "replace") in one.arrival.header.lower()


def _is_from(one: _Read, domain: str) -> bool:
    """Whether From or a signature names the domain, or one above or below it."""
    authors = [address.rpartition("@")[2].lower() for address in addresses_in(one.split.get("From"))]
    if any(_are_kin(author, domain) for author in authors):
        return True
    return any(_are_kin(signed.domain, domain) for signed in signatures_of(one.arrival.header))


def _are_kin(found: str, domain: str) -> bool:
    return "." in found and (is_within(found, domain) or is_within(domain, found))


def is_same_subject(found: str, wanted: str) -> bool:
    """Whether the subjects are the same, decoded, with blanks as one and a short prefix let pass (``[Test]``)."""
    left, right = _plain(found), _plain(wanted)
    if left == right or not right or not left.endswith(right):
        return left == right
    prefix = left.removesuffix(right)
    word = prefix.strip(" :[]*()").lower()
    return len(prefix) <= MOST_PREFIX and not prefix[-1].isalnum() and word not in _ANSWERS


def _plain(subject: str) -> str:
    """The subject as its reader sees it (RFC 2047), without differences that mail makes on its way."""
    return " ".join(unicodedata.normalize("NFC", decode_words(subject)).split()).casefold()
