"""What was seen: answers of the world, raw, typed and timed, each with a status word.

An observation holds no judgement. Everything else is derived from observations, so that a run can be
judged again later from them alone.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


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

    @property
    def is_definite(self) -> bool:
        """Whether the answer says what is published, be it that nothing is."""
        return self in {Status.NOERROR, Status.NODATA, Status.NXDOMAIN}


@dataclass(frozen=True, slots=True)
class ResourceRecord:
    """One record: owner name (lower case, no final dot), type, TTL in seconds, master-file data."""

    name: str
    rdtype: str
    ttl: int
    data: str

    def __str__(self) -> str:
        return f"{self.name}.  {self.ttl}  IN  {self.rdtype}  {self.data}"


@dataclass(frozen=True, slots=True)
class ExtendedError:
    """A resolver's own words on what went wrong (RFC 8914)."""

    code: int
    text: str


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one DNS question.

    ``records`` are those of the asked type at the end of ``aliases``, the chain of CNAME records that led
    there. ``zone`` is the owner of the SOA record that came with it, ``authoritative`` and ``authenticated``
    are the AA and AD bits as they came, ``elapsed`` is in seconds.
    """

    name: str
    rdtype: str
    status: Status
    records: tuple[ResourceRecord, ...] = ()
    aliases: tuple[ResourceRecord, ...] = ()
    zone: str | None = None
    authoritative: bool = False
    authenticated: bool = False
    checking_disabled: bool = False
    extended_errors: tuple[ExtendedError, ...] = ()
    server: str = ""
    elapsed: float = 0.0

    @property
    def ttl(self) -> int | None:
        """The smallest TTL of the records, in seconds; None where there are none."""
        return min((record.ttl for record in self.records), default=None)


class Resolver(Protocol):
    """Something that answers DNS questions: live, recorded, or overlaid."""

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The answer; failures are answers too, with their status word."""
        ...


@dataclass(frozen=True, slots=True)
class Instant:
    """The moment at which a run judges: an observation like any other, with its time zone."""

    moment: datetime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question that a run asked: its answer, and how many round trips deep in the chain it stood (from 1)."""

    answer: Answer
    depth: int
