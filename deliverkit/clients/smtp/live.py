"""Conversations on the network, recorded ones, and the recording between the two."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from deliverkit.clients.smtp import EndedError, Session
from deliverkit.clients.smtp.provisions import CutOffError, Held, Provisions
from deliverkit.clients.smtp.session import Settings, SmtpSession
from deliverkit.observations.smtp import Call, Converser, End, Transcript

if TYPE_CHECKING:
    from deliverkit.script.syntax import Script

_ENTRY = 200  # octets that an entry takes beside its data

Drive = Callable[[Call, Session], Awaitable[Held]]
"""What holds a conversation over a session that is connected."""


def by_script(provisions: Provisions) -> Drive:
    """Conversations as the call's script says, with these secrets, messages and patience."""

    async def drive(call: Call, session: Session) -> Held:
        from deliverkit.clients.smtp.conversing import converse

        return await converse(_script(call.script), session, provisions)

    return drive


@lru_cache(maxsize=64)
def _script(text: str) -> Script:
    """The script that the text is, as it is held: many hosts hear the same."""
    from deliverkit.script.parsing import parse_script
    from deliverkit.script.settling import settle

    return settle(parse_script(text))


@dataclass(frozen=True, slots=True)
class Conversations:
    """A converser on the network."""

    settings: Settings
    drive: Drive

    async def converse(self, call: Call) -> Transcript:
        """Connect, let the script drive, and close, however it went; nothing is left open."""
        session = SmtpSession(call.host, self.settings)
        held = Held(End.CLOSED, "", ())
        try:
            with suppress(EndedError):  # the session knows how it ended
                await session.connect(call.address, call.port)
                held = await self.drive(call, session)
        except CutOffError as cut:
            await _close_at_last(session)
            cut.transcript = replace(_transcript(call, session, cut.held), end=End.INTERRUPTED, detail="")
            raise
        finally:
            await session.close()
        return _transcript(call, session, held)


async def _close_at_last(session: SmtpSession) -> None:
    """Close the session, however often the run is stopped meanwhile."""
    is_closed = False
    while not is_closed:
        with suppress(asyncio.CancelledError):
            await session.close()
            is_closed = True


def _transcript(call: Call, session: SmtpSession, held: Held) -> Transcript:
    ended = session.ended or EndedError(End.CLOSED)
    entries = held.conceal(session.notes.entries)
    return Transcript(call, entries, ended.end, ended.detail, session.handshake, held.unmet)


@dataclass(slots=True)
class RecordingConversations:
    """A converser over another that keeps every conversation, and holds equal ones once.

    ``note`` is told of each as soon as it has ended; of one that is cut off, too. ``most``: octets that are kept; past
    them the oldest are forgotten. None: all are kept.
    """

    source: Converser
    note: Callable[[Transcript], None] = lambda _: None
    most: int | None = None
    kept: dict[Call, Transcript] = field(default_factory=dict)
    _under_way: dict[Call, asyncio.Future[None]] = field(default_factory=dict)
    _octets: int = 0

    async def converse(self, call: Call) -> Transcript:
        """The source's conversation, kept."""
        while call not in self.kept and call in self._under_way:
            await asyncio.wait([self._under_way[call]])
        if call in self.kept:
            return self.kept[call]
        done = self._under_way[call] = asyncio.get_running_loop().create_future()
        try:
            return self._keep(await self.source.converse(call))
        except CutOffError as cut:
            if cut.transcript:
                self._keep(cut.transcript)
            raise
        finally:
            del self._under_way[call]
            done.set_result(None)

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


@dataclass(frozen=True, slots=True)
class RecordedConversations:
    """A converser that gives back what was kept, and UNRECORDED for everything else."""

    kept: Mapping[Call, Transcript] = field(default_factory=dict)

    async def converse(self, call: Call) -> Transcript:
        """What was kept of the conversation."""
        return self.kept.get(call) or Transcript(call, end=End.UNRECORDED)
