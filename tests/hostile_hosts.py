"""Hosts at the other end of SMTP that mean harm, or are broken beyond what a server of the lab can be."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from tempfile import NamedTemporaryFile
from typing import Any, TypeAlias

from deliverkit.lab.authority import Authority
from tests.servers import free_port
from tests.talking import CLOCK, HOST, NAME, serving

Reader: TypeAlias = asyncio.StreamReader
Writer: TypeAlias = asyncio.StreamWriter
Serving: TypeAlias = Callable[[Reader, Writer], Awaitable[None]]
GREETING, OFFER = b"220 mx.lab.example ESMTP\r\n", b"250-mx.lab.example\r\n250 STARTTLS\r\n"
WARNING = b"\x15\x03\x01\x00\x02\x01\x5a"  # TLS: an alert that ends nothing, RFC 5246 §7.2
BLOCK = 60_000  # octets that are sent at a time


async def _for_ever(writer: Writer, octets: bytes) -> None:
    """Say it again and again, as fast as it is taken."""
    octets *= max(1, BLOCK // len(octets))
    while True:
        writer.write(octets)
        await writer.drain()


async def _up_to(reader: Reader, writer: Writer, verb: bytes, reply: bytes) -> None:
    """Be a good host until the verb comes, and say that to it."""
    writer.write(GREETING)
    while not (line := await reader.readline()).upper().startswith(verb):
        if not line:
            raise EOFError
        writer.write(OFFER if line.upper().startswith(b"EHLO") else b"250 well\r\n")
    writer.write(reply)


async def _to_the_hello(reader: Reader, writer: Writer) -> bytes:
    """Be a good host until the client's first octets of a handshake."""
    await _up_to(reader, writer, b"STARTTLS", b"220 go on\r\n")
    return await reader.read(BLOCK)


async def endless_word(_: Reader, writer: Writer) -> None:
    """A greeting of one line that has no end."""
    await _for_ever(writer, b"220")


async def endless_long_lines(_: Reader, writer: Writer) -> None:
    """A greeting without an end, of lines as long as are taken."""
    await _for_ever(writer, b"220-" + b"x" * 8_000 + b"\r\n")


async def endless_greetings(_: Reader, writer: Writer) -> None:
    """One whole greeting after the other."""
    await _for_ever(writer, b"220 " + b"x" * 500 + b"\r\n")


async def trickle(_: Reader, writer: Writer) -> None:
    """A greeting that comes octet by octet, and has no end."""
    while True:
        writer.write(b"2")
        await writer.drain()
        await asyncio.sleep(0.05)


async def endless_after_quit(reader: Reader, writer: Writer) -> None:
    """More and more after the 221, the first of it in one packet with that: nobody listens for what comes later."""
    await _up_to(reader, writer, b"QUIT", b"221 bye\r\n250 and more\r\n")
    await _for_ever(writer, b"250 and more\r\n")


async def endless_warnings(reader: Reader, writer: Writer) -> None:
    """Warnings in place of a handshake, one after the other."""
    await _to_the_hello(reader, writer)
    await _for_ever(writer, WARNING)


async def endless_certificate(reader: Reader, writer: Writer) -> None:
    """A handshake that never comes to its end, in records that are as large as they may be."""
    await _to_the_hello(reader, writer)
    await _for_ever(writer, b"\x16\x03\x03\x40\x00\x02\xff\xff\xff" + b"\0" * (0x4000 - 4))


async def alert_inside_tls(reader: Reader, writer: Writer) -> None:
    """An alert when TLS is there: who shows no certificate is thrown out, which TLS 1.3 tells after the handshake."""
    data = await _to_the_hello(reader, writer)
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = _demanding().wrap_bio(incoming, outgoing, server_side=True)
    refused = False
    while data and not refused:
        incoming.write(data)
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        except ssl.SSLError:
            refused = True
        writer.write(outgoing.read())
        data = b"" if refused else await reader.read(BLOCK)
    await reader.read()


def _demanding() -> ssl.SSLContext:
    authority = Authority(CLOCK)
    context = authority.serving(NAME, "right")
    with NamedTemporaryFile() as roots:
        roots.write(authority.root)
        roots.flush()
        context.load_verify_locations(roots.name)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


async def deaf(_: Reader, writer: Writer) -> None:
    """All that is to be said is said in advance, and nothing is ever read."""
    writer.transport.pause_reading()  # type: ignore[attr-defined]
    writer.write(GREETING + b"250 well\r\n" * 3 + b"354 go on\r\n")
    await asyncio.Event().wait()


@asynccontextmanager
async def standing(serve: Serving | dict[str, Any], at: str | Sequence[str] = HOST) -> AsyncIterator[tuple[str, int]]:
    """Where such a host is, at one address or at several; a mapping is the manner of one of the lab's."""
    if isinstance(serve, dict):
        async with serving(**serve) as (_, place, _):
            yield place
        return
    held: set[asyncio.Task[None] | None] = set()

    async def hold(reader: Reader, writer: Writer) -> None:
        held.add(asyncio.current_task())
        with suppress(OSError, EOFError, asyncio.CancelledError):
            await serve(reader, writer)
        writer.transport.abort()

    server = await asyncio.start_server(hold, at, free_port(), backlog=256)
    try:
        yield server.sockets[0].getsockname()
    finally:
        server.close()
        for task in filter(None, held):
            task.cancel()
        await asyncio.gather(*filter(None, held), return_exceptions=True)
