"""What the lab's SMTP and IMAP servers have in common: listening, and moving octets."""

from __future__ import annotations

import asyncio
import socket
import ssl
import struct
from abc import ABC, abstractmethod
from contextlib import suppress
from typing import NoReturn

MOST_PENDING = 4 * 1024 * 1024  # octets that are coming in
_BACKLOG = 1024  # clients that wait to be taken
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
        if self._writer.is_closing():  # inside TLS what is written then is lost, and asyncio warns of it
            raise EOFError
        self._writer.write(octets)
        await self._writer.drain()

    async def _send_for_ever(self, octets: bytes) -> NoReturn:
        while True:
            await self._send(octets)
            await asyncio.sleep(0)  # a write into a connection that is going away waits for nothing

    async def _send_split(self, octets: bytes, seconds: float) -> None:
        """Send one octet at a time, so many seconds apart."""
        for place in range(len(octets)):
            await self._send(octets[place : place + 1])
            await asyncio.sleep(seconds)

    async def _start_tls(self, context: ssl.SSLContext) -> None:
        """Shake hands as the server."""
        protocol = self._writer.transport.get_protocol()
        assert isinstance(protocol, _Protocol)
        protocol.is_secured = True
        await self._writer.start_tls(context)

    def _half_close(self) -> None:
        """Say that no more will be said, and go on reading; inside TLS by a close_notify (RFC 8446 §6.1)."""
        tls: ssl.SSLObject | None = self._writer.get_extra_info("ssl_object")
        if tls is None:
            self._writer.write_eof()
            return
        with suppress(ssl.SSLError):  # the client's own close_notify has not come yet
            tls.unwrap()
        self._writer.writelines(())  # which sends what TLS has to say

    def _reset(self) -> NoReturn:
        linger = struct.pack("ii", 1, 0)
        self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        self._writer.transport.abort()
        raise EOFError


class _Protocol(asyncio.StreamReaderProtocol):
    """A connection's streams; ``is_secured``: TLS is there, or being started.

    asyncio learns of TLS only after the handshake, and warns of a client that ends it in the same breath.
    """

    is_secured = False

    def eof_received(self) -> bool | None:
        return super().eof_received() and not self.is_secured


class Listener(ABC):
    """A server's connections."""

    def __init__(self) -> None:
        self._servers: list[asyncio.Server] = []
        self._open: set[asyncio.Task[None]] = set()

    async def _listen_at(self, address: str, secured: ssl.SSLContext | None) -> int:
        """Listen on a free port of the address, with TLS from the first octet or without; the port."""
        loop = asyncio.get_running_loop()
        server = await loop.create_server(self._protocol, address, 0, ssl=secured, backlog=_BACKLOG)
        self._servers.append(server)
        return int(server.sockets[0].getsockname()[1])

    async def _listen_at_path(self, path: str) -> None:
        """Listen at the path of a socket."""
        loop = asyncio.get_running_loop()
        self._servers.append(await loop.create_unix_server(self._protocol, path, backlog=_BACKLOG))

    def _protocol(self) -> _Protocol:
        loop = asyncio.get_running_loop()
        return _Protocol(asyncio.StreamReader(loop=loop), self._begin, loop=loop)

    def _begin(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve a client; its task is known from the start, so that none is left when the server closes."""
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

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
        connection = self._connection(reader, writer)
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
