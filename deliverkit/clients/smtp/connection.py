"""A connection to an SMTP server, and what comes over it: a state machine behind asyncio's `BufferedProtocol`.

What the host sends is taken in as it comes, within bounds, and noted at once; whoever reads gets it from there.
"""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from collections.abc import Callable
from math import inf
from typing import cast

from deliverkit.classes import frozen
from deliverkit.clients.routes import REAL, Endpoint, Routes
from deliverkit.clients.smtp import EndedError
from deliverkit.clients.smtp.bell import Bell
from deliverkit.clients.smtp.notes import Notes
from deliverkit.clients.smtp.tls import NO_CLIENT, ClientCertificate, Tls, is_tls
from deliverkit.clients.smtp.trust import Trust
from deliverkit.clients.tcp import reach_after, words_of
from deliverkit.observations.smtp import End, Handshake, Kind

_BUFFER = 8192  # octets that are taken from the connection at a time
_HUNG_UP = "the host closed the connection"
_RESET = "the connection was reset"
DONE = EndedError(End.CLOSED)  # how most conversations end
_CONNECTED, _CLOSED = Kind.CONNECTED, Kind.CLOSED  # to look into an enumeration takes as long as to note it


class _Room(threading.local):
    """Where a thread's sessions put what hosts say: it is taken out at once, so that they can share it."""

    def __init__(self) -> None:
        self.buffer = bytearray(_BUFFER)


_room = _Room()


@frozen
class Settings:
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


class Connection(asyncio.BufferedProtocol):
    """``ended`` says how the conversation ended, once it has."""

    def __init__(self, host: str, settings: Settings) -> None:
        self.handshake: Handshake | None = None
        self.ended: EndedError | None = None
        self._host = host
        self._settings = settings
        self._loop = asyncio.get_running_loop()
        self.notes = Notes(time.monotonic)
        self._transport: asyncio.Transport | None = None
        self._is_lost = False
        self._gone: EndedError | None = None  # how the host ended it: told when more is wanted of it than it said
        self._is_full = False
        self._tls: Tls | None = None
        self._tls_line = 0
        self._is_timed = False  # whether the time for the next reply runs
        self._within = 0.0  # seconds for it
        self._unsent: list[bytes] = []
        self._buffer = _room.buffer
        self._bell = Bell(self._loop)
        self._nothing = self._loop.create_future()  # to await
        self._nothing.set_result(None)
        self._is_met: Callable[[], object] = bool

    async def connect(self, address: str, port: int) -> None:
        """Connect to an IP address or, where it is a path, to a socket of this machine.

        Raises:
            EndedError: there is no connection.
        """
        try:
            where = self._settings.routes.resolve((address, port))
            with self._bell.limit(self._settings.timeout):
                await self._open(where, self._settings.source if where == (address, port) else "")
        except OSError as error:
            end = End(reach_after(error).value)
            detail = f"nobody answered within {self._settings.timeout:g} s" if end is End.TIMEOUT else words_of(error)
            raise self._end(EndedError(end, detail)) from None
        except (ValueError, OverflowError) as error:  # a path with NUL, a port that is none
            raise self._end(EndedError(End.UNREACHABLE, str(error))) from None
        self.notes.add(_CONNECTED)

    async def _open(self, where: Endpoint, source: str) -> None:
        host, port = where
        if host.startswith("/"):
            await self._loop.create_unix_connection(lambda: self, host)
            return
        if source and (":" in source) != (":" in host):
            raise self._end(EndedError(End.UNREACHABLE, f"{source} is no address to connect to {host} from"))
        local, flags = (source, 0) if source else None, socket.AI_NUMERICHOST  # no name is looked up here
        await self._loop.create_connection(lambda: self, host, port, local_addr=local, flags=flags)

    async def close(self, *, line: int = 0) -> None:
        """Drop the connection, without QUIT. Nothing of it is left afterwards."""
        if self._transport is None or (self.ended and self._is_lost):
            self._bell.still()
            return
        self._hang_up(line)
        self.ended = self.ended or DONE
        while not self._is_lost:
            await self._bell.wait(inf)  # whoever waits may be stopped: the connection ends all the same

    def _hang_up(self, line: int = 0) -> None:
        transport = self._transport
        if transport is None or transport.is_closing():
            return
        self._flush()
        self.notes.flush()
        self.notes.add(_CLOSED, line=line)
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
        self._bell.still()
        self._hang_up()
        return ended

    def _write(self, data: bytes) -> None:
        assert self._transport is not None
        self._transport.write(self._tls.to_send(data) if self._tls else data)

    def _flush(self) -> None:
        """Write what is to be sent: lines that wait for nothing go out together, as one packet."""
        unsent = self._unsent
        if unsent:
            self._write(b"".join(unsent) if len(unsent) > 1 else unsent[0])
            unsent.clear()

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

    # What asyncio calls

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection is there."""
        self._transport = cast("asyncio.Transport", transport)  # other loops' are no subclasses of it

    def get_buffer(self, _: int) -> bytearray:
        """Where to put what the host says."""
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        """The host said something."""
        data = bytes(self._buffer[:nbytes])
        if self.ended:
            return
        if self._tls:
            self._take_tls(self._tls, data)
        else:
            self._take(data)

    def _take(self, plain: bytes) -> None:
        flood = self.notes.take(plain)
        if flood:
            self._end(EndedError(End.FLOODED, flood))
        self._wake()

    def _take_tls(self, tls: Tls, data: bytes) -> None:
        plain = self._decrypted(tls, data)
        if tls.failure:
            self._gone = EndedError(End.TLS_FAILED, tls.failure)
        self._take(plain)
        if tls.is_over:
            self.eof_received()

    def _decrypted(self, tls: Tls, data: bytes) -> bytes:
        was_shaken = tls.is_shaken
        plain = tls.take(data)
        self._write(b"")
        if tls.is_shaken and not was_shaken:
            self.notes.add_secured(self._tls_line)
        return plain if tls.is_shaken or is_tls(data) else data

    def eof_received(self) -> bool:
        """The host will say no more; this side's half stays open until it is closed."""
        self._gone = self._gone or EndedError(End.HUNG_UP, _HUNG_UP)
        self.notes.flush()
        self._wake()
        return True

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is gone."""
        self.notes.flush()
        self._bell.still()
        self._gone = self._gone or (EndedError(End.RESET, _RESET) if exc else EndedError(End.HUNG_UP, _HUNG_UP))
        self._is_lost = True
        self._wake()

    def pause_writing(self) -> None:
        """The host reads more slowly than it is written to."""
        self._is_full = True

    def resume_writing(self) -> None:
        """The host has caught up."""
        self._is_full = False
        self._wake()
