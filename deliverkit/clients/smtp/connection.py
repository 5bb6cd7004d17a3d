"""A connection to an SMTP server, and what comes over it: a socket that a reactor watches.

What the host sends is taken in as it comes, within bounds, and noted at once; whoever reads gets it from there. A
transport of asyncio would hand the same octets on through more calls than all that is done with them.
"""

from __future__ import annotations

import errno
import socket
from collections.abc import Callable
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen
from deliverkit.clients.reactor import READ, WRITE, Reactor, now
from deliverkit.clients.routes import REAL, Endpoint, Routes
from deliverkit.clients.smtp import EndedError, Steps
from deliverkit.clients.smtp.bell import Bell
from deliverkit.clients.smtp.notes import Notes
from deliverkit.clients.smtp.provisions import NO_CLIENT, ClientCertificate, Trust
from deliverkit.clients.smtp.sockets import OtherVersionError, begun, failure_of, give_up, hurry
from deliverkit.clients.tcp import reach_after, words_of
from deliverkit.observations.smtp import End, Handshake, HelloAnswer, Kind

if TYPE_CHECKING:  # few hosts need TLS loaded
    from deliverkit.clients.smtp.hello import Beginning
    from deliverkit.clients.smtp.tls import Tls

_READ = 8192  # octets that are taken from the connection at a time
_HUNG_UP = "the host closed the connection"
_RESET = "the connection was reset"
DONE = EndedError(End.CLOSED)  # how most conversations end
_CONNECTED, _CLOSED = Kind.CONNECTED, Kind.CLOSED  # to look into an enumeration takes as long as to note it


class Settings(Frozen):
    """How sessions are held.

    ``timeout``: seconds for a connection, for a handshake, and for a block of a message to be taken.
    ``source``: the address to connect from; empty: whichever the system takes. ``client``: the certificate to show to
    hosts that ask for one. ``server_name``: what TLS asks for in place of each host's name; empty: for that.
    """

    trust: Trust
    timeout: float = 30.0
    routes: Routes = REAL
    source: str = ""
    client: ClientCertificate = NO_CLIENT
    server_name: str = ""


