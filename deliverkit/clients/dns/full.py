"""The full road to one resolver, through dnspython: TCP after truncation, every type, DNS over TLS and HTTPS."""

from __future__ import annotations

import asyncio
import ssl
import time
from typing import TYPE_CHECKING

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rdatatype

from deliverkit.classes import Slotted
from deliverkit.clients.dns.codec import PAYLOAD, BadNameError, cut_short
from deliverkit.clients.dns.decode import decode
from deliverkit.clients.dns.pipeline import LostError, Pipeline
from deliverkit.clients.routes import Endpoint
from deliverkit.observations import Answer, Query, Status

if TYPE_CHECKING:
    import httpx2

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


class FullUdp(Slotted):
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
            return cut_short(await self.ask_over_tcp(question, wait=wait))
        except dns.exception.Timeout:
            return failure(question, Status.TIMEOUT, self.server)
        except _FAILURES:
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)

    async def ask_over_tcp(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer over TCP."""
        host, port = self.endpoint
        try:
            response = await dns.asyncquery.tcp(question, host, timeout=wait, port=port)
        except dns.exception.Timeout:
            return failure(question, Status.TIMEOUT, self.server)
        except _FAILURES:
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)


class Tls(Slotted):
    """DNS over TLS (RFC 7858). The certificate must be good for ``name``, or for the address where it is empty.

    All questions share one connection, which is kept (RFC 7858 §3.4).
    """

    endpoint: Endpoint
    server: str
    name: str
    context: ssl.SSLContext
    _kept: Pipeline | None = None
    _connecting: asyncio.Task[Pipeline] | None = None

    async def ask(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer; TIMEOUT where none came within ``wait`` seconds, UNREACHABLE where none can be believed."""
        asked = time.monotonic()
        try:
            async with asyncio.timeout(wait):
                response = await self._exchange(question, wait)
        except TimeoutError:
            if self._kept is not None and self._kept.heard < asked:
                self._kept.close()  # the way to the server may have died unnoticed
            return failure(question, Status.TIMEOUT, self.server)
        except _FAILURES:
            return failure(question, Status.UNREACHABLE, self.server)
        return decode(response, question, server=self.server)

    async def _exchange(self, question: dns.message.QueryMessage, wait: float) -> dns.message.Message:
        """The answer; asked again over a new connection where one that had served ends (RFC 7766 §6.2.4)."""
        while True:
            pipeline = await self._connected(wait)
            try:
                return await pipeline.ask(question)
            except LostError:
                if not pipeline.answers:
                    raise

    async def _connected(self, wait: float) -> Pipeline:
        if self._kept is not None and not self._kept.is_lost:
            return self._kept
        if self._connecting is None:
            self._connecting = asyncio.ensure_future(self._connect(wait))
            self._connecting.add_done_callback(_heed)
        # one asker's cancellation must not take the connection from the others
        return await asyncio.shield(self._connecting)

    async def _connect(self, wait: float) -> Pipeline:
        host, port = self.endpoint
        try:
            async with asyncio.timeout(wait):
                _, self._kept = await asyncio.get_running_loop().create_connection(
                    Pipeline, host, port, ssl=self.context, server_hostname=self.name or host
                )
            return self._kept
        finally:
            self._connecting = None

    async def close(self) -> None:
        """Close the connection."""
        connecting = self._connecting
        if connecting is not None:
            connecting.cancel()
            await asyncio.wait([connecting])
        if self._kept is not None:
            self._kept.close()


class Https(Slotted):
    """DNS over HTTPS (RFC 8484), with the extra ``doh``; all questions share a connection, where it is HTTP/2."""

    url: str
    server: str
    context: ssl.SSLContext
    _kept: httpx2.AsyncClient | None = None
    _answers: int = 0  # over what is kept
    _heard: float = 0.0  # when an answer came last, on the monotonic clock

    async def ask(self, question: dns.message.QueryMessage, *, wait: float) -> Answer:
        """The answer; TIMEOUT where none came within ``wait`` seconds, UNREACHABLE where none can be believed."""
        asked, client = time.monotonic(), self._client()
        try:
            async with asyncio.timeout(wait):
                response = await self._exchange(question, client)
        except TimeoutError:
            if self._heard < asked and client is self._kept:
                await self.close()  # the way to the server may have died unnoticed
            return failure(question, Status.TIMEOUT, self.server)
        except Exception:  # noqa: BLE001 - the HTTP library's layers have errors of their own, without a common base
            return failure(question, Status.UNREACHABLE, self.server)
        self._answers += 1
        self._heard = time.monotonic()
        return decode(response, question, server=self.server)

    async def _exchange(self, question: dns.message.QueryMessage, client: httpx2.AsyncClient) -> dns.message.Message:
        """The answer; asked again where a connection ends, if there were answers since the last time."""
        from httpx2 import TransportError

        answers = 0
        while True:
            try:
                return await dns.asyncquery.https(question, self.url, client=client)
            except TransportError:
                if self._answers == answers:
                    raise
                answers = self._answers

    def _client(self) -> httpx2.AsyncClient:
        import httpx2

        from deliverkit.clients.dns.bodies import BoundedTransport

        if self._kept is None:  # its own timeout would come before ours, its environment's proxy between
            self._kept = httpx2.AsyncClient(
                transport=BoundedTransport(http2=True, verify=self.context, trust_env=False),
                headers={"accept-encoding": "identity"},
                timeout=None,
                trust_env=False,
            )
        return self._kept

    async def close(self) -> None:
        """Close the connection."""
        client, self._kept, self._answers = self._kept, None, 0
        if client is not None:
            await client.aclose()


def _heed(ended: asyncio.Task[Pipeline]) -> None:
    """Take note of its error, even where all who waited have given up by then."""
    if not ended.cancelled():
        ended.exception()


def failure(question: dns.message.QueryMessage, status: Status, server: str) -> Answer:
    """No answer, with the word for why."""
    return decode(dns.message.make_response(question), question, server=server)._replace(status=status)
