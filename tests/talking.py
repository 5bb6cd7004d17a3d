"""Conversations with an SMTP server of the lab, over loopback, held by small drivers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

from deliverkit.clients.smtp import Session
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, Drive
from deliverkit.clients.smtp.provisions import Held, Trust
from deliverkit.lab.authority import Authority
from deliverkit.lab.mailhosts import parse_mail_host
from deliverkit.lab.smtpserver import SmtpServer
from deliverkit.observations.smtp import Call, End, Kind, Transcript
from deliverkit.standards.smtp.reply import Reply

HOST = "127.0.0.1"
NAME = "mx.lab.example"
CLOCK = datetime(2026, 11, 22, 9, tzinfo=UTC)
PATIENCE = 0.4  # seconds for whatever must not come

Driving = Callable[[Session], Awaitable[object]]
Serving = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def call_to(place: tuple[str, int], script: str = "") -> Call:
    return Call(NAME, *place, script)


def conversations(driving: Driving, trust: Trust | None = None, timeout: float = PATIENCE) -> Conversations:
    """A converser that is driven so."""
    return Conversations(Settings(trust or Trust(CLOCK), timeout), driven(driving))


def driven(driving: Driving) -> Drive:
    """What holds a conversation so, and expects nothing."""

    async def drive(session: Session) -> Held:
        await driving(session)
        return Held(End.CLOSED, "", ())

    return lambda _: drive


def talk_to(serve: Serving, driving: Driving) -> Transcript:
    """What comes of a conversation with a server that is written out."""

    async def work() -> Transcript:
        server = await asyncio.start_server(serve, HOST, 0)
        async with server:
            place = server.sockets[0].getsockname()
            found = await conversations(driving).converse(call_to(place))
            await asyncio.sleep(0.01)
            return found

    return asyncio.run(work())


@asynccontextmanager
async def serving(**manner: Any) -> AsyncIterator[tuple[SmtpServer, tuple[str, int], Authority]]:
    """A server of that manner, where it listens, and who signed its certificate."""
    host = parse_mail_host({"address": "11.0.1.25", **manner})
    authority = Authority(CLOCK)
    context = authority.serving_of(host) if host.certificate else None
    server = SmtpServer(host, context)
    try:
        yield server, await server.start(HOST), authority
    finally:
        await server.close()


def talk(driving: Driving, *, timeout: float = PATIENCE, **manner: Any) -> Transcript:
    """What comes of the conversation with a server of that manner; it leaves no task behind."""

    async def work() -> Transcript:
        async with serving(**manner) as (_, place, authority):
            converser = conversations(driving, Trust(CLOCK, authority.root), timeout)
            before = asyncio.all_tasks()
            transcript = await converser.converse(call_to(place))
            ours = {task for task in asyncio.all_tasks() - before if "Listener" not in repr(task)}
            assert not ours, "a task is left"
            return transcript

    return asyncio.run(work())


def said(transcript: Transcript, kind: Kind = Kind.RECEIVED) -> list[bytes]:
    return [entry.data for entry in transcript.entries if entry.kind is kind]


async def command(session: Session, text: str, line: int = 0) -> Reply:
    await session.send(f"{text}\r\n".encode(), line=line)
    return await session.read_reply(PATIENCE, line=line)


async def greet(session: Session) -> Reply:
    await session.read_reply(PATIENCE)
    return await command(session, "EHLO client.example")


async def secure(session: Session) -> Reply:
    await greet(session)
    await command(session, "STARTTLS")
    await session.start_tls()
    return await command(session, "EHLO client.example")


async def leave(session: Session) -> None:
    await command(session, "QUIT")


async def deliver(session: Session, message: bytes = b"Subject: x\r\n\r\ntext\r\n") -> Reply:
    await greet(session)
    for text in ("MAIL FROM:<ada@a.example>", "RCPT TO:<bob@b.example>", "DATA"):
        await command(session, text)
    await session.send(message + b".\r\n")
    reply = await session.read_reply(PATIENCE)
    await leave(session)
    return reply
