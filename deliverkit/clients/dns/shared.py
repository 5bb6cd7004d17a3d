"""One flight for equal questions: whoever asks what is already asked, or answered, gets that answer."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from dataclasses import dataclass, field

from deliverkit.observations import Answer, Resolver

MAX_KEPT = 20_000  # answers; a run over a long list of domains must not grow without end


@dataclass(slots=True)
class Shared:
    """A resolver over another that asks no question twice while its answer is kept."""

    source: Resolver
    _flights: OrderedDict[tuple[str, str, bool], asyncio.Task[Answer]] = field(default_factory=OrderedDict)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The answer, of the source or kept."""
        key = (name, rdtype, checking_disabled)
        flight = self._flights.get(key)
        if flight is None:
            question = self.source.query(name, rdtype, checking_disabled=checking_disabled)
            flight = self._flights[key] = asyncio.ensure_future(question)
            self._forget_oldest()
        # one asker's cancellation must not take the answer from the others
        return await asyncio.shield(flight)

    def _forget_oldest(self) -> None:
        while len(self._flights) > MAX_KEPT:
            oldest = next(iter(self._flights))
            if not self._flights[oldest].done():
                return
            del self._flights[oldest]
