"""A cache over a resolver: each answer is kept for as long as its TTL says, negative ones too, and no longer."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable

from deliverkit.classes import Slotted, field
from deliverkit.observations import CHOSEN, Answer, Place, Query, Resolver

MOST = 20_000  # answers; the one unused for longest goes first
LEAST = 5.0  # seconds: one run may use an answer of TTL 0 (RFC 1035 §3.2.1: for the transaction in progress)
FAILURE = 30.0  # seconds for which a failure is not asked again (RFC 9520 §3.2)


class Cached(Slotted):
    """A resolver over ``source`` that gives equal questions one flight, and keeps what it was answered."""

    source: Resolver
    most: int = MOST
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[Query, tuple[float, Answer]] = field(default_factory=OrderedDict)
    _flights: dict[Query, asyncio.Task[Answer]] = field(default_factory=dict)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer, kept or of the source."""
        key = Query(name, rdtype, checking_disabled, at)
        kept = self._kept.get(key)
        if kept is not None and self.clock() < kept[0]:
            self._kept.move_to_end(key)
            return kept[1]
        flight = self._flights.get(key)
        if flight is None:
            flight = self._flights[key] = asyncio.ensure_future(self._ask(key))
        # one asker's cancellation must not take the answer from the others
        return await asyncio.shield(flight)

    async def _ask(self, key: Query) -> Answer:
        name, rdtype, checking_disabled, at = key
        try:
            answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        finally:
            del self._flights[key]
        lifetime = max(LEAST, answer.lifetime) if answer.status.is_definite else FAILURE
        self._kept[key] = (self.clock() + lifetime, answer)
        self._kept.move_to_end(key)
        if len(self._kept) > self.most:
            self._kept.popitem(last=False)
        return answer