class Connection:
    """``ended`` says how the conversation ended, once it has."""

    handshake: Handshake | None = None
    hello: HelloAnswer | None = None
    _socket: socket.SocketType
    _tls_line = 0
    _fault: Exception | None = None  # of ours, in what is followed

    def __init__(self, host: str, settings: Settings, reactor: Reactor) -> None:
        self.ended: EndedError | None = None
        self.notes = notes = Notes(now)
        self.replies = notes.replies
        self._host = host
        self._settings = settings
        self._reactor = reactor
        self._bell = Bell(reactor)
        self._is_open = False  # there is a socket
        self._number = -1  # by which the reactor knows the socket
        self._watched = 0  # for what
        self._is_lost = False  # nothing can be sent any more
        self._is_hurried = False  # what is sent waits for no acknowledgement
        self._gone: EndedError | None = None  # how the host ended it: told when more is wanted of it than it said
        self._unsent = b""  # what is to be sent
        self._unwritten = b""  # octets that the host has no room for yet
        self._tls: Tls | Beginning | None = None
        self._is_met: Callable[[], object] = bool
        self._steps: Steps | None = None  # that go on with the next reply
        self._line = 0  # which wants it
        self._within = 0.0  # seconds for it

    async def connect(self, address: str, port: int) -> None:
        """Connect to an IP address or, where it is a path, to a socket of this machine.

        Raises:
            EndedError: there is no connection.
        """
        settings = self._settings
        try:
            where = settings.routes.resolve((address, port))
            made, failure = begun(where, settings.source if where == (address, port) else "")
            if failure == errno.EINPROGRESS:
                failure = await self._outcome(made, where)
            if failure:
                give_up(made, failure)
        except OSError as error:
            end = End(reach_after(error).value)
            detail = f"nobody answered within {settings.timeout:g} s" if end is End.TIMEOUT else words_of(error)
            raise self._end(EndedError(end, detail)) from None
        except (ValueError, OverflowError) as error:  # a path with NUL, a port that is none, an address that is none
            end = End.UNTRIED if isinstance(error, OtherVersionError) else End.UNREACHABLE
            raise self._end(EndedError(end, str(error))) from None
        self._socket, self._number = made, made.fileno()
        self._is_open = True
        self.notes.add(_CONNECTED)
        self._watched = READ
        self._reactor.watch(self._number, READ, self._read)

    async def _outcome(self, made: socket.SocketType, where: Endpoint) -> int:
        """What connecting comes to: the system's number for why there is no connection; 0: there is one."""
        number = made.fileno()
        self._reactor.watch(number, WRITE, self._bell.ring)
        try:
            await self._bell.wait(self._settings.timeout)
        except BaseException:
            self._reactor.forget(number)
            made.close()
            raise
        self._reactor.forget(number)
        return failure_of(made, where)

    def close(self, *, line: int = 0) -> None:
        """Drop the connection, without QUIT. Nothing of it is left afterwards."""
        if self._is_open:
            self._hang_up(line)
            self.ended = self.ended or DONE
        self._bell.still()

    def _hang_up(self, line: int = 0) -> None:
        if not self._is_open:
            return
        if not self._is_lost:
            if self._unsent:
                self._flush()
            self.notes.flush()
            self.notes.add(_CLOSED, b"", line)
            if self._tls and self._tls.is_shaken and not self._unwritten:
                self._put(self._tls.goodbye())
        self._watch(0)  # what the host has not read by now nobody waits for
        self._socket.close()
        self._is_open, self._is_lost = False, True

    def _require(self) -> None:
        if self.ended:
            raise EndedError(self.ended.end, self.ended.detail)

    def _end(self, ended: EndedError) -> EndedError:
        """The conversation has ended: nothing more is said or heard."""
        self.ended = ended
        self.replies.clear()
        self._bell.still()
        self._hang_up()
        return ended

    async def _until(self, is_met: Callable[[], object], seconds: float) -> None:
        """Wait until it is met, the conversation is over, or the time is; the host has all that was said by then."""
        self._hurry()
        self._flush()
        if is_met() or self._gone or self.ended:
            return
        self._is_met = is_met
        await self._bell.wait(seconds)

    def _hurry(self) -> None:
        """From now on what is sent waits for no acknowledgement of what was sent before.

        Where one answer follows all that is sent at once there is nothing to wait for: the answer acknowledges it.
        """
        if self._is_open and not self._is_hurried:
            self._is_hurried = True
            hurry(self._socket)

    def _wake(self) -> None:
        if self._gone or self.ended or self._is_met():
            self._bell.ring()

    # What is said

    def _flush(self) -> None:
        """Write what is to be sent: lines that wait for nothing go out together, as one packet."""
        data = self._unsent
        if data:
            self._unsent = b""
            self._put(self._tls.to_send(data) if self._tls else data)

    def _put(self, data: bytes) -> None:
        """Hand the octets to the system, as many as it takes now; the others follow when it has room."""
        if self._unwritten or self._is_lost:
            self._unwritten += data
            return
        try:
            taken = self._socket.send(data)
        except BlockingIOError:
            taken = 0
        except OSError:
            self._is_lost = True
            self._reactor.soon(self._lose)  # whoever says it is not to be woken meanwhile
            return
        if taken < len(data):
            self._unwritten = data[taken:]
            self._watch(self._watched | WRITE)

    def _write_on(self) -> None:
        """Hand on what the system had no room for."""
        data, self._unwritten = self._unwritten, b""
        self._put(data)
        if not self._unwritten:
            self._watch(self._watched & ~WRITE)
            self._wake()

    # What is heard

    def _watch(self, events: int) -> None:
        before, self._watched = self._watched, events
        if not events:
            if before:
                self._reactor.forget(self._number)
        elif events != before:
            watch = self._reactor.change if before else self._reactor.watch
            watch(self._number, events, self._read if events == READ else self._move)

    def _move(self) -> None:
        """The socket can be written, or read."""
        if self._unwritten:
            self._write_on()
        if self._watched & READ:
            self._read()

    def _read(self) -> None:
        try:
            data = self._socket.recv(_READ)
        except BlockingIOError:
            if self._is_lost:
                self._take_end(EndedError(End.RESET, _RESET))
        except OSError:
            self._is_lost = True
            self._take_end(EndedError(End.RESET, _RESET))
        else:
            if not data:  # after a reset that sending met, reading comes to an end like any other
                self._take_end(EndedError(End.RESET, _RESET) if self._is_lost else EndedError(End.HUNG_UP, _HUNG_UP))
            elif self._tls:
                self._take_tls(self._tls, data)
            else:
                self._take(data)

    def _take(self, plain: bytes) -> None:
        steps = self._steps
        if steps is None:
            self._note(plain)
            self._wake()
            return
        moment = now()
        reply = self.notes.take_reply(plain, self._line, moment)
        if reply is None:
            self._note(plain)
            if not self.replies:
                self._wake()
                return
            reply = self.notes.read(self._line)
        try:
            self._line, within = steps.send(reply)
        except StopIteration:
            self._steps = None
            self._bell.ring()
        except Exception as fault:  # noqa: BLE001 - it is told where the conversation is waited for
            self._fault = fault
            self._bell.ring()
        else:
            if self._unsent:
                self._reactor.at_end.append(self._flush)
            self._within = within
            self._bell.wait_until(moment + within)

    def _note(self, plain: bytes) -> None:
        flood = self.notes.take(plain)
        if flood:
            self._end(EndedError(End.FLOODED, flood))

    def _take_tls(self, tls: Tls | Beginning, data: bytes) -> None:
        plain = self._decrypted(tls, data)
        if tls.failure:
            self._gone = EndedError(End.TLS_FAILED, tls.failure)
        self._take(plain)
        if tls.is_over:
            self._take_end(EndedError(End.HUNG_UP, _HUNG_UP))

    def _decrypted(self, tls: Tls | Beginning, data: bytes) -> bytes:
        was_shaken = tls.is_shaken
        plain = tls.take(data)
        answer = tls.to_send()
        if answer:
            self._put(answer)
        if tls.is_shaken and not was_shaken:
            self.notes.add_secured(self._tls_line)
        return plain if tls.is_own(data) else data

    def _take_end(self, gone: EndedError) -> None:
        """The host will say no more; this side's half stays open until it is closed."""
        self._watch(self._watched & ~READ)
        self._gone = self._gone or gone
        self.notes.flush()
        self._wake()

    def _lose(self) -> None:
        """Nothing can be sent any more; what the host said before is heard all the same."""
        while self._is_open and not self._gone:
            self._read()
