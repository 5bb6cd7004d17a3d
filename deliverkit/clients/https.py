"""Fetching a small file over HTTPS, as a sender fetches an MTA-STS policy: live, recorded, and recording.

The addresses are those that our own resolver gave, so that no other resolver is asked and a world stays a world. The
name is sent (SNI) and the certificate has to be good for it; no redirect is followed, no proxy is asked, and neither
the size nor the pace of what comes can hold a run up (RFC 8461 §3.3).
"""

from __future__ import annotations

import asyncio
import socket
import ssl
import time
from contextlib import suppress
from datetime import UTC
from functools import cached_property

from deliverkit.classes import Slotted, replace
from deliverkit.clients.routes import Routes
from deliverkit.clients.tcp import connected_to, reach_after
from deliverkit.observations.https import CertificateFault, HttpEnd, HttpExchange, HttpRequest
from deliverkit.observations.reach import Reach

PORT = 443
MOST_ADDRESSES = 4  # that are tried
PATIENCE = 3  # times the timeout of one step: the whole response
MOST_NAMES = 16  # of a certificate that are kept

_ENDS = {
    Reach.TIMEOUT: HttpEnd.TIMEOUT,
    Reach.REFUSED: HttpEnd.REFUSED,
    Reach.UNREACHABLE: HttpEnd.UNREACHABLE,
}
_FAULTS = {  # OpenSSL's numbers, x509_vfy.h
    9: CertificateFault.NOT_YET_VALID,
    10: CertificateFault.EXPIRED,
    18: CertificateFault.SELF_SIGNED,
    19: CertificateFault.UNTRUSTED,
    20: CertificateFault.UNTRUSTED,
    21: CertificateFault.UNTRUSTED,
    62: CertificateFault.WRONG_NAME,
}

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class _EndedError(Exception):
    """The exchange ended before its response did."""

    def __init__(self, exchange: HttpExchange) -> None:
        super().__init__(exchange.end)
        self.exchange = exchange


class Https(Slotted):
    """A fetcher on the network. ``timeout``: seconds for each step; ``roots``: PEM of the roots that count.

    Without ``roots`` the system's count.
    """

    timeout: float
    routes: Routes
    roots: bytes = b""

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        """Ask for the file."""
        started = time.monotonic()
        try:
            exchange = await self._fetch(request)
        except _EndedError as ended:
            exchange = ended.exchange
        return replace(exchange, elapsed=time.monotonic() - started)

    async def _fetch(self, request: HttpRequest) -> HttpExchange:
        from deliverkit.clients.exchange import Exchange

        address, connected = await self._connect(request)
        reader, writer = await self._secure(request, address, connected)
        try:
            async with asyncio.timeout(PATIENCE * self.timeout):
                return await Exchange(request, address, reader, writer, self.timeout).hold()
        except TimeoutError:
            return HttpExchange(request, HttpEnd.SLOW, address)
        finally:
            writer.transport.abort()  # a server that does not end TLS in good order must not hold us

    async def _connect(self, request: HttpRequest) -> tuple[str, socket.socket]:
        """A connection to the first address that takes one."""
        end = HttpEnd.UNREACHABLE
        for address in request.addresses[:MOST_ADDRESSES]:
            try:
                return address, await self._connect_to(address)
            except OSError as error:
                end = _ENDS[reach_after(error)]
        raise _EndedError(HttpExchange(request, end))

    async def _connect_to(self, address: str) -> socket.socket:
        return await connected_to(self.routes.resolve((address, PORT)), self.timeout)

    async def _secure(self, request: HttpRequest, address: str, connected: socket.socket) -> Streams:
        """TLS over the connection, its certificate good for the name."""
        try:
            return await self._shake_hands(connected, request.host, self._verifying)
        except ssl.SSLCertVerificationError as error:
            raise _EndedError(await self._with_certificate(request, address, error)) from None
        except TimeoutError:
            raise _EndedError(HttpExchange(request, HttpEnd.SILENT, address)) from None
        except (OSError, EOFError) as error:
            said = getattr(error, "reason", None) or "the connection ended in the handshake"
            raise _EndedError(HttpExchange(request, HttpEnd.TLS_FAILED, address, detail=str(said))) from None

    async def _shake_hands(self, connected: socket.socket, host: str, context: ssl.SSLContext) -> Streams:
        async with asyncio.timeout(self.timeout):
            return await asyncio.open_connection(sock=connected, ssl=context, server_hostname=host)

    async def _with_certificate(
        self, request: HttpRequest, address: str, error: ssl.SSLCertVerificationError
    ) -> HttpExchange:
        """What is wrong with the certificate, and whose it is: seen in a second handshake that does not verify."""
        fault = _FAULTS.get(error.verify_code, CertificateFault.INVALID)
        exchange = HttpExchange(request, HttpEnd.CERTIFICATE, address, fault=fault, detail=str(error.verify_message))
        with suppress(OSError, EOFError):
            _, writer = await self._shake_hands(await self._connect_to(address), request.host, _unverifying())
            der = writer.get_extra_info("ssl_object").getpeercert(binary_form=True)
            writer.transport.abort()
            names, until = _read_certificate(der)
            return replace(exchange, names=names, until=until)
        return exchange

    @cached_property
    def _verifying(self) -> ssl.SSLContext:
        return ssl.create_default_context(cadata=self.roots.decode() or None)


def _unverifying() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def _read_certificate(der: bytes) -> tuple[tuple[str, ...], str]:
    """The names that the certificate is for, and its last day; nothing where it cannot be read."""
    from cryptography import x509

    from deliverkit.standards.certificates import names_of

    try:
        certificate = x509.load_der_x509_certificate(der)
    except ValueError:
        return (), ""
    return names_of(certificate)[:MOST_NAMES], certificate.not_valid_after_utc.astimezone(UTC).date().isoformat()
