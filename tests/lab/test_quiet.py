"""Whatever a client or a server of the lab does, asyncio has nothing to say of it on the user's terminal."""

from __future__ import annotations

import asyncio
import logging
import socket
import ssl
import struct
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from tests.lab.test_smtpserver import unverified
from tests.talking import serving

COMMANDS = ("EHLO x", "MAIL FROM:<a@a.example>", "RCPT TO:<b@b.example>", "DATA", "x\r\n.", "QUIT")
STAGES = ("CONNECT", "EHLO", "MAIL", "RCPT", "DATA", ".", "QUIT")
MISDEEDS = [
    *((misdeed, stage) for misdeed in ("drop", "reset", "half-close") for stage in STAGES),
    *(("deaf", stage) for stage in ("CONNECT", "DATA", "QUIT")),
    *((misdeed, "EHLO") for misdeed in ("flood", "early", "silent", "long-line")),
]
PATIENCE = 0.1  # seconds


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[Callable[[], list[str]]]:
    with caplog.at_level(logging.WARNING):
        yield lambda: [record.getMessage() for record in caplog.records]


def say(connection: socket.socket, *commands: str) -> bytes:
    """Say these and hear what comes, for a moment."""
    said = b""
    with suppress(OSError):
        said = connection.recv(1000)
        for command in commands:
            connection.sendall(f"{command}\r\n".encode())
            said = connection.recv(1000)
            if not said:
                break
    return said


def leave(connection: socket.socket, way: str) -> None:
    with suppress(OSError):
        if way == "unwrap" and isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
        elif way == "reset":
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        elif way == "half":
            connection.shutdown(socket.SHUT_WR)
            connection.recv(1000)
    connection.close()


def visit(place: tuple[str, int], tls: str, commands: tuple[str, ...], way: str) -> bytes:
    """Come over TLS, say these, and go that way."""
    with suppress(OSError), socket.create_connection(place, timeout=PATIENCE) as plain:
        if tls == "starttls" and not say(plain, "EHLO x", "STARTTLS").startswith(b"220"):
            return b""
        secure = plain if tls == "clear" else unverified().wrap_socket(plain, server_hostname="x")
        with secure:
            if tls == "starttls" and commands:
                secure.sendall(b"NOOP\r\n")  # for the greeting that does not come again
            said = say(secure, *commands) if commands else b""
            leave(secure, way)
            return said
    return b""


async def visited(do: object, tls: str, *visits: tuple[tuple[str, ...], str]) -> list[bytes]:
    async with serving(do=do, implicit=tls == "implicit") as (_, place, _):
        said = [await asyncio.to_thread(visit, place, tls, *one) for one in visits]
        await asyncio.sleep(0.01)
    await asyncio.sleep(0)
    return said


@pytest.mark.parametrize("tls", ["clear", "starttls", "implicit"])
@pytest.mark.parametrize(("misdeed", "stage"), MISDEEDS)
def test_a_server_misbehaves_without_a_word_of_asyncio(
    misdeed: str, stage: str, tls: str, logged: Callable[[], list[str]]
) -> None:
    asyncio.run(visited(f"{misdeed} at {stage}", tls, (COMMANDS, "close"), (COMMANDS, "unwrap")))
    assert logged() == []


@pytest.mark.parametrize("way", ["close", "unwrap", "reset", "half"])
@pytest.mark.parametrize("tls", ["clear", "starttls", "implicit"])
def test_a_client_goes_away_in_every_state_without_a_word_of_asyncio(
    tls: str, way: str, logged: Callable[[], list[str]]
) -> None:
    asyncio.run(visited((), tls, *((COMMANDS[:number], way) for number in range(len(COMMANDS)))))
    assert logged() == []


def test_a_client_ends_tls_in_the_breath_in_which_it_begins_without_a_word_of_asyncio(
    logged: Callable[[], list[str]],
) -> None:
    def come(place: tuple[str, int]) -> None:
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = unverified().wrap_bio(incoming, outgoing, server_hostname="x")
        with socket.create_connection(place, timeout=1) as plain:
            say(plain, "EHLO x", "STARTTLS")
            with suppress(ssl.SSLWantReadError):
                tls.do_handshake()
            while outgoing.pending:
                plain.sendall(outgoing.read())
                incoming.write(plain.recv(65536))
                with suppress(ssl.SSLWantReadError):
                    tls.do_handshake()
                    break
            with suppress(ssl.SSLError):
                tls.unwrap()
            plain.sendall(outgoing.read())  # Finished and close_notify
            plain.recv(65536)

    async def work() -> None:
        async with serving() as (_, place, _):
            await asyncio.to_thread(come, place)

    asyncio.run(work())
    assert logged() == []
