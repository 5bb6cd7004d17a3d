"""Conversations as a whole: kept once, given back, cancelled without a trace, a thousand at a time."""

from __future__ import annotations

import asyncio
import gc
import tracemalloc
from collections.abc import Awaitable, Callable

import pytest

from deliverkit.classes import replace
from deliverkit.clients.recorded import RecordedConversations, RecordingConversations
from deliverkit.clients.smtp import Session
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.notes import MOST_LINE, MOST_REPLY_OCTETS
from deliverkit.clients.smtp.provisions import NOTHING, CutOffError, Held, Trust
from deliverkit.clients.smtp.session import SmtpSession
from deliverkit.observations.smtp import Call, End, Kind, Transcript
from tests.hostile_hosts import endless_long_lines, standing
from tests.talking import CLOCK, NAME, PATIENCE, call_to, conversations, greet, said, serving, talk

pytestmark = pytest.mark.usefixtures("either_loop")
MANY = 1000
HOSTILE = 50


async def greet_and_leave(session: Session) -> None:
    """With patience: a thousand wait for one another, and for a host in the same process."""
    await session.read_reply(30)
    for text in (b"EHLO client.example\r\n", b"QUIT\r\n"):
        await session.send(text)
        await session.read_reply(30)


def test_equal_calls_are_held_once_and_given_back() -> None:
    async def work() -> tuple[list[Transcript], int, Transcript, Transcript]:
        held = 0

        async def drive(session: Session) -> None:
            nonlocal held
            held += 1
            await greet_and_leave(session)

        async with serving() as (_, place, _):
            recording = RecordingConversations(conversations(drive))
            call = call_to(place)
            found = await asyncio.gather(*(recording.converse(call) for _ in range(5)))
        recorded = RecordedConversations(recording.kept)
        other = call_to(place, "another script")
        return found, held, await recorded.converse(call), await recorded.converse(other)

    found, held, again, never = asyncio.run(work())
    assert held == 1
    assert set(map(id, found)) == {id(again)}
    assert (never.end, never.entries) == (End.UNRECORDED, ())
    assert never.end.is_unconnected


def test_what_a_driver_does_not_read_is_kept_all_the_same() -> None:
    async def drive(session: Session) -> None:
        await session.listen(0.05)

    found = talk(drive)
    assert said(found) == [b"220 mx.lab.example ESMTP deliverkit lab\r\n"]
    assert found.end is End.CLOSED


@pytest.mark.parametrize("do", ["silent", "tarpit", "mute-handshake"])
def test_cancelled_it_leaves_neither_task_nor_socket(do: str) -> None:
    sessions: list[Session] = []

    async def drive(session: Session) -> None:
        sessions.append(session)
        await greet(session)
        await session.send(b"STARTTLS\r\n")
        await session.read_reply(60)
        await session.start_tls()

    async def work() -> None:
        async with serving(do=do, seconds=0.2) as (_, place, _):
            before = asyncio.all_tasks()
            task = asyncio.create_task(conversations(drive, timeout=60).converse(call_to(place)))
            await asyncio.sleep(0.1)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task
            assert {one for one in asyncio.all_tasks() - before if "Listener" not in repr(one)} == set()
            [session] = sessions
            assert isinstance(session, SmtpSession)
            assert session._socket.fileno() == -1  # noqa: SLF001 - closed

    asyncio.run(work())


def test_cut_off_while_it_takes_leave_it_tells_what_was_said() -> None:
    """After an expectation that was not met the host may be silent at QUIT; who stops the run then loses nothing."""
    causes: list[BaseException | None] = []

    async def work() -> None:
        async with serving(do="silent at QUIT") as (_, place, authority):
            settings = Settings(Trust(CLOCK, authority.root), 60)
            converser = Conversations(settings, by_script(replace(NOTHING, patience=60)))

            async def hold() -> None:
                try:
                    await converser.converse(call_to(place, "< 220\n> EHLO client.example\n< 251\n"))
                except asyncio.CancelledError as stop:
                    causes.append(stop.__cause__)
                    raise

            task = asyncio.create_task(hold())
            await asyncio.sleep(0.2)
            task.cancel()
            with pytest.raises(asyncio.CancelledError):
                await task

    asyncio.run(work())
    [cause] = causes
    assert isinstance(cause, CutOffError)
    assert cause.transcript
    assert cause.transcript.end is End.INTERRUPTED
    assert said(cause.transcript, Kind.SENT)[-1] == b"QUIT\r\n"
    assert [one.wanted for one in cause.transcript.unmet] == ["251"]


def test_a_thousand_at_once_are_held_with_bounded_memory() -> None:
    """By counts: the entries of each, no task, no session and no transport that stays."""

    async def work() -> list[Transcript]:
        async with serving(certificate="") as (_, place, _):
            converser = conversations(greet_and_leave, timeout=30)
            before = asyncio.all_tasks()
            found = await asyncio.gather(*(converser.converse(Call(f"{NAME}{n}", *place, "")) for n in range(MANY)))
            assert {one for one in asyncio.all_tasks() - before if "Listener" not in repr(one)} == set()
            return found

    found = asyncio.run(work())
    assert [one.end for one in found] == [End.CLOSED] * MANY
    assert {len(one.entries) for one in found} == {14}
    gc.collect()
    assert sum(isinstance(one, SmtpSession) for one in gc.get_objects()) == 0


def test_endless_banners_at_once_are_held_with_bounded_memory() -> None:
    """As many octets of each are kept as one reply may have; and no more, with what is under way, at any time."""

    async def work() -> list[Transcript]:
        async with standing(endless_long_lines) as place:
            converser = conversations(greet_and_leave, timeout=30)
            return await asyncio.gather(*(converser.converse(Call(f"{NAME}{n}", *place, "")) for n in range(HOSTILE)))

    tracemalloc.start()
    try:
        found = asyncio.run(work())
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert [one.end for one in found] == [End.FLOODED] * HOSTILE
    kept = [sum(len(entry.data) for entry in one.entries) for one in found]
    assert max(kept) <= MOST_REPLY_OCTETS + 2 * MOST_LINE
    assert most < HOSTILE * 4 * MOST_REPLY_OCTETS


def test_all_is_ready_before_the_host_is_connected_to() -> None:
    order: list[str] = []

    def drive(call: Call) -> Callable[[Session], Awaitable[Held]]:
        order.append("ready")

        async def hold(session: Session) -> Held:
            assert isinstance(session, SmtpSession)
            order.extend(entry.kind for entry in session.notes.entries)
            return Held(End.CLOSED, "", ())

        assert call.script == "NOOP"
        return hold

    async def work() -> Transcript:
        async with serving() as (_, place, _):
            return await Conversations(Settings(Trust(CLOCK), PATIENCE), drive).converse(call_to(place, "NOOP"))

    assert asyncio.run(work()).end is End.CLOSED
    assert order == ["ready", Kind.CONNECTED]
