"""An SMTP server of a world: it moves the octets of a dialogue, and misbehaves where its manner says so."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl

from deliverkit.lab.deliveries import Memory, Taker
from deliverkit.lab.dialogue import Dialogue
from deliverkit.lab.mailhosts import MailHost
from deliverkit.lab.streams import MOST_PENDING, Connection, Listener

_LONG_LINE = 1_000_000  # octets
_READ = 65536  # octets at a time
_CONTROLS = "\0\x1b[31mred\x1b[0m\x07\x9b\u202e"


class SmtpServer(Listener):
    """A server that listens on loopback; ``context`` is its side of TLS, where it has any."""

    def __init__(
        self,
        host: MailHost,
        context: ssl.SSLContext | None = None,
        memory: Memory | None = None,
        taker: Taker | None = None,
    ) -> None:
        super().__init__()
        self.host = host
        self._taker = taker
        self.memory = memory if memory is not None else Memory()
        self._context = context

    async def start(self, at: str) -> tuple[str, int]:
        """Listen on a free port of the address, or at the path of a socket; where that is."""
        if at.startswith("/"):
            await self._listen_at_path(at)
            return at, 0
        return at, await self._listen_at(at, self._context if self.host.implicit else None)

    def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Connection:
        return _Connection(Dialogue(self.host, self.memory, self._taker), reader, writer, self._context)


class _Connection(Connection):
    def __init__(
        self,
        dialogue: Dialogue,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(reader, writer)
        self._dialogue = dialogue
        self._host = dialogue.host
        self._context = context
        self._most_pending = max(MOST_PENDING, dialogue.host.most)

    async def hold(self) -> None:
        """Hold the conversation to its end."""
        dialogue = self._dialogue
        dialogue.secure = self._host.implicit
        await self._say("CONNECT", dialogue.greet())
        while dialogue.wants != "nothing":
            line = await self._line()
            if dialogue.wants == "response":
                await self._say("AUTH", dialogue.respond(line))
            elif line[:4].upper() == b"BDAT":
                await self._say("BDAT", dialogue.take_chunk(line, await self._chunk(dialogue.chunk_size(line))))
            else:
                await self._say(*dialogue.answer(line))
            if dialogue.wants == "message":
                await self._say(".", dialogue.take(await self._message()))
            if dialogue.wants == "handshake":
                await self._shake_hands()

    async def _chunk(self, size: int) -> bytes:
        """A chunk (RFC 3030 §2); of one that is larger than any message may be, enough to tell."""
        octets, come = bytearray(), 0
        while come < size:
            if not self._pending:
                await self._read()
            part, self._pending = self._pending[: size - come], self._pending[size - come :]
            come += len(part)
            if len(octets) <= self._host.most:
                octets += part
        return bytes(octets)

    async def _message(self) -> bytes:
        """A message without the dots that were stuffed into it (RFC 5321 §4.5.2); of one too large, enough to tell."""
        lines: list[bytes] = []
        ends = {b".\r\n", b".\n"} if self._host.does("lenient", "DATA") else {b".\r\n"}
        before, size = b"\r\n", 0
        while True:
            line = await self._line()
            begins = before.endswith(b"\r\n") or len(ends) > 1
            if begins and line in ends:
                return b"".join(lines)
            before = line
            if size <= self._host.most:
                lines.append(line[1:] if begins and line.startswith(b".") else line)
                size += len(lines[-1])

    async def _shake_hands(self) -> None:
        does, context = self._host.does, self._context
        if does("mute-handshake", "STARTTLS"):
            await self._listen_for_ever()
        if does("drop-handshake", "STARTTLS"):
            await self._read()
            raise EOFError
        if context is None or does("no-handshake", "STARTTLS"):
            self._dialogue.wants = "command"
            return
        if not does("no-alert", "STARTTLS"):
            await self._send_alert(context)
        if not does("credulous", "STARTTLS"):
            self._pending = b""  # RFC 3207 §4.2: what came in the clear is forgotten
        await self._start_tls(context)
        self._dialogue.start_over()

    async def _send_alert(self, context: ssl.SSLContext) -> None:
        """Where the handshake is going to fail, say so in TLS, which asyncio's own servers leave out."""
        incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        tls = context.wrap_bio(incoming, outgoing, server_side=True)
        incoming.write(await self._coming())
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            return
        except ssl.SSLError:
            if self._host.does("mute-alert", "STARTTLS"):
                await self._listen_for_ever()
            await self._send(outgoing.read())
            raise EOFError from None

    async def _coming(self) -> bytes:
        """What the client says next; it is left where it is."""
        if self._pending:
            return b""
        transport, loop, is_there = self._writer.transport, asyncio.get_running_loop(), asyncio.Event()
        transport.pause_reading()  # type: ignore[attr-defined]
        with socket.socket(fileno=os.dup(transport.get_extra_info("socket").fileno())) as same:
            loop.add_reader(same, is_there.set)
            try:
                await is_there.wait()
                return same.recv(_READ, socket.MSG_PEEK)
            finally:
                loop.remove_reader(same)
                transport.resume_reading()  # type: ignore[attr-defined]

    async def _say(self, stage: str, reply: str) -> None:
        does = self._host.does
        await self._say_nothing(stage)
        if does("flood", stage):
            await self._send_for_ever(f"{reply[:3]}-and so on and so forth\r\n".encode() * 100)
        octets = self._spoilt(stage, reply).encode("utf-8", "surrogateescape")
        if does("split", stage):
            await self._send_split(octets, self._host.seconds)
        else:
            await self._send(octets)
        if does("half-close", stage):
            self._half_close()
            await self._listen_for_ever()
        if does("deaf", stage):
            self._writer.transport.pause_reading()  # type: ignore[attr-defined]
            await self._writer.wait_closed()
            raise EOFError

    async def _say_nothing(self, stage: str) -> None:
        """What a server does before a reply, or in its place."""
        does = self._host.does
        if does("tarpit", stage):
            await asyncio.sleep(self._host.seconds)
        if does("silent", stage):
            await self._listen_for_ever()
        if does("reset", stage):
            self._reset()
        if does("drop", stage):
            raise EOFError

    def _spoilt(self, stage: str, reply: str) -> str:
        """The reply with what is wrong in it."""
        does, code = self._host.does, reply[:3]
        if does("long-line", stage):
            reply = f"{code} {'x' * _LONG_LINE}\r\n"
        if does("two-codes", stage):
            reply = f"{code}-one\r\n550-two\r\n{code} three\r\n"
        if does("controls", stage):
            reply = f"{reply[:4]}{_CONTROLS}\udcff{reply[4:]}"
        if does("early", stage) or does("talkative", stage) or does("inject", stage):
            reply += "250 and one thing more\r\n"
        return reply.replace("\r\n", "\n") if does("bare-lf", stage) else reply
