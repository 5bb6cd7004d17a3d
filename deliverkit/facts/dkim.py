"""What the DNS holds at a domain's selectors."""

from __future__ import annotations

import enum

from deliverkit.classes import Frozen
from deliverkit.facts import DEFAULT_TTL, Lookup
from deliverkit.observations import ResourceRecord, Status
from deliverkit.standards.dkim.key_record import KeyRecord, parse_key_record
from deliverkit.standards.txt import text_of


class KeyState(enum.StrEnum):
    """What stands at a selector, in a word."""

    GOOD = "good"
    BROKEN = "broken"
    UNUSABLE = "unusable"
    REVOKED = "revoked"
    ALIAS_TO_NOWHERE = "alias to nowhere"
    WILDCARD = "by a wildcard"
    NONE = "none"
    UNKNOWN = "unknown"


class SelectorGround(Frozen):
    """What is asked before any selector: ``_domainkey`` itself, a selector that nobody made, the domain's own TXT."""

    node: Lookup
    made_up: Lookup
    apex: Lookup

    @property
    def is_bare(self) -> bool:
        """Whether nothing at all stands below ``_domainkey``, by what is answered for that name (RFC 8020 §2)."""
        answer = self.node.answer
        is_denied = answer.status is Status.NXDOMAIN and not answer.is_bare_denial and not self.node.is_withheld
        return is_denied or self.is_by_wildcard

    @property
    def is_by_wildcard(self) -> bool:
        """Whether ``_domainkey`` itself is answered by a wildcard above it.

        That covers no name that exists, be it only because something stands below (RFC 4592 §2.2.2).
        """
        parsed = (parse_key_record(text_of(record.data)) for record in self.node.answer.records)
        return is_alike(self.node, self.made_up) and not any(record.is_meant for record in parsed)

    @property
    def failure(self) -> str:
        """Why nothing can be learnt below ``_domainkey``, in words; empty where something can."""
        return self.node.failure if self.made_up.failure else ""


class Candidate(Frozen):
    """A selector to try, and why. ``is_expected``: it was given, so a key has to be there; ``is_likely``: evidence.

    ``beside``: it is tried once one of these selectors is there; empty where it is tried whatever is there.
    """

    selector: str
    reasons: tuple[str, ...]
    is_expected: bool = False
    is_likely: bool = False
    beside: tuple[str, ...] = ()

    @property
    def is_evident(self) -> bool:
        """Whether something says that the domain's mail is signed with it, and not habit alone."""
        return self.is_expected or self.is_likely


class SelectorKey(Frozen):
    """What stands at one selector: ``records`` and ``resource_records`` are the key records there, in one order.

    ``others`` counts the TXT records there that nobody meant to be a key. ``misplaced`` are key records at the same
    name with the domain or its zone appended once more, looked for where a given selector has none.
    """

    candidate: Candidate
    name: str
    lookup: Lookup
    records: tuple[KeyRecord, ...]
    resource_records: tuple[ResourceRecord, ...]
    others: int
    is_by_wildcard: bool
    misplaced: tuple[ResourceRecord, ...] = ()

    @property
    def selector(self) -> str:
        """The selector."""
        return self.candidate.selector

    @property
    def aliases(self) -> tuple[ResourceRecord, ...]:
        """The chain of CNAME records that leads from the selector's name to the key."""
        return self.lookup.answer.aliases

    @property
    def state(self) -> KeyState:
        """What stands there, in a word."""
        if self.is_by_wildcard:
            return KeyState.WILDCARD
        if self.records:
            return _state_of(self.records)
        if self.lookup.failure:
            return KeyState.UNKNOWN
        return KeyState.ALIAS_TO_NOWHERE if self.aliases and not self.others else KeyState.NONE

    @property
    def is_there(self) -> bool:
        """Whether anybody put something at the selector."""
        return self.state not in {KeyState.NONE, KeyState.WILDCARD, KeyState.UNKNOWN}

    @property
    def ttl(self) -> int:
        """The TTL in seconds for a record that takes the place of what is there."""
        return max(self.lookup.answer.ttl or DEFAULT_TTL, DEFAULT_TTL)


class DkimKeys(Frozen):
    """Every selector that was tried, those that were given first.

    ``zone`` is the apex of the domain's zone where the DNS told it. ``unguessable`` names the providers that sign for
    the domain, as it seems, with selectors that nobody can guess. ``left_out`` counts selectors past the bound.
    ``doubled`` is ``_domainkey`` with the domain or its zone once more behind it, where something stands below that.
    """

    domain: str
    zone: str | None
    ground: SelectorGround
    keys: tuple[SelectorKey, ...]
    unguessable: tuple[str, ...] = ()
    left_out: int = 0
    doubled: str = ""

    @property
    def is_bare(self) -> bool:
        """Whether nothing stands below ``_domainkey``: the DNS says so, and no selector belies it.

        There are servers that deny a name below which others stand.
        """
        return self.ground.is_bare and not any(key.is_there for key in self.keys)

    @property
    def published(self) -> tuple[SelectorKey, ...]:
        """The selectors with a key record of their own, or one that was given and is there by a wildcard."""
        return tuple(key for key in self.keys if key.records and (not key.is_by_wildcard or key.candidate.is_expected))

    @property
    def expected(self) -> tuple[SelectorKey, ...]:
        """The selectors that were given."""
        return tuple(key for key in self.keys if key.candidate.is_expected)

    @property
    def failures(self) -> tuple[str, ...]:
        """What could not be found out of the selectors for which there is evidence, in words."""
        mattering = (key for key in self.keys if key.candidate.is_evident)
        said = (self.ground.failure, *(key.lookup.failure for key in mattering))
        return tuple(failure for failure in said if failure)


def is_alike(lookup: Lookup, made_up: Lookup) -> bool:
    """Whether the name answers what a name that nobody made answers, so that it is a wildcard that answers."""
    ends = [(one.answer.aliases[:1], one.answer.records) for one in (lookup, made_up)]
    mine, nobodys = [
        ([a.data for a in aliases], sorted(record.data for record in records)) for aliases, records in ends
    ]
    return mine == nobodys and bool(mine[0] or mine[1])


def _state_of(records: tuple[KeyRecord, ...]) -> KeyState:
    if any(record.defects for record in records):
        return KeyState.BROKEN
    if not any(record.key for record in records):
        return KeyState.REVOKED
    return KeyState.UNUSABLE if any(record.key and record.hindrance for record in records) else KeyState.GOOD
