"""What was seen: answers of the world, raw, typed and timed, each with a status word.

An observation holds no judgement. Everything else is derived from observations, so that a run can be
judged again later from them alone.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from deliverkit.classes import Frozen
from deliverkit.regexes import regex
from deliverkit.tuples import NamedTuple

if TYPE_CHECKING:  # most runs try no connection but to talk
    from deliverkit.observations.reach import Reach

_BETWEEN_STRINGS = regex(r'(?<!\\)" "')


class Status(enum.StrEnum):
    """The outcome of a DNS question, as a word."""

    NOERROR = "NOERROR"
    NODATA = "NODATA"  # RFC 2308 §2.2: the name exists, the type does not
    NXDOMAIN = "NXDOMAIN"
    SERVFAIL = "SERVFAIL"
    REFUSED = "REFUSED"
    FORMERR = "FORMERR"
    NOTIMP = "NOTIMP"
    OTHER = "OTHER"  # any other response code
    TIMEOUT = "TIMEOUT"
    UNREACHABLE = "UNREACHABLE"  # the resolver's machine refused, or no route leads there
    TRUNCATED = "TRUNCATED"  # cut short over UDP, and TCP did not deliver it either
    ILLEGAL = "ILLEGAL"  # not a name that DNS can carry: never asked
    REFERRAL = "REFERRAL"  # a server that does not recurse names others, or ends a chain of aliases half-way
    UNASKED = "UNASKED"  # what one target may cost was spent
    UNRECORDED = "UNRECORDED"  # a case file does not hold the question

    @property
    def is_definite(self) -> bool:
        """Whether the answer says what is published, be it that nothing is."""
        return self in _DEFINITE

    @property
    def was_asked(self) -> bool:
        """Whether the question was put to anybody: else the word says nothing of a server."""
        return self not in {Status.ILLEGAL, Status.UNASKED, Status.UNRECORDED}


_DEFINITE = frozenset({Status.NOERROR, Status.NODATA, Status.NXDOMAIN})


class ResourceRecord(NamedTuple):
    """One record: owner name (lower case, no final dot), type, TTL in seconds, master-file data.

    Records and answers are named tuples, because a scan makes millions of them: making one costs a quarter of what
    a frozen data class costs.
    """

    name: str
    rdtype: str
    ttl: int
    data: str

    @property
    def compared(self) -> str:
        """The data without what means nothing: case, and where a text is cut into strings (RFC 7208 §3.3)."""
        return _BETWEEN_STRINGS.sub("", self.data) if self.rdtype == "TXT" else self.data.lower()

    def __str__(self) -> str:
        return f"{self.name}.  {self.ttl}  IN  {self.rdtype}  {self.data}"


MOST_SAID = 300  # characters of a resolver's own words that are told: they may come from anybody (RFC 8914 §6)
# RFC 8914 §4 and the IANA registry that keeps its list.
_EXTENDED_ERRORS = {
    0: "other",
    1: "unsupported DNSKEY algorithm",
    2: "unsupported DS digest",
    3: "stale answer",
    4: "forged answer",
    5: "DNSSEC indeterminate",
    6: "DNSSEC bogus",
    7: "signature expired",
    8: "signature not yet valid",
    9: "DNSKEY missing",
    10: "signatures missing",
    11: "no zone key",
    12: "NSEC missing",
    13: "cached error",
    14: "not ready",
    15: "blocked",
    16: "censored",
    17: "filtered",
    18: "prohibited",
    22: "no reachable authority",
    23: "network error",
}


class ExtendedError(Frozen):
    """A resolver's own words on what went wrong (RFC 8914)."""

    code: int
    text: str

    @property
    def is_dnssec(self) -> bool:
        """Whether validation is what failed (RFC 8914 §4.2, §4.6 to §4.13)."""
        return self.code in {1, 2, 5, 6, 7, 8, 9, 10, 11, 12}

    @property
    def is_filtered(self) -> bool:
        """Whether the resolver's operator withholds the answer (RFC 8914 §4.16 to §4.19)."""
        return self.code in {15, 16, 17, 18}

    def __str__(self) -> str:
        meaning = _EXTENDED_ERRORS.get(self.code, "extended error")
        said = self.text if len(self.text) <= MOST_SAID else f"{self.text[:MOST_SAID]}…"
        return f"{meaning} ({self.code}){f': {said}' if said else ''}"


