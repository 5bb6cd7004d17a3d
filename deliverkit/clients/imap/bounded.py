"""IMAPClient over imaplib, with bounds: what a server says costs neither memory nor time without end.

imaplib reads a literal of whatever length the server announces, and waits for each octet anew. Here every read passes
`BoundedImap`, which counts octets and seconds for each command.
"""

from __future__ import annotations

import imaplib
import re
import socket
import ssl
import time
from contextlib import suppress
from typing import Any, Literal

from imapclient import IMAPClient

from deliverkit.clients.imap.trouble import LostError, SilentError, TroubleError

MOST_LITERAL = 512 * 1024  # octets of one literal: more than is ever asked for
MOST_LINE = 1_000_000  # octets: a folder's message numbers stand on one line
MOST_ANSWER = 8 * 1024 * 1024  # octets to one command
MOST_IDLE = 64 * 1024  # octets that are said while nothing is asked
PATIENCE = 4  # times the timeout of one read: the whole answer to a command
_CHUNK = 64 * 1024
_NEWS = re.compile(rb"^\* (?:\d+ EXISTS|STATUS .*)\r?$", re.MULTILINE | re.IGNORECASE)  # RFC 9051 §7.4.1, RFC 5465 §5
_TOLD = frozenset({"EXISTS", "STATUS"})  # the same, where imaplib has read them
_BYE = re.compile(rb"^\* BYE\b", re.MULTILINE | re.IGNORECASE)

imaplib.Commands["NOTIFY"] = ("AUTH", "SELECTED")  # RFC 5465 §3; IMAPClient adds what else is missing in the same way


