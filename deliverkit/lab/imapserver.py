"""An IMAP server of a world: it moves the octets of a dialogue, and misbehaves where its manner says so."""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import Mapping

from deliverkit.lab.imapdialogue import ImapDialogue
from deliverkit.lab.imaphosts import IMPLICIT_TLS_PORT, ImapHost
from deliverkit.lab.imapsyntax import SyntaxFault, parse
from deliverkit.lab.mailstore import MailStore
from deliverkit.lab.streams import MOST_PENDING, Connection, Listener

_LONG_LINE = 10_000_000  # octets
_HUGE = 4_294_967_295  # octets of a literal that is announced
_CONTROLS = b"\0\x1b[31mred\x1b[0m\x07\x9b\xff"
_LITERAL = re.compile(rb"\{(\d{1,10})(\+?)\}\r?\n$")  # RFC 3501 §4.3, RFC 7888


class ImapServer(Listener):
    """A server that listens on loopback; ``context`` is its side of TLS, where it has any."""

    def __init__(self, host: ImapHost, stores: Mapping[str, MailStore], context: ssl.SSLContext | None = None) -> None:
        super().__init__()
        self.host = host
        self._stores = stores
        self._context = context

    async def start(self, at: str, port: int) -> tuple[str, int]:
        """Listen on a free port of the address, for what is sent to that port of the host's; where that is."""
        secured = self._context if port == IMPLICIT_TLS_PORT else None
        return at, await self._listen_at(at, secured)

    def _connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Connection:
        return _Connection(ImapDialogue(self.host, self._stores), reader, writer, self._context)


class _Connection(Connection):
    def __init__(
        self,
        dialogue: ImapDialogue,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        context: ssl.SSLContext | None,
    ) -> None:
        super().__init__(reader, writer)
        self._dialogue = dialogue
        self._context = context
        self._changed: dict[str, None] = {}
        self._is_busy = False
        self._listens_to: MailStore | None = None

    async def hold(self) -> None:
        """Hold the conversation to its end."""
        dialogue = self._dialogue
        dialogue.secure = self._writer.get_extra_info("ssl_object") is not None
        await self._say("CONNECT", dialogue.greet())
        while dialogue.wants != "nothing":
            self._push()
            if dialogue.wants == "response":
                said = "AUTHENTICATE", dialogue.respond(await self._line())
            elif dialogue.wants == "done":
                await self._line()
                said = "DONE", dialogue.done()
            else:
                said = await self._command()
            self._is_busy = True
            await self._say(*said)
            self._listen()
            if dialogue.wants == "handshake":
                await self._shake_hands()
            self._is_busy = False

    def end(self) -> None:
        """Give up what was listened to, and the place among the mailbox's connections."""
        if self._listens_to is not None:
            self._listens_to.listeners.discard(self._hear)
        self._dialogue.leave()

    def _listen(self) -> None:
        if self._listens_to is None and self._dialogue.store is not None:
            self._listens_to = self._dialogue.store
            self._listens_to.listeners.add(self._hear)

    def _hear(self, folder: str) -> None:
        self._changed[folder] = None
        if not self._is_busy:
            self._push()

    def _push(self) -> None:
        """Say what is to be said unasked of the folders that have changed."""
        names, self._changed = self._changed, {}
        self._writer.write(b"".join(self._dialogue.push(name) for name in names))

    async def _command(self) -> tuple[str, bytes]:
        """The command that comes next, and the answer to it."""
        line, text = await self._line(), b""
        literals: list[str] = []
        self._is_busy = True
        while found := _LITERAL.search(line):
            size = int(found[1])
            if size > MOST_PENDING:
                self._dialogue.wants = "nothing"
                return "", b"* BYE that literal is too big\r\n"
            if not found[2]:
                await self._send(b"+ go on\r\n")
            text += line[: found.start()].replace(b"\0", b"") + b"\0%d\0" % len(literals)
            literals.append((await self._exactly(size)).decode("utf-8", "replace"))
            line = await self._line()
        text += line.replace(b"\0", b"")
        try:
            command = parse(text.decode("utf-8", "replace").strip(), literals)
        except SyntaxFault as fault:
            tag = text.split(b" ")[0].strip() or b"*"
            return "", b"%s BAD %s\r\n" % (tag, str(fault).encode())
        return command.name, self._dialogue.answer(command)

    async def _shake_hands(self) -> None:
        if self._dialogue.does("no-handshake", "STARTTLS") or self._context is None:
            await self._listen_for_ever()
        self._pending = b""  # what came in the clear is forgotten
        await self._start_tls(self._context)
        self._dialogue.start_over()

    async def _say(self, stage: str, octets: bytes) -> None:
        does, seconds = self._dialogue.does, self._dialogue.host.seconds
        await self._say_nothing(stage)
        if does("flood", stage):
            await self._send_for_ever(b"* OK and so on and so forth\r\n" * 100)
        if does("huge-literal", stage):
            await self._send(b"* 1 FETCH (BODY[] {%d}\r\n" % _HUGE)
            while True:
                await self._send(b"x" * 65536)
        octets = self._spoilt(stage, octets)
        if does("split", stage):
            await self._send_split(octets, seconds)
        else:
            await self._send(octets)

    async def _say_nothing(self, stage: str) -> None:
        """What a server does before an answer, or in its place."""
        does = self._dialogue.does
        if does("tarpit", stage):
            await asyncio.sleep(self._dialogue.host.seconds)
        if does("silent", stage):
            await self._listen_for_ever()
        if does("bye", stage):
            await self._send(b"* BYE the server is going down\r\n")
            raise EOFError
        if does("reset", stage):
            self._reset()
        if does("drop", stage):
            raise EOFError

    def _spoilt(self, stage: str, octets: bytes) -> bytes:
        """The answer with what is wrong in it."""
        does = self._dialogue.does
        if does("long-line", stage):
            octets = b"* OK " + b"x" * _LONG_LINE + b"\r\n" + octets
        if does("controls", stage):
            octets = b'* LIST () "/" "' + _CONTROLS + b'"\r\n' + octets
        if does("wrong-tag", stage):
            octets = octets.replace(self._dialogue.tag.encode() + b" ", b"X999 ", 1)
        if does("inject", stage):
            octets += b"* PREAUTH [CAPABILITY IMAP4rev1] nothing to hide\r\n"
        return octets
