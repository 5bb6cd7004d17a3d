"""What the lab's SMTP and IMAP servers have in common: listening, and moving octets."""

from __future__ import annotations

import asyncio
import socket
import struct
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import NoReturn

MOST_PENDING = 4 * 1024 * 1024  # octets that are coming in
_PARTING = 1.0  # seconds that a connection may take to close


class Connection(ABC):
    """A connection with a client."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._pending = b""
        self._most_pending = MOST_PENDING

    @abstractmethod
    async def hold(self) -> None:
        """Hold the conversation to its end."""

    def end(self) -> None:  # noqa: B027 - most have nothing to give up
        """Give up what the connection had."""

    async def _line(self) -> bytes:
        while b"\n" not in self._pending:
            await self._read()
        line, _, self._pending = self._pending.partition(b"\n")
        return line + b"\n"

    async def _exactly(self, size: int) -> bytes:
        while len(self._pending) < size:
            await self._read()
        octets, self._pending = self._pending[:size], self._pending[size:]
        return octets

    async def _read(self) -> None:
        data = await self._reader.read(65536)
        if not data or len(self._pending) > self._most_pending:
            raise EOFError
        self._pending += data

    async def _listen_for_ever(self) -> NoReturn:
        while await self._reader.read(65536):
            pass
        raise EOFError

    async def _send(self, octets: bytes) -> None:
        self._writer.write(octets)
        await self._writer.drain()

    async def _send_split(self, octets: bytes, seconds: float) -> None:
        """Send one octet at a time, so many seconds apart."""
        for place in range(len(octets)):
            await self._send(octets[place : place + 1])
            await asyncio.sleep(seconds)

    def _reset(self) -> NoReturn:
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()
        raise EOFError


class Listener(ABC):
    """A server's connections."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    @abstractmethod
    def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Connection:
        """The connection with a client that has come."""

    async def close(self) -> None:
        """Stop listening, and drop every connection."""
        for server in self._servers:
            server.close()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        connection = self._connection(reader, writer)
        self._open.add(task)
        try:
            with suppress(OSError, EOFError):  # whichever way the client goes
                await connection.hold()
            writer.close()
            with suppress(OSError):
                async with asyncio.timeout(_PARTING):
                    await writer.wait_closed()
        except asyncio.CancelledError:
            pass  # the server closes
        finally:
            connection.end()
            writer.transport.abort()
            self._open.discard(task)
