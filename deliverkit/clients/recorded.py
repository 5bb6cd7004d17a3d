"""Keeping what was answered, said and fetched, and answering from what was kept: the two ends of a case file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.clients.smtp.provisions import CutOffError
from deliverkit.observations import CHOSEN, Answer, Place, Query, Resolver, Status
from deliverkit.observations.smtp import Call, Converser, End, Transcript

if TYPE_CHECKING:  # most runs fetch nothing
    import asyncio

    from deliverkit.observations.https import Fetcher, HttpExchange, HttpRequest

Key = tuple[str, str]  # host and path
_ENTRY = 200  # octets that an entry of a conversation takes beside its data


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


Note = Callable[[Transcript, str], None]
"""Is told of a conversation, and of the target that it was about, as that was given."""


def unnoted(transcript: Transcript, target: str) -> None:
    """Note nothing."""


class RecordingConversations(Slotted):
    """A converser over another that keeps every conversation, and holds equal ones once.

    ``note`` is told of each, and about which target it was, as soon as it has ended; of one that is cut off, too.
    ``most``: octets that are kept; past them the oldest are forgotten. None: all are kept.
    """

    source: Converser
    note: Note = unnoted
    most: int | None = None
    kept: dict[Call, Transcript] = field(default_factory=dict)
    _under_way: dict[Call, list[asyncio.Future[None]]] = field(default_factory=dict)
    _octets: int = 0

    def about(self, target: str) -> Converser:
        """The same, about that target."""
        return _About(self, target)

    async def converse(self, call: Call, target: str = "") -> Transcript:
        """The source's conversation, kept."""
        while call in self._under_way:
            import asyncio

            ended = asyncio.get_running_loop().create_future()
            self._under_way[call].append(ended)
            await ended
        if call in self.kept:
            return self.kept[call]
        self._under_way[call] = []
        try:
            return self._keep(await self.source.converse(call), target)
        except BaseException as stop:
            cut = stop.__cause__
            if isinstance(cut, CutOffError) and cut.transcript:
                self._keep(cut.transcript, target)
            raise
        finally:
            for one in self._under_way.pop(call):
                if not one.done():
                    one.set_result(None)

    def _keep(self, transcript: Transcript, target: str) -> Transcript:
        self.kept[transcript.call] = transcript
        self.note(transcript, target)
        self._octets += _size(transcript)
        while self.most is not None and self._octets > self.most:
            self._octets -= _size(self.kept.pop(next(iter(self.kept))))
        return transcript


class _About(Frozen):
    """A converser whose conversations are about a target."""

    recording: RecordingConversations
    target: str

    async def converse(self, call: Call) -> Transcript:
        """The conversation, kept."""
        return await self.recording.converse(call, self.target)


def _size(transcript: Transcript) -> int:
    """About how many octets of memory the conversation takes."""
    return len(transcript.call.script) + sum(_ENTRY + len(entry.data) for entry in transcript.entries)


class RecordedConversations(Frozen):
    """A converser that gives back what was kept, and UNRECORDED for everything else."""

    kept: Mapping[Call, Transcript] = field(default_factory=dict)

    async def converse(self, call: Call) -> Transcript:
        """What was kept of the conversation."""
        return self.kept.get(call) or Transcript(call, end=End.UNRECORDED)


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