class Place(NamedTuple):
    """Where a question is put: to ``server``, written as ``--resolver`` takes it; empty: to the run's resolver.

    ``recursive`` asks the server to find out, else for what it knows itself (the RD bit, RFC 1035 §4.1.1);
    ``over_tcp`` leaves UDP out.
    """

    server: str = ""
    recursive: bool = True
    over_tcp: bool = False


CHOSEN = Place()


class Query(NamedTuple):
    """One DNS question: what is asked, and where. Two that are equal have the same answer."""

    name: str
    rdtype: str
    checking_disabled: bool = False
    at: Place = CHOSEN


class Answer(NamedTuple):
    """The answer to one DNS question.

    ``records`` are those of the asked type at the end of ``aliases``, the chain of CNAME records that led
    there. ``soa`` is the SOA record that came with it, ``authoritative`` and ``authenticated`` are the AA and AD
    bits as they came, ``elapsed`` is in seconds. ``referral`` holds the records that came with a REFERRAL: who is to
    be asked instead (RFC 1034 §4.3.2).
    """

    name: str
    rdtype: str
    status: Status
    records: tuple[ResourceRecord, ...] = ()
    aliases: tuple[ResourceRecord, ...] = ()
    soa: ResourceRecord | None = None
    authoritative: bool = False
    authenticated: bool = False
    checking_disabled: bool = False
    extended_errors: tuple[ExtendedError, ...] = ()
    server: str = ""
    elapsed: float = 0.0
    at: Place = CHOSEN
    referral: tuple[ResourceRecord, ...] = ()

    @property
    def query(self) -> Query:
        """What was asked."""
        return Query(self.name, self.rdtype, self.checking_disabled, self.at)

    @property
    def is_bare_denial(self) -> bool:
        """Whether it denies without the SOA record that belongs to a denial (RFC 2308 §2)."""
        return self.status in {Status.NXDOMAIN, Status.NODATA} and self.soa is None

    @property
    def zone(self) -> str | None:
        """The apex of the zone that answered, where it told."""
        return self.soa.name if self.soa else None

    @property
    def lifetime(self) -> int:
        """For how many seconds the answer may be kept (RFC 2308 §5: a negative one for the SOA's minimum)."""
        kept = [record.ttl for record in (*self.records, *self.aliases) or self.referral]
        if not self.records and self.soa is not None:
            kept.append(min(self.soa.ttl, int(self.soa.data.rsplit(" ", 1)[-1])))
        return min(kept, default=0)

    @property
    def ttl(self) -> int | None:
        """The smallest TTL of the records, in seconds; None where there are none."""
        return min((record.ttl for record in self.records), default=None)


class Resolver(Protocol):
    """Something that answers DNS questions: live, recorded, or overlaid."""

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer of the resolver, or of the server ``at``; failures are answers too, with their status word."""
        ...


class Connection(Frozen):
    """An attempt to connect to an address and port, closed at once; ``elapsed`` is in seconds."""

    address: str
    port: int
    status: Reach
    elapsed: float = 0.0


class Connector(Protocol):
    """Something that tries whether a connection is taken: live or recorded."""

    async def connect(self, address: str, port: int) -> Connection:
        """What came of the attempt; failures are observations too, with their status word."""
        ...


class Instant(Frozen):
    """The moment at which a run judges: an observation like any other, with its time zone."""

    moment: datetime


class Asked(Frozen):
    """A question that a run asked: its answer, and how many round trips deep in the chain it stood (from 1)."""

    answer: Answer
    depth: int
