"""Keeping what was answered and fetched, and answering from what was kept: the two ends of a case file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.observations import CHOSEN, Answer, Place, Query, Resolver, Status

if TYPE_CHECKING:  # most runs fetch nothing
    from deliverkit.observations.https import Fetcher, HttpExchange, HttpRequest

Key = tuple[str, str]  # host and path


class Recording(Slotted):
    """A resolver over another that keeps every answer; the first to a question counts."""

    source: Resolver
    answers: dict[Query, Answer] = field(default_factory=dict)

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The source's answer, kept."""
        answer = await self.source.query(name, rdtype, checking_disabled=checking_disabled, at=at)
        return self.answers.setdefault(Query(name, rdtype, checking_disabled, at), answer)


class Recorded(Frozen):
    """A resolver that answers from what was kept, and says UNRECORDED to everything else."""

    answers: Mapping[Query, Answer]

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer that was kept."""
        kept = self.answers.get(Query(name, rdtype, checking_disabled, at))
        return kept or Answer(name, rdtype, Status.UNRECORDED, checking_disabled=checking_disabled, at=at)


class RecordingExchanges(Slotted):
    """A fetcher over another that keeps what came of every request; the first counts."""

    source: Fetcher
    kept: dict[Key, HttpExchange] = field(default_factory=dict)

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """What came of the source's request, kept."""
        exchange = await self.source.fetch(request)
        return self.kept.setdefault((request.host, request.path), exchange)


class RecordedExchanges(Frozen):
    """A fetcher that gives what was kept, and UNRECORDED for everything else."""

    kept: Mapping[Key, HttpExchange] = field(default_factory=dict)

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """What was kept of the request."""
        from deliverkit.observations.https import HttpEnd, HttpExchange

        return self.kept.get((request.host, request.path)) or HttpExchange(request, HttpEnd.UNRECORDED)
