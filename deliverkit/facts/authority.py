"""What the authoritative name servers of a zone say, each asked itself, and what other resolvers say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.classes import Frozen
from deliverkit.facts import Lookup
from deliverkit.model import Absent
from deliverkit.observations import Answer, ResourceRecord, Status

_NO_REPLY = frozenset({Status.TIMEOUT, Status.UNREACHABLE})

Published = frozenset[str]  # data as it is compared: of records, or of the alias that stands in their place


class ServerWord(Frozen):
    """What one address of a name server answered to each question, the one for the zone's SOA record first.

    ``is_reachable`` says that servers answer this machine over that version of IP at all.
    """

    host: str
    address: str
    answers: tuple[Answer, ...]
    is_reachable: bool = True

    @property
    def soa(self) -> Answer:
        """The answer to the question for the zone's SOA record."""
        return self.answers[0]

    @property
    def is_silent(self) -> bool:
        """Whether it answered nothing at all."""
        return all(answer.status in _NO_REPLY for answer in self.answers)

    @property
    def is_lame(self) -> bool:
        """Whether it answers, but not as a server of the zone does (RFC 9499 §7: lame delegation)."""
        return not self.is_good and not self._is_lost

    @property
    def is_good(self) -> bool:
        """Whether it answers as a server of the zone."""
        return bool(self.soa.records) and self.soa.authoritative

    @property
    def is_untold(self) -> bool:
        """Whether it is not known if it answers for the zone: the question for the SOA record alone came to nothing."""
        return not self.is_silent and self._is_lost

    @property
    def _is_lost(self) -> bool:
        """Whether nothing is known of what it says."""
        status = self.soa.status
        return status in _NO_REPLY or status is Status.TRUNCATED or not status.was_asked

    @property
    def serial(self) -> int | None:
        """The serial number of its copy of the zone."""
        return int(self.soa.records[0].data.split()[2]) if self.soa.records else None

    def __str__(self) -> str:
        return f"{self.host} ({self.address})"


class NameServer(Frozen):
    """A name server of the zone: who names it, the lookups for its addresses, and those that are asked.

    ``unroutable`` are the addresses that the internet does not reach: they are not asked.
    """

    host: str
    in_parent: bool
    in_zone: bool
    lookups: tuple[Lookup, ...]
    addresses: tuple[str, ...]
    unroutable: tuple[str, ...] = ()


class ZoneServers(Frozen):
    """The authoritative servers of the domain's zone, as the parent and the zone itself name them, and their words.

    ``delegation`` and ``apex`` are the answers that name them, of the parent's server and of the resolver; Absent
    where there is none. ``seen`` are the resolver's answers to the same questions. ``left_out`` counts addresses past
    the bound.
    """

    domain: str
    zone: str
    delegation: Answer | Absent
    apex: Lookup
    servers: tuple[NameServer, ...]
    words: tuple[ServerWord, ...]
    seen: tuple[Lookup, ...]
    left_out: int = 0

    @property
    def good(self) -> tuple[ServerWord, ...]:
        """Those that answer as a server of the zone does."""
        return tuple(word for word in self.words if word.is_good)

    def about(self, number: int) -> dict[str, Answer]:
        """What the good ones answered to the question of that number, by address."""
        return {word.address: word.answers[number] for word in self.good}

    def differing(self) -> Iterator[int]:
        """The numbers of the questions to which they answer differently; serials apart."""
        yield from (number for number in range(1, len(self.seen)) if _differ(self.about(number).values()))


class ResolverWord(Frozen):
    """What one resolver answered to each question."""

    server: str
    answers: tuple[Answer, ...]


class Compared(Frozen):
    """The answers of several resolvers to the same questions."""

    domain: str
    words: tuple[ResolverWord, ...]

    def about(self, number: int) -> dict[str, Answer]:
        """What they answered to the question of that number, by resolver."""
        return {word.server: word.answers[number] for word in self.words}

    def differing(self) -> Iterator[int]:
        """The numbers of the questions to which they answer differently."""
        numbers = range(len(self.words[0].answers))
        yield from (number for number in numbers if _differ(self.about(number).values()))


def is_known(answer: Answer) -> bool:
    """Whether it says what stands at the name: a server that does not recurse may end at an alias, or at a cut."""
    is_end = answer.status is Status.REFERRAL and (bool(answer.aliases) or is_delegation(answer))
    return answer.status.is_definite or is_end


def is_delegation(answer: Answer) -> bool:
    """Whether the server has handed the name to other servers (RFC 1034 §4.2.1): these say what stands there."""
    is_cut = answer.status is Status.REFERRAL and not answer.at.recursive and not answer.aliases
    return is_cut and any(record.rdtype == "NS" for record in answer.referral)


def delegated_to(answer: Answer) -> tuple[ResourceRecord, ...]:
    """The NS records of the zone to which the name was handed."""
    return tuple(record for record in answer.referral if record.rdtype == "NS") if is_delegation(answer) else ()


def published(answer: Answer) -> Published:
    """What stands at the name itself, in a form that two answers can be compared by."""
    if answer.aliases:
        return frozenset({f"CNAME {answer.aliases[0].data.lower()}"})
    return frozenset(record.compared for record in answer.records or delegated_to(answer))


def _differ(answers: Iterable[Answer]) -> bool:
    return len({published(answer) for answer in answers if is_known(answer)}) > 1
