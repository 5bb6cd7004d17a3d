"""Conversations take turns: so many at once with one host's address, and so many in all."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deliverkit.classes import Slotted, field
from deliverkit.clients.reactor import is_alone
from deliverkit.observations.smtp import Call, Converser, Transcript

if TYPE_CHECKING:
    import asyncio

MOST_WITH_ONE = 4  # at once: many hosts refuse the fifth connection from one address
MOST_AT_ONCE = 256


class Turns(Slotted):
    """A converser over another. Who has to wait for a host does not keep others from theirs."""

    source: Converser
    with_one: int = MOST_WITH_ONE
    at_once: int = MOST_AT_ONCE
    _hosts: dict[tuple[str, int], asyncio.Semaphore] = field(default_factory=dict)
    _wanted: Counter[tuple[str, int]] = field(default_factory=Counter)
    _all: asyncio.Semaphore | None = None

    async def converse(self, call: Call) -> Transcript:
        """The source's conversation, when it is its turn."""
        if is_alone():
            return await self.source.converse(call)
        import asyncio

        self._all = self._all or asyncio.Semaphore(self.at_once)
        place = (call.address, call.port)
        host = self._hosts.setdefault(place, asyncio.Semaphore(self.with_one))
        self._wanted[place] += 1
        try:
            async with host, self._all:
                return await self.source.converse(call)
        finally:
            self._wanted[place] -= 1
            if not self._wanted[place]:  # nothing is kept of a host that nobody talks to
                del self._wanted[place], self._hosts[place]
