"""Conversations that were recorded, and the recording."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.clients.smtp.provisions import CutOffError
from deliverkit.observations.smtp import Call, Converser, End, Transcript

if TYPE_CHECKING:
    import asyncio

_ENTRY = 200  # octets that an entry takes beside its data


class RecordingConversations(Slotted):
    """A converser over another that keeps every conversation, and holds equal ones once.

    ``note`` is told of each as soon as it has ended; of one that is cut off, too. ``most``: octets that are kept; past
    them the oldest are forgotten. None: all are kept.
    """

    source: Converser
    note: Callable[[Transcript], None] = lambda _: None
    most: int | None = None
    kept: dict[Call, Transcript] = field(default_factory=dict)
    _under_way: dict[Call, list[asyncio.Future[None]]] = field(default_factory=dict)
    _octets: int = 0

    async def converse(self, call: Call) -> Transcript:
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
            return self._keep(await self.source.converse(call))
        except BaseException as stop:
            cut = stop.__cause__
            if isinstance(cut, CutOffError) and cut.transcript:
                self._keep(cut.transcript)
            raise
        finally:
            for one in self._under_way.pop(call):
                if not one.done():
                    one.set_result(None)

    def _keep(self, transcript: Transcript) -> Transcript:
        self.kept[transcript.call] = transcript
        self.note(transcript)
        self._octets += _size(transcript)
        while self.most is not None and self._octets > self.most:
            self._octets -= _size(self.kept.pop(next(iter(self.kept))))
        return transcript


def _size(transcript: Transcript) -> int:
    """About how many octets of memory the conversation takes."""
    return len(transcript.call.script) + sum(_ENTRY + len(entry.data) for entry in transcript.entries)


class RecordedConversations(Frozen):
    """A converser that gives back what was kept, and UNRECORDED for everything else."""

    kept: Mapping[Call, Transcript] = field(default_factory=dict)

    async def converse(self, call: Call) -> Transcript:
        """What was kept of the conversation."""
        return self.kept.get(call) or Transcript(call, end=End.UNRECORDED)
