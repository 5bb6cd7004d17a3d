"""A session: one connection to an SMTP server, every octet of it kept in the order in which it came and went.

It is a state machine behind asyncio's `BufferedProtocol`. What the host sends is taken in as it comes, within bounds,
and noted at once; whoever reads gets it from there. So a reply that came before its command stands before it.
"""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import NamedTuple, cast

from deliverkit.clients.limit import Limit
from deliverkit.clients.routes import REAL, Endpoint, Routes
from deliverkit.clients.smtp import EndedError
from deliverkit.clients.smtp.bell import Bell
from deliverkit.clients.smtp.notes import MOST_ENTRIES, Notes
from deliverkit.clients.smtp.tls import NO_CLIENT, ClientCertificate, Offer, Tls, is_tls
from deliverkit.clients.smtp.trust import Trust
from deliverkit.clients.tcp import reach_after, words_of
from deliverkit.observations.smtp import BROKEN_OFF, UNFINISHED, End, Handshake, Kind
from deliverkit.standards.smtp.reply import Reply

_BLOCK = 65536  # octets that are given to the connection at a time
_BUFFER = 8192  # octets that are taken from the connection at a time
_MOST_UNSENT = 64  # sends that may go out together
_SENT = Kind.SENT
_CLOSED = "the host closed the connection"
_RESET = "the connection was reset"


class Settings(NamedTuple):
    """How sessions are held.

    ``timeout``: seconds for a connection, for a handshake, and for a block of a message to be taken.
    ``source``: the address to connect from; empty: whichever the system takes. ``client``: the certificate to show to
    hosts that ask for one.
    """

    trust: Trust
    timeout: float = 30.0
    routes: Routes = REAL
    source: str = ""
    client: ClientCertificate = NO_CLIENT


