"""A mailbox over IMAP that is kept open: looks one after the other, and waiting in between."""

from __future__ import annotations

import asyncio
import math
import socket
import ssl
import time
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.clients.imap.connecting import Network, secure, tls_trouble
from deliverkit.clients.imap.deleting import delete_all
from deliverkit.clients.imap.login import log_in
from deliverkit.clients.imap.looking import Look
from deliverkit.clients.imap.memory import Memory
from deliverkit.clients.imap.notifying import EVENTS, has_news
from deliverkit.clients.imap.trouble import TroubleError, UnknownError, as_trouble
from deliverkit.clients.imap.trying import try_out
from deliverkit.clients.secrets import fetch_secret
from deliverkit.errors import UsageError
from deliverkit.knowledge.folders import INBOX
from deliverkit.observations.mailbox import Arrival, ImapAccess, MailboxView, Trial
from deliverkit.standards.tokens import token_expiry

T = TypeVar("T")
RENEWAL = 28 * 60.0  # seconds: servers end an IDLE of 30 minutes (RFC 2177 §3)


@dataclass
class ImapMailbox:
    """A mailbox over IMAP; ``executor`` runs what waits for its server."""

    access: ImapAccess
    memory: Memory
    network: Network
    executor: Executor
    client: BoundedClient | None = None
    idles: bool = True
    tried: float = -math.inf  # when a login was last tried, by the monotonic clock

    async def look(self) -> MailboxView:
        """What is there now. A connection that ended since the look before is made anew, once."""
        was_open = self.client is not None
        view = await self._look()
        if was_open and view.problem and not view.arrivals:
            view = await self._look()
        return view

    async def wait(self, most: float) -> None:
        """Until the server tells of something new, or ``most`` seconds are over.

        It tells by IDLE of the inbox, and where it has NOTIFY, too, of every folder.
        """
        until = time.monotonic() + most
        try:
            while self.idles and self.client is not None and (left := until - time.monotonic()) > 0:
                if await self._idle(self.client, min(left, RENEWAL)):
                    return
        except TroubleError:
            self.idles = False  # it ends connections that idle: from now on it is asked from time to time
            self._drop()
        await asyncio.sleep(max(0.0, until - time.monotonic()))

    async def delete(self, arrivals: tuple[Arrival, ...]) -> str:
        """Delete these messages, over a connection of its own that may change the mailbox."""
        try:
            client = await self._open()
        except TroubleError as trouble:
            return str(trouble)
        try:
            return await self._run(client, partial(delete_all, client, arrivals))
        except TroubleError as trouble:
            return str(trouble)
        finally:
            _close(client)

    async def close(self) -> None:
        """Leave, in good order if the server lets us."""
        client, self.client = self.client, None
        if client is not None:
            with suppress(TroubleError):
                await self._run(client, client.logout)
            _close(client)

    async def connected(self) -> BoundedClient:
        """The connection, logged in; a new one where there is none, after a pause where the last login was just now.

        Raises:
            TroubleError: there is none to be had.
        """
        if self.client is None:
            await asyncio.sleep(max(0.0, self.tried + self.network.login_pause - time.monotonic()))
            self.tried = time.monotonic()
            self.client = await self._open()
        return self.client

    async def try_out(self) -> Trial:
        """What the mailbox comes to, over a connection of its own."""
        try:
            until = token_expiry(await self._in_thread(partial(_secret, self.access)))
        except TroubleError as trouble:
            return Trial(str(trouble), is_fault=True)
        try:
            client = await self.connected()
            return (await self._run(client, partial(try_out, client)))._replace(until=until)
        except TroubleError as trouble:
            return Trial(str(trouble), not isinstance(trouble, UnknownError), until=until)
        finally:
            await self.close()

    async def _look(self) -> MailboxView:
        try:
            client = await self.connected()
            view = await self._run(client, Look(client, self.memory).take)
        except TroubleError as trouble:
            view = MailboxView(problem=str(trouble))
        if view.problem:
            self._drop()
        return view

    async def _open(self) -> BoundedClient:
        secret = await self._in_thread(partial(_secret, self.access))  # a command may take longer than a greeting
        connected = await self.network.connect(self.access)
        handle = connected.dup()  # TLS takes the socket over, and a thread that waits for it has to be woken
        try:
            return await self._in_thread(partial(self._greet, connected, secret))
        except BaseException:
            _shut(handle)
            raise
        finally:
            handle.close()

    def _greet(self, connected: socket.socket, secret: str) -> BoundedClient:
        """TLS, the greeting and the login; in a thread."""
        host, context = self.access.host, self.network.context
        connected.settimeout(self.network.timeout)
        sock = connected
        try:
            if self.access.tls == "implicit":
                sock = secure(connected, self.network, host)
            client = BoundedClient(host, sock, self.network.timeout)
            if self.access.tls == "starttls":
                _start_tls(client, context)
                sock = client.imap.sock
            log_in(client, self.access, secret)
        except BaseException:
            sock.close()
            raise
        return client

    async def _idle(self, client: BoundedClient, seconds: float) -> bool:
        """Whether something came within so many seconds; without IDLE it says at once that it has waited."""
        if not await self._run(client, lambda: client.has_capability("IDLE")):
            self.idles = False
            return False
        if await self._run(client, partial(self._begin_idle, client)):
            return True
        try:
            came = await _news(client, seconds)
        except asyncio.CancelledError:
            self._drop()  # it still idles, and would take no farewell
            raise
        await self._run(client, partial(_end_idle, client))
        return came

    def _begin_idle(self, client: BoundedClient) -> bool:
        """Whether something came since the look, before the server began to tell."""
        told = client.select_folder(INBOX, readonly=True)
        following = int(told.get(b"UIDNEXT", 0))
        if following > self.memory.first_new(INBOX, int(told.get(b"UIDVALIDITY", 0))):
            return True
        client.imap.forget()
        if client.has_capability("NOTIFY") and has_news(client.imap.notify(EVENTS), self.memory):
            _end_notify(client)
            return True
        client.imap.begin_idle()
        return False

    async def _run(self, client: BoundedClient, function: Callable[[], T]) -> T:
        """What the function gives, in a thread; whoever gives up waiting for it ends its connection."""
        try:
            return await self._in_thread(function)
        except asyncio.CancelledError:
            _close(client)
            self.client = None
            raise

    async def _in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self.executor, partial(_guarded, function))

    def _drop(self) -> None:
        client, self.client = self.client, None
        if client is not None:
            _close(client)


