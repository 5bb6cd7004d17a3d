"""Waiting until records are visible: first at every name server of the zone, then at every resolver.

A resolver is not asked before: it would keep the old answer, or that there is none, for as long as that may be kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable

from deliverkit.classes import Frozen, replace
from deliverkit.clients import Clients
from deliverkit.clients.dns.proposal import Proposal
from deliverkit.clients.trace import Traced
from deliverkit.errors import UsageError
from deliverkit.facts import Expectations
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent
from deliverkit.observations import CHOSEN, Answer, Place, Resolver, Status
from deliverkit.probes.authority import learn_zone_servers
from deliverkit.probes.mx import learn_mx_lookup
from deliverkit.standards.names import is_within

LEAST_PAUSE, MOST_PAUSE = 5.0, 60.0  # seconds between two looks


class Sight(Frozen):
    """What one server shows of the records; ``left`` is for how many seconds it may keep what it shows else.

    ``has_answered`` is not so where it is not known what it shows.
    """

    server: str
    is_cache: bool
    is_there: bool
    left: int = 0
    has_answered: bool = True


class Look(Frozen):
    """What all servers that were asked show. Resolvers are ``unasked`` while a name server still lacks the records.

    ``left_out`` are the addresses of name servers that do not answer for the zone; ``failure`` says why none is known.
    """

    sights: tuple[Sight, ...]
    unasked: int
    elapsed: float
    left_out: tuple[str, ...] = ()
    failure: str = ""

    @property
    def is_everywhere(self) -> bool:
        """Whether every server shows the records."""
        return not self.unasked and all(sight.is_there for sight in self.sights)

    @property
    def is_unknown(self) -> bool:
        """Whether none is known to lack them, and not all to have them."""
        return not self.is_everywhere and not any(one.has_answered and not one.is_there for one in self.sights)


async def looks(
    domain: str, proposal: Proposal, clients: Clients, *, expected: Expectations, most: float
) -> AsyncIterator[Look]:
    """One look after the other until the records are everywhere, or ``most`` seconds are over.

    Raises:
        UsageError: a record is of another zone than the domain.
    """
    assert clients.live is not None
    started = time.monotonic()
    zone = await _learn_zone(domain, clients, expected)
    failure = zone.reason if isinstance(zone, Absent) else ""
    words = () if isinstance(zone, Absent) else zone.words
    _refuse_foreign(proposal, domain if isinstance(zone, Absent) else zone.zone)
    authoritative = [Place(word.address, recursive=False) for word in words if word.is_good]
    left_out = tuple(word.address for word in words if not word.is_good)
    resolvers = [CHOSEN, *(Place(server) for server in clients.compared)]
    while True:
        sights = await _look_at(proposal, clients.live, authoritative)
        is_published = all(sight.is_there for sight in sights)
        if is_published:
            sights += await _look_at(proposal, clients.live, resolvers)
        unasked = 0 if is_published else len(resolvers)
        look = Look(tuple(sights), unasked, time.monotonic() - started, left_out, failure)
        yield look
        left = most - (time.monotonic() - started)
        if look.is_everywhere or left <= 0:
            return
        await asyncio.sleep(min(_pause(sights), left))


def _pause(sights: Iterable[Sight]) -> float:
    """Until the first of the copies that are in the way has run out."""
    lacking = [float(sight.left + 1) for sight in sights if not sight.is_there]
    return min(max(min(lacking, default=0.0), LEAST_PAUSE), MOST_PAUSE)


async def _learn_zone(domain: str, clients: Clients, expected: Expectations) -> ZoneServers | Absent:
    bounded = replace(clients, resolver=Traced(clients.resolver))
    return await learn_zone_servers(domain, bounded, await learn_mx_lookup(domain, bounded), expected)


def _refuse_foreign(proposal: Proposal, zone: str) -> None:
    foreign = sorted(name for name in proposal.names if not is_within(name, zone))
    if foreign:
        raise UsageError(f"{foreign[0]} is not in the zone {zone}, whose name servers are asked")


async def _look_at(proposal: Proposal, resolver: Resolver, places: Iterable[Place]) -> list[Sight]:
    return await asyncio.gather(*(_sight(proposal, resolver, place) for place in places))


async def _sight(proposal: Proposal, resolver: Resolver, place: Place) -> Sight:
    questions = sorted(proposal.places)
    answers = await asyncio.gather(*(resolver.query(name, rdtype, at=place) for name, rdtype in questions))
    lacking = [a for a in answers if not (a.status.is_definite and _shows(proposal, a))]
    return Sight(
        server=place.server or answers[0].server,
        is_cache=place.recursive,
        is_there=not lacking,
        left=max((answer.lifetime for answer in lacking), default=0) if place.recursive else 0,
        has_answered=all(answer.status.is_definite or answer.status is Status.REFERRAL for answer in lacking),
    )


def _shows(proposal: Proposal, answer: Answer) -> bool:
    return proposal.is_published((answer.name, answer.rdtype), answer.records)