class SmtpSession(asyncio.BufferedProtocol):
    """A `Session` on the network. ``ended`` says how the conversation ended, once it has."""

    def __init__(self, host: str, settings: Settings) -> None:
        self.handshake: Handshake | None = None
        self.ended: EndedError | None = None
        self._host = host
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self.notes = Notes(time.monotonic)
        self._transport: asyncio.Transport | None = None
        self._lost = asyncio.Event()
        self._gone: EndedError | None = None  # how the host ended it: told when more is wanted of it than it said
        self._is_full = False
        self._tls: Tls | None = None
        self._tls_line = 0
        self._unsent: list[bytes] = []
        self._buffer = bytearray(_BUFFER)
        self._bell = Bell(self._loop)
        self._is_met: Callable[[], object] = bool

    async def connect(self, address: str, port: int) -> None:
        """Connect to an IP address or, where it is a path, to a socket of this machine.

        Raises:
            EndedError: there is no connection.
        """
        try:
            where = self._settings.routes.resolve((address, port))
            with Limit(self._settings.timeout):
                await self._open(where, self._settings.source if where == (address, port) else "")
        except OSError as error:
            end = End(reach_after(error).value)
            detail = f"nobody answered within {self._settings.timeout:g} s" if end is End.TIMEOUT else words_of(error)
            raise self._end(EndedError(end, detail)) from None
        except (ValueError, OverflowError) as error:  # a path with NUL, a port that is none
            raise self._end(EndedError(End.UNREACHABLE, str(error))) from None
        self.notes.add(Kind.CONNECTED)

    async def _open(self, where: Endpoint, source: str) -> None:
        host, port = where
        if host.startswith("/"):
            await self._loop.create_unix_connection(lambda: self, host)
            return
        if source and (":" in source) != (":" in host):
            raise self._end(EndedError(End.UNREACHABLE, f"{source} is no address to connect to {host} from"))
        local, flags = (source, 0) if source else None, socket.AI_NUMERICHOST  # no name is looked up here
        await self._loop.create_connection(lambda: self, host, port, local_addr=local, flags=flags)

    async def send(self, data: bytes, *, line: int = 0, shown: bytes | None = None) -> None:
        """Send the octets; the transcript keeps ``shown`` in their place where it is given."""
        if self.ended or self._gone or self.notes.count >= MOST_ENTRIES:
            self._require_reader()
        self.notes.add_sent(data if shown is None else shown, line)
        self._unsent.append(data)
        if len(data) >= _BLOCK or len(self._unsent) >= _MOST_UNSENT or self._is_full:
            await self._send_blocks()

    def _require_reader(self) -> None:
        """More may be said: the host is there, or has closed and there is a reply of it that nobody has read."""
        self._require()
        if self._gone and not (self._gone.end is End.HUNG_UP and self.notes.replies and not self._lost.is_set()):
            raise self._end(self._gone)
        if self.notes.count >= MOST_ENTRIES:
            raise self._end(EndedError(End.FLOODED, f"more than {MOST_ENTRIES:,} lines"))

    async def _send_blocks(self) -> None:
        """Write what is to be sent, no more at a time than the host reads."""
        data = b"".join(self._unsent)
        self._unsent.clear()
        for start in range(0, len(data), _BLOCK):
            self._write(data[start : start + _BLOCK])
            if self._is_full:
                await self._drain()

    def _flush(self) -> None:
        """Write what is to be sent: lines that wait for nothing go out together, as one packet."""
        if self._unsent:
            self._write(b"".join(self._unsent))
            self._unsent.clear()

    async def _drain(self) -> None:
        await self._until(lambda: not self._is_full, self._settings.timeout)
        self._require()
        if self._gone:
            raise self._end(self._gone)
        if self._is_full:
            raise self._end(EndedError(End.STUCK, f"the host read nothing for {self._settings.timeout:g} s"))

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        """The next whole reply, waited for at most ``within`` seconds in all."""
        if self.ended:
            self._require()
        if self._unsent:
            self._flush()
        replies = self.notes.replies
        if not replies:
            if not self._gone:
                self._is_met = replies.__len__
                await self._bell.wait(within)
            if self.ended or not replies:
                self._require_reply(within)
        return self.notes.read(line)

    def _require_reply(self, within: float) -> None:
        self._require()
        if not self.notes.replies:
            whole = "whole " if self.notes.is_midway else ""
            raise self._end(self._gone or EndedError(End.SILENT, f"no {whole}reply within {within:g} s"))

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        """Shake hands, without verifying; what came in the clear and was not read is thrown away (RFC 3207 §6)."""
        self._require()
        if self._gone:
            raise self._end(self._gone)
        if self._tls:
            raise self._end(EndedError(End.TLS_FAILED, "TLS is there already"))
        discarded = self.notes.discard()
        self._flush()
        tls = self._tls = Tls(self._host, Offer(version, self._settings.client))
        self._tls_line = line
        self._take(b"")
        await self._until(lambda: tls.is_shaken, self._settings.timeout)
        if not tls.is_shaken:
            failure = self._failure()
            self.handshake = Handshake(server_name=tls.server_name, failure=failure, discarded=discarded)
            raise self._end(EndedError(End.TLS_FAILED, failure))
        shown = tls.shown()
        untrusted = self._settings.trust.complaint(shown.certificates)
        self.handshake = shown._replace(untrusted=untrusted, discarded=discarded)
        return self.handshake

    def _failure(self) -> str:
        """Why a handshake was not done."""
        if self._gone is None:
            return f"{UNFINISHED}{self._settings.timeout:g} s"
        return self._gone.detail if self._gone.end is End.TLS_FAILED else f"{self._gone.detail}{BROKEN_OFF}"

    async def listen(self, seconds: float, *, line: int = 0) -> None:  # noqa: ARG002 - what comes is nobody's yet
        """Wait so long, or until the host has closed, and keep what comes meanwhile."""
        self._require()
        await self._until(bool, seconds)

    async def close(self, *, line: int = 0) -> None:
        """Drop the connection, without QUIT. Nothing of it is left afterwards."""
        if self._transport is None or (self.ended and self._lost.is_set()):
            return
        self._hang_up(line)
        self.ended = self.ended or EndedError(End.CLOSED)
        await self._lost.wait()  # whoever waits may be stopped: the connection ends all the same

    def _hang_up(self, line: int = 0) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._flush()
        self.notes.flush()
        self.notes.add(Kind.CLOSED, line=line)
        if self._tls and self._tls.is_shaken and not self._is_full:
            transport.write(self._tls.goodbye())
        if transport.get_write_buffer_size():
            transport.abort()  # the host does not read: nobody waits for it
        else:
            transport.close()

    def _require(self) -> None:
        if self.ended:
            raise EndedError(self.ended.end, self.ended.detail)

    def _end(self, ended: EndedError) -> EndedError:
        """The conversation has ended: nothing more is said or heard."""
        self.ended = ended
        self._hang_up()
        return ended

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(self._tls.to_send(data) if self._tls else data)

    async def _until(self, is_met: Callable[[], object], seconds: float) -> None:
        """Wait until it is met, the conversation is over, or the time is; the host has all that was said by then."""
        self._flush()
        if is_met() or self._gone or self.ended:
            return
        self._is_met = is_met
        await self._bell.wait(seconds)

    def _wake(self) -> None:
        if self._gone or self.ended or self._is_met():
            self._bell.ring()

    # What the connection does

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast("asyncio.Transport", transport)  # other loops' are no subclasses of it

    def get_buffer(self, _: int) -> bytearray:
        """Where to put what the host says: one place for all of it costs less than a new one each time."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The host said something."""
        self._take(bytes(self._buffer[:nbytes]))

    def _take(self, data: bytes) -> None:
        if self.ended:
            return
        tls = self._tls
        flood = self.notes.take(self._decrypted(tls, data) if tls else data)
        if flood:
            self._end(EndedError(End.FLOODED, flood))
        if tls and tls.failure:
            self._gone = EndedError(End.TLS_FAILED, tls.failure)
        if tls and tls.is_over:
            self.eof_received()
        self._wake()

    def _decrypted(self, tls: Tls, data: bytes) -> bytes:
        was_shaken = tls.is_shaken
        plain = tls.take(data)
        self._write(b"")
        if tls.is_shaken and not was_shaken:
            self.notes.is_secure = True
            self.notes.add(Kind.SECURED, line=self._tls_line)
        return plain if tls.is_shaken or is_tls(data) else data

    def eof_received(self) -> bool:
        """The host will say no more; this side's half stays open until it is closed."""
        self._gone = self._gone or EndedError(End.HUNG_UP, _CLOSED)
        self.notes.flush()
        self._wake()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.notes.flush()
        self._bell.still()
        self._gone = self._gone or (EndedError(End.RESET, _RESET) if exc else EndedError(End.HUNG_UP, _CLOSED))
        self._lost.set()
        self._wake()

    def pause_writing(self) -> None:
        """The host reads more slowly than it is written to."""
        self._is_full = True

    def resume_writing(self) -> None:
        """The host has caught up."""
        self._is_full = False
        self._wake()
