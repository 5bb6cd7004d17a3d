"""What a session goes on with by itself is the same as what the conversation's task does, statement by statement."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import pytest

from deliverkit.clients import alone
from deliverkit.clients.smtp import Course, Session, Steps, Talk, connection
from deliverkit.clients.smtp.bell import Bell
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import NOTHING, Trust
from deliverkit.clients.smtp.session import SmtpSession
from deliverkit.observations.smtp import End, Transcript
from tests.talking import CLOCK, HOST, PATIENCE, call_to, driven, serving

pytestmark = pytest.mark.usefixtures("either_loop")
MESSAGE = b"Subject: x\r\n\r\n.a line\r\n"
LONG = MESSAGE + b"." * 100 + b".\r\n" * 1000
GIVEN = replace(NOTHING, messages={"m.eml": MESSAGE, "long.eml": LONG}, patience=PATIENCE)
MAIL = "> MAIL FROM:<ada@a.example>\n< 250\n> RCPT TO:<bob@b.example>\n< 250\n> DATA\n< 354\n"
GREET = "< 220\n> EHLO client.example\n< 250\n"
LEAVE = "> QUIT\n< 221\n"


def hold(text: str, **manner: Any) -> Transcript:
    """The conversation that the script holds with a host of that manner."""

    async def work() -> Transcript:
        async with serving(**manner) as (_, place, authority):
            settings = Settings(Trust(CLOCK, authority.root), PATIENCE)
            return await Conversations(settings, by_script(GIVEN)).converse(call_to(place, text))

    return asyncio.run(work())


async def leave_all(_: SmtpSession, course: Course) -> None:
    """Every statement is the task's."""


@pytest.mark.parametrize(
    "text",
    [
        GREET + MAIL + "> @m.eml\n< 250\n" + LEAVE,
        GREET + MAIL + "> Subject: x\n>\n> .\n< 250\n" + LEAVE,
        GREET + "> @m.eml\n" + LEAVE,
        GREET + MAIL + "> @none.eml\n< 250\n",
        GREET + "if offered STARTTLS {\n  starttls\n  > EHLO client.example\n  < 250\n}\n" + LEAVE,
        GREET + "if offered NOTHING {\n  > HELP\n  < 214\n} else {\n  > NOOP\n  < 250\n}\n" + LEAVE,
        GREET + "if offered NOTHING {\n  > HELP\n}\nrepeat 3 {\n  > NOOP\n  <+ 251\n}\n" + LEAVE,
        GREET + "> NOOP\n<? 550\n> NOOP\n< 251\n" + LEAVE,
        GREET + '> NOOP\n< 250 2.0.*\n> NOOP\n< 250 "nothing"\n> NOOP\n< 250 "everything"\n' + LEAVE,
        GREET + "> NOOP\n> NOOP\n> RSET\n< 250\n< 250\n< 250\n" + LEAVE,
        GREET + "pipeline {\n  > NOOP\n  < 250\n  > RSET\n  < 250\n}\n" + LEAVE,
        GREET + "> NOOP {absent}\n< 250\n",
        GREET + "> NOOP\n< 250\nclose\n> NOOP\n",
        GREET + LEAVE + "> NOOP\n< 250\n",
        GREET + "< 250 within 0.1s\n",
        "".join("> NOOP\n" for _ in range(70)) + "< 220\n" + "".join("< 250\n" for _ in range(70)),
    ],
)
@pytest.mark.parametrize("do", ["", "split", "drop at MAIL", "drop at QUIT", "silent", "flood at EHLO"])
def test_it_is_the_same_conversation(text: str, do: str, monkeypatch: pytest.MonkeyPatch) -> None:
    manner = {"do": do} if do else {}
    by_itself = hold(text, **manner)
    monkeypatch.setattr(SmtpSession, "follow", leave_all)
    by_task = hold(text, **manner)
    assert _without_times(by_itself) == _without_times(by_task)
    assert (by_itself.end, by_itself.detail, by_itself.unmet) == (by_task.end, by_task.detail, by_task.unmet)


def _without_times(held: Transcript) -> list[tuple[object, ...]]:
    return [entry[1:] for entry in held.entries]


def test_a_trickle_does_not_lengthen_the_time_for_a_reply() -> None:
    started = time.monotonic()
    held = hold(GREET, do="split", seconds=0.05)
    assert time.monotonic() - started < PATIENCE * 3
    assert (held.end, held.detail) == (End.SILENT, "no whole reply within 0.4 s")
    assert held.unmet[0].got == "nothing: no whole reply within 0.4 s"


def test_a_delivery_wakes_its_task_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """When the script has come to its end."""
    woken = 0
    ring = Bell.ring

    def counted(bell: Bell) -> None:
        nonlocal woken
        woken += bell._wake is not None  # noqa: SLF001 - whether somebody waits
        ring(bell)

    monkeypatch.setattr(Bell, "ring", counted)
    held = hold(GREET + "if offered NOTHING {\n  > HELP\n}\n" + MAIL + "> @m.eml\n< 250\n" + LEAVE)
    assert (held.end, held.unmet, woken) == (End.CLOSED, (), 1)


@pytest.mark.parametrize(
    ("text", "hurried"),
    [
        (GREET + MAIL + "> @m.eml\n< 250\n" + LEAVE, 0),
        (GREET + '> NOOP\n< 250 "2.0.0"\n' + LEAVE, 0),
        (GREET + "> NOOP\n> NOOP\n< 250\n< 250\n" + LEAVE, 1),
        (GREET + '> NOOP\n> NOOP\n< 250 "2.0.0"\n>! "NO"\n< 250 "2.0.0"\n>! "OP\\r\\n"\n< 250\n' + LEAVE, 1),
        (GREET + MAIL + "> @long.eml\n< 250\n" + LEAVE, 1),
        (GREET + '>! "NO"\nwait 0.01s\n>! "OP\\r\\n"\n< 250\n' + LEAVE, 1),
        (GREET + "starttls\n> EHLO client.example\n< 250\n" + LEAVE, 1),
    ],
)
def test_nothing_waits_for_an_acknowledgement_that_no_answer_brings(
    text: str, hurried: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurries: list[socket.SocketType] = []
    monkeypatch.setattr(connection, "hurry", hurries.append)
    held = hold(text)
    assert (held.end, held.unmet, len(hurries)) == (End.CLOSED, (), hurried)


@pytest.mark.parametrize("runs", [asyncio.run, alone.run])
def test_a_fault_of_ours_comes_to_the_conversation(runs: Callable[[Coroutine[Any, Any, None]], None]) -> None:
    """Not to the loop, which would leave the conversation to wait for the host."""

    def course(_: Talk) -> Steps:
        yield 1, PATIENCE
        raise LookupError("a fault of ours")

    async def drive(session: Session) -> None:
        with pytest.raises(LookupError, match="a fault of ours"):
            await session.follow(course)

    with socket.socket() as greeting:
        greeting.bind((HOST, 0))
        greeting.listen()
        peers: list[socket.socket] = []

        def greet() -> None:
            peers.append(greeting.accept()[0])
            peers[0].send(b"220 hello\r\n")

        thread = threading.Thread(target=greet)
        thread.start()

        async def work() -> None:
            held = await Conversations(Settings(Trust(CLOCK), PATIENCE), driven(drive)).converse(
                call_to(greeting.getsockname())
            )
            assert held.end is End.CLOSED

        runs(work())
        thread.join()
        peers[0].close()