class BoundedImap(imaplib.IMAP4):
    """imaplib over a connection that is there already; ``timeout``: seconds until a read is given up."""

    def __init__(self, host: str, connected: socket.socket, timeout: float) -> None:
        self._connected = connected
        self._seconds = timeout
        self._held = bytearray()
        self._begin()
        super().__init__(host)

    def open(self, host: str = "", port: int = 0, timeout: float | None = None) -> None:  # noqa: ARG002 - imaplib's
        """Take the connection that was given."""
        self.host, self.port, self.sock = host, port, self._connected

    def shutdown(self) -> None:
        """Close it."""
        self.sock.close()

    def read(self, size: int) -> bytes:
        """A literal.

        Raises:
            TroubleError: it is larger than anything that was asked for, or it does not come.
        """
        if size > MOST_LITERAL:
            raise TroubleError(f"its server sends {size:,} octets where at most {MOST_LITERAL:,} were asked for")
        while len(self._held) < size:
            self._receive()
        return self._take(size)

    def readline(self) -> bytes:
        """A line with its end.

        Raises:
            TroubleError: it has none, or it does not come.
        """
        searched = 0
        while (end := self._held.find(b"\n", searched)) < 0:
            searched = len(self._held)
            if searched > MOST_LINE:
                raise TroubleError(f"its server sends a line of more than {MOST_LINE:,} octets")
            self._receive()
        return self._take(end + 1)

    def send(self, data: bytes) -> None:  # type: ignore[override] # typeshed: any buffer
        """Send, and count anew what is said to it."""
        self._begin()
        self.sock.settimeout(self._seconds)
        try:
            self.sock.sendall(data)
        except TimeoutError:
            raise SilentError(f"its server took nothing for {self._seconds:g} s") from None
        except OSError:
            raise LostError("the connection to its server broke off") from None

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> tuple[Literal["OK"], list[None]]:
        """TLS over the connection.

        Raises:
            TroubleError: the server said something in the clear behind its answer: that may be anybody's.
        """
        assert ssl_context is not None
        self._simple_command("STARTTLS")
        if self._held:  # RFC 9051 §11.1: what was said before TLS counts for nothing
            raise TroubleError("its server goes on in the clear after it agreed to TLS: somebody may stand between")
        self.sock.settimeout(self._seconds)
        self.sock = ssl_context.wrap_socket(self.sock, server_hostname=self.host)
        self._begin()
        self._tls_established = True
        self._get_capabilities()
        return "OK", [None]

    def notify(self, events: str) -> list[Any]:
        """Ask to be told of events in every folder (RFC 5465 §3): what is told of them at once.

        A server that refuses tells of the open one.
        """
        self.untagged_responses.pop("STATUS", None)
        with suppress(imaplib.IMAP4.error):
            self._simple_command("NOTIFY", events)
        return list(self.untagged_responses.pop("STATUS", ()))

    def begin_idle(self) -> None:
        """Ask to be told what happens (RFC 2177).

        Raises:
            TroubleError: the server does not want to.
        """
        self._idle_tag: bytes = self._command("IDLE")
        while self._get_response() is not None:
            if self.tagged_commands.get(self._idle_tag):
                raise TroubleError("its server announces IDLE and refuses it")

    def has_news(self) -> bool:
        """Whether the server told of messages since `begin_idle`, or on the way into it; never waits.

        Raises:
            LostError: the server ended the connection.
        """
        self._drain()
        if _BYE.search(self._held):
            raise LostError("its server ended the connection")
        told_before = self.untagged_responses.keys() & _TOLD
        return bool(told_before or _NEWS.search(self._held)) or len(self._held) > MOST_IDLE

    def forget(self) -> None:
        """Forget what was told of messages so far: it is known."""
        for kind in _TOLD:
            self.untagged_responses.pop(kind, None)

    def end_idle(self) -> None:
        """Ask no more."""
        self.send(b"DONE\r\n")
        self._command_complete("IDLE", self._idle_tag)

    def _log(self, line: str) -> None:
        """Keep no lines: the password stands in one."""

    def _begin(self) -> None:
        self._taken = 0
        self._until = time.monotonic() + PATIENCE * self._seconds

    def _take(self, size: int) -> bytes:
        taken = bytes(self._held[:size])
        del self._held[:size]
        return taken

    def _receive(self) -> None:
        """Wait for octets, and hold them."""
        left = max(0.001, self._until - time.monotonic())
        self.sock.settimeout(min(self._seconds, left))
        try:
            self._hold(self.sock.recv(_CHUNK))
        except TimeoutError:
            if left < self._seconds:
                raise SilentError(f"its server was not done after {PATIENCE * self._seconds:g} s") from None
            raise SilentError(f"nothing came from its server for {self._seconds:g} s") from None
        except OSError:
            raise LostError("the connection to its server broke off") from None

    def _drain(self) -> None:
        """Hold what has come, without waiting."""
        self.sock.settimeout(0)
        try:
            while len(self._held) <= MOST_IDLE:
                self._hold(self.sock.recv(_CHUNK))
        except (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError):
            pass
        except OSError:
            raise LostError("the connection to its server broke off") from None

    def _hold(self, octets: bytes) -> None:
        if not octets:
            raise LostError("its server closed the connection")
        self._taken += len(octets)
        if self._taken > MOST_ANSWER:
            raise TroubleError(f"its server says more than {MOST_ANSWER >> 20} MiB to one command")
        self._held += octets


class BoundedClient(IMAPClient):  # type: ignore[misc] # has no types
    """IMAPClient over `BoundedImap`: a connection that is there already, greeted by its server."""

    def __init__(self, host: str, connected: socket.socket, timeout: float) -> None:
        self._connected = connected
        self._seconds = timeout
        super().__init__(host, ssl=False)
        self.normalise_times = False  # times with their zone
        self.imap.debug = 0  # nothing is formatted for a log that nobody reads

    @property
    def imap(self) -> BoundedImap:
        """What it speaks through."""
        assert isinstance(self._imap, BoundedImap)
        return self._imap

    def starttls(self, ssl_context: ssl.SSLContext | None = None) -> None:
        """TLS over the connection; older versions of IMAPClient would go past imaplib, and past its bounds."""
        self.imap.starttls(ssl_context)
        self._starttls_done = True  # what was announced before it no longer counts

    def _create_IMAP4(self) -> BoundedImap:  # noqa: N802 - IMAPClient's name
        return BoundedImap(self.host, self._connected, self._seconds)

    def _set_read_timeout(self) -> None:
        """Nothing: each read has its own."""