def _end_idle(client: BoundedClient) -> None:
    client.imap.end_idle()
    if client.has_capability("NOTIFY"):
        _end_notify(client)


def _end_notify(client: BoundedClient) -> None:
    client.imap.notify("NONE")  # looks ask for what they want to know


def _guarded(function: Callable[[], T]) -> T:
    with as_trouble():
        return function()


def _start_tls(client: BoundedClient, context: ssl.SSLContext) -> None:
    if not client.has_capability("STARTTLS"):
        raise TroubleError('its server offers no STARTTLS: write tls = "implicit" and port 993')
    try:
        client.starttls(context)
    except OSError as error:
        raise TroubleError(tls_trouble(error, client.host)) from None


def _secret(access: ImapAccess) -> str:
    try:
        return fetch_secret(access.secret, access.user)
    except UsageError as error:
        raise TroubleError(f"its secret cannot be had: {error}") from None


async def _news(client: BoundedClient, seconds: float) -> bool:
    """Whether the server tells of something within so many seconds."""
    loop, readable = asyncio.get_running_loop(), asyncio.Event()
    descriptor = client.imap.sock.fileno()
    until = time.monotonic() + seconds
    loop.add_reader(descriptor, readable.set)
    try:
        while not client.imap.has_news():
            readable.clear()
            async with asyncio.timeout(until - time.monotonic()):
                await readable.wait()
    except TimeoutError:
        return False
    finally:
        loop.remove_reader(descriptor)
    return True


def _close(client: BoundedClient) -> None:
    _shut(client.imap.sock)


def _shut(sock: socket.socket) -> None:
    """End the connection; a thread that reads from it wakes up."""
    with suppress(OSError):
        socket.socket.shutdown(sock, socket.SHUT_RDWR)  # not that of TLS, which would have to be the thread's own
    sock.close()
