"""Exchanges over HTTPS that were recorded, and the recording."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from deliverkit.classes import field, frozen, slotted

if TYPE_CHECKING:  # most runs fetch nothing
    from deliverkit.observations.https import Fetcher, HttpExchange, HttpRequest

Key = tuple[str, str]  # host and path


@slotted
class RecordingExchanges:
    """A fetcher over another that keeps what came of every request; the first counts."""

    source: Fetcher
    kept: dict[Key, HttpExchange] = field(default_factory=dict)

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """What came of the source's request, kept."""
        exchange = await self.source.fetch(request)
        return self.kept.setdefault((request.host, request.path), exchange)


@frozen
class RecordedExchanges:
    """A fetcher that gives what was kept, and UNRECORDED for everything else."""

    kept: Mapping[Key, HttpExchange] = field(default_factory=dict)

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """What was kept of the request."""
        from deliverkit.observations.https import HttpEnd, HttpExchange

        return self.kept.get((request.host, request.path)) or HttpExchange(request, HttpEnd.UNRECORDED)
