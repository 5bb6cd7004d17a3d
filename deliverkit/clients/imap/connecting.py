"""Connecting to an IMAP server: at the addresses that our resolver gives, along the routes, under TLS for its name."""

from __future__ import annotations

import asyncio
import socket
import ssl
from dataclasses import dataclass
from functools import cached_property
from ipaddress import ip_address

from deliverkit.clients.imap.trouble import TroubleError, UnknownError, said
from deliverkit.clients.routes import NoRouteError, Routes
from deliverkit.clients.tcp import connected_to, words_of
from deliverkit.observations import Resolver, Status
from deliverkit.observations.mailbox import ImapAccess
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address

MOST_ADDRESSES = 4  # of each kind that are tried
_LOOPBACK = ("127.0.0.1", "::1")  # RFC 6761 §6.3: no resolver is asked for localhost


@dataclass
class Network:
    """What a connection needs: ``timeout`` is in seconds for each step, ``roots`` the PEM of the roots that count.

    Without ``roots`` this machine's count. ``login_pause``: seconds from one login at a mailbox to the next, at least,
    while it is kept open.
    """

    resolver: Resolver
    routes: Routes
    timeout: float
    roots: bytes = b""
    login_pause: float = 0.0

    @cached_property
    def context(self) -> ssl.SSLContext:
        """TLS as it has to be: the certificate good for the name, TLS 1.2 at least."""
        context = ssl.create_default_context(cadata=self.roots.decode() or None)
        context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8314 §4.1
        return context

    async def connect(self, access: ImapAccess) -> socket.socket:
        """A connection to the first address of the host that takes one.

        Raises:
            TroubleError: none does.
        """
        why = ""
        for address in await self._addresses(access.host):
            try:
                return await self._connect_to(address, access)
            except OSError as error:
                why = _why(error, self.timeout)
        raise UnknownError(f"no connection to {access.host} port {access.port}: {why}")

    async def _addresses(self, host: str) -> list[str]:
        if parse_address(host) is not None:
            return [host]
        if host == "localhost":
            return list(_LOOPBACK)
        answers = await asyncio.gather(*(self.resolver.query(host, rdtype) for rdtype in ("A", "AAAA")))
        found = [record.data for answer in answers for record in answer.records[:MOST_ADDRESSES]]
        if not found:
            raise _no_address(host, [answer.status for answer in answers])
        return found

    async def _connect_to(self, address: str, access: ImapAccess) -> socket.socket:
        place, port = self.routes.resolve((address, access.port))
        if access.tls == "none" and not is_near(ip_address(place)):
            raise TroubleError(
                f'tls = "none" is for this machine and private networks, and {access.host} leads to {address}'
            )
        return await connected_to((place, port), self.timeout)


def secure(connected: socket.socket, network: Network, host: str) -> socket.socket:
    """TLS over the connection at once (RFC 8314 §3.2); waits, so it belongs into a thread.

    Raises:
        TroubleError: there is none that counts.
    """
    try:
        return network.context.wrap_socket(connected, server_hostname=host)
    except ssl.SSLCertVerificationError as error:
        raise TroubleError(tls_trouble(error, host)) from None
    except OSError as error:
        raise TroubleError(f"{tls_trouble(error, host)}; does that port begin with TLS?") from None


def tls_trouble(error: OSError, host: str) -> str:
    """Why no TLS came about that counts, as a clause."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate of {host} is not good for it: {said(error.verify_message)}"
    if isinstance(error, TimeoutError):
        return f"{host} was silent in the TLS handshake"
    reason = getattr(error, "reason", None) or "the connection ended in the handshake"
    return f"{host} cannot agree on TLS: {said(reason)}"


def _why(error: OSError, timeout: float) -> str:
    if isinstance(error, TimeoutError):
        return f"no answer in {timeout:g} s"
    return "this world has no route there" if isinstance(error, NoRouteError) else words_of(error)


def _no_address(host: str, statuses: list[Status]) -> TroubleError:
    if Status.NXDOMAIN in statuses:
        return TroubleError(f"there is no host {host}: is imap = … right?")
    if all(status.is_definite for status in statuses):
        return TroubleError(f"{host} has no address")
    bad = next(status for status in statuses if not status.is_definite)
    return UnknownError(f"the addresses of {host} cannot be looked up: {bad}")
