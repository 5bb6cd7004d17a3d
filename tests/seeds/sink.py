"""A mail host for tests of sending: it counts what it took by token, slowly enough to be caught in the middle."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from deliverkit.seeds.copies import TOKEN

_RECIPIENT = re.compile(rb"RCPT TO:<([^>]*)>", re.IGNORECASE)


class Sink:
    """``replies``: by recipient, what is said to RCPT in place of 250. ``delay``: seconds before each reply."""

    def __init__(self, replies: Mapping[str, list[str]], delay: float) -> None:
        self.taken: Counter[str] = Counter()
        self.recipients: Counter[str] = Counter()
        self.port = 0
        self._replies = replies
        self.delay = delay

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        try:
            writer.write(b"220 sink.example\r\n")
            while line := await reader.readline():
                await asyncio.sleep(self.delay)
                writer.write((await self._reply(line, reader, writer)).encode() + b"\r\n")
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _reply(self, line: bytes, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> str:
        found = _RECIPIENT.match(line)
        if found:
            address = found[1].decode()
            self.recipients[address] += 1
            waiting = self._replies.get(address, [])
            return waiting.pop(0) if waiting else "250 ok"
        if line.upper().startswith(b"DATA"):
            writer.write(b"354 go on\r\n")
            message = await reader.readuntil(b"\r\n.\r\n")
            self.taken[TOKEN.findall(message.decode())[0]] += 1
            await asyncio.sleep(self.delay)
            return "250 2.0.0 taken"
        return "221 bye" if line.upper().startswith(b"QUIT") else "250 ok"


@asynccontextmanager
async def sink(
    replies: Mapping[str, list[str]] | None = None, *, delay: float = 0.0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[Sink]:
    """A mail host on loopback; with ``tls`` it speaks TLS from the first octet on."""
    made = Sink(replies or {}, delay)
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0, ssl=tls)
    made.port = server.sockets[0].getsockname()[1]
    async with server:
        yield made
