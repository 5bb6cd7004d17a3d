"""The full road to one resolver, through dnspython: TCP after truncation, every type, DNS over TLS and HTTPS."""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import dns.asyncbackend
import dns.asyncquery
import dns.exception
import dns.flags
import dns.inet
import dns.message
import dns.name
import dns.rdatatype
from dns._asyncbackend import StreamSocket  # the type of dnspython's public parameter ``sock``

from deliverkit.clients.dns.codec import PAYLOAD, BadNameError
from deliverkit.clients.dns.decode import decode
from deliverkit.clients.routes import Endpoint
from deliverkit.observations import Answer, Query, Status

STREAMS = 8  # connections that are kept for the next question

_FAILURES = (dns.exception.DNSException, OSError, EOFError, ValueError)


def make_question(query: Query) -> dns.message.QueryMessage:
    """The question as dnspython's message.

    Raises:
        BadNameError: the DNS cannot carry the name.
    """
    flags = dns.flags.AD  # RFC 6840 §5.7: AD in a question asks for AD in the answer
    if query.at.recursive:
        flags |= dns.flags.RD
    if query.checking_disabled:
        flags |= dns.flags.CD
    try:
        name = dns.name.from_text(query.name)
        return dns.message.make_query(name, query.rdtype, flags=flags, use_edns=0, payload=PAYLOAD)
    except (dns.exception.DNSException, UnicodeError, ValueError):
        raise BadNameError(query.name) from None


@dataclass(slots=True)
class FullUdp:
    """UDP for the types that the codec does not know, TCP after truncation."""

    endpoint: Endpoint
    server: str

    async def ask(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer, over UDP or TCP."""
        host, port = self.endpoint
        try:
            response = await dns.asyncquery.udp(
                question,
                host,
                timeout=wait,
                port=port,
                ignore_unexpected=True,
                raise_on_truncation=True,
                ignore_errors=True,
            )
        except dns.message.Truncated:
            return await self.ask_over_tcp(question, wait=wait)
        except dns.exception.Timeout:
            return failure(question, Status.TIMEOUT, self.server)
        except _FAILURES:
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)

    async def ask_over_tcp(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer over TCP; TRUNCATED where TCP does not deliver it (RFC 7766 §5)."""
        host, port = self.endpoint
        try:
            response = await dns.asyncquery.tcp(question, host, timeout=wait, port=port)
        except _FAILURES:
            return failure(question, Status.TRUNCATED, self.server)
        return decode(response, question, server=self.server)


@dataclass(slots=True)
class Tls:
    """DNS over TLS (RFC 7858). The certificate must be good for ``name``, or for the address where it is empty."""

    endpoint: Endpoint
    server: str
    name: str
    context: ssl.SSLContext
    _streams: list[StreamSocket] = field(default_factory=list)

    async def ask(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer, over a connection that is kept for the next question."""
        try:
            response = await self._exchange(question, wait)
        except dns.exception.Timeout:
            return failure(question, Status.TIMEOUT, self.server)
        except _FAILURES:
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)

    async def _exchange(self, question: dns.message.QueryMessage, wait: float) -> dns.message.Message:
        if self._streams:
            with suppress(OSError, EOFError):  # the server may have closed what was kept: take a new one then
                return await self._over(self._streams.pop(), question, wait)
        return await self._over(await self._connect(wait), question, wait)

    async def _over(self, stream: StreamSocket, question: dns.message.QueryMessage, wait: float) -> dns.message.Message:
        try:
            response = await dns.asyncquery.tcp(question, self.endpoint[0], timeout=wait, sock=stream)
        except BaseException:
            await stream.close()  # type: ignore[no-untyped-call]
            raise
        self._streams.append(stream)
        while len(self._streams) > STREAMS:
            await self._streams.pop(0).close()  # type: ignore[no-untyped-call]
        return response

    async def _connect(self, wait: float) -> StreamSocket:
        host, _ = self.endpoint
        family = dns.inet.af_for_address(host)
        make_socket: Any = dns.asyncbackend.get_default_backend().make_socket
        stream = await make_socket(
            family, socket.SOCK_STREAM, 0, None, self.endpoint, wait, self.context, self.name or host
        )
        assert isinstance(stream, StreamSocket)
        return stream

    async def close(self) -> None:
        """Close the connections that were kept."""
        while self._streams:
            await self._streams.pop().close()  # type: ignore[no-untyped-call]


@dataclass(slots=True)
class Https:
    """DNS over HTTPS (RFC 8484), with the extra ``doh``."""

    url: str
    server: str
    context: ssl.SSLContext

    async def ask(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer, over a connection of its own."""
        try:
            response = await dns.asyncquery.https(question, self.url, timeout=wait, verify=self.context)
        except (dns.exception.Timeout, TimeoutError):
            return failure(question, Status.TIMEOUT, self.server)
        except Exception:  # noqa: BLE001 - the HTTP library's errors have no common base across its versions
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)

    async def close(self) -> None:
        """Nothing is kept."""


def failure(question: dns.message.QueryMessage, status: Status, server: str) -> Answer:
    """No answer, with the word for why."""
    return decode(dns.message.make_response(question), question, server=server)._replace(status=status)
