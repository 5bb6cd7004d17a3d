"""Waiting until records are visible: first at every name server of the zone, then at every resolver.

A resolver is not asked before: it would keep the old answer, or that there is none, for as long as that may be kept.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass

from deliverkit.clients import Clients
from deliverkit.clients.dns.proposal import Proposal
from deliverkit.facts import Expectations
from deliverkit.facts.authority import ZoneServers
from deliverkit.observations import CHOSEN, Answer, Place, Resolver
from deliverkit.probes.authority import learn_zone_servers
from deliverkit.probes.mx import learn_mx_lookup

LEAST_PAUSE, MOST_PAUSE = 5.0, 60.0  # seconds between two looks


@dataclass(frozen=True, slots=True)
class Sight:
    """What one server shows of the records; ``left`` is for how many seconds it may keep what it shows else."""

    server: str
    is_cache: bool
    is_there: bool
    left: int = 0


@dataclass(frozen=True, slots=True)
class Look:
    """What all servers that were asked show. Resolvers are ``unasked`` while a name server still lacks the records."""

    sights: tuple[Sight, ...]
    unasked: int
    elapsed: float

    @property
    def is_everywhere(self) -> bool:
        """Whether every server shows the records."""
        return not self.unasked and all(sight.is_there for sight in self.sights)


async def looks(domain: str, proposal: Proposal, clients: Clients, *, most: float) -> AsyncIterator[Look]:
    """One look after the other until the records are everywhere, or ``most`` seconds are over."""
    assert clients.live is not None
    started = time.monotonic()
    authoritative = await _name_servers(domain, clients)
    resolvers = [CHOSEN, *(Place(server) for server in clients.compared)]
    while True:
        sights = await _look_at(proposal, clients.live, authoritative)
        is_published = all(sight.is_there for sight in sights)
        if is_published:
            sights += await _look_at(proposal, clients.live, resolvers)
        look = Look(tuple(sights), 0 if is_published else len(resolvers), time.monotonic() - started)
        yield look
        left = most - (time.monotonic() - started)
        if look.is_everywhere or left <= 0:
            return
        await asyncio.sleep(min(_pause(sights), left))


def _pause(sights: Iterable[Sight]) -> float:
    """Until the first of the copies that are in the way has run out."""
    lacking = [float(sight.left + 1) for sight in sights if not sight.is_there]
    return min(max(min(lacking, default=0.0), LEAST_PAUSE), MOST_PAUSE)


async def _name_servers(domain: str, clients: Clients) -> list[Place]:
    zone = await learn_zone_servers(domain, clients, await learn_mx_lookup(domain, clients), Expectations())
    if not isinstance(zone, ZoneServers):
        return []
    return [Place(word.address, recursive=False) for word in zone.good]


async def _look_at(proposal: Proposal, resolver: Resolver, places: Iterable[Place]) -> list[Sight]:
    return await asyncio.gather(*(_sight(proposal, resolver, place) for place in places))


async def _sight(proposal: Proposal, resolver: Resolver, place: Place) -> Sight:
    questions = sorted(proposal.places)
    answers = await asyncio.gather(*(resolver.query(name, rdtype, at=place) for name, rdtype in questions))
    lacking = [answer for answer in answers if not _shows(proposal, answer)]
    return Sight(
        server=place.server or answers[0].server,
        is_cache=place.recursive,
        is_there=not lacking,
        left=max((answer.lifetime for answer in lacking), default=0) if place.recursive else 0,
    )


def _shows(proposal: Proposal, answer: Answer) -> bool:
    """Whether publishing the proposal would change nothing there any more."""
    if not answer.status.is_definite:
        return False
    changed = proposal.changed((answer.name, answer.rdtype), answer.records)
    return {record.data for record in changed} == {record.data for record in answer.records}
