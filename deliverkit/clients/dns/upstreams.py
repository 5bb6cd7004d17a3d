"""One server each, by whichever road leads to it. dnspython is imported only when the full road is taken."""

from __future__ import annotations

import ssl
import time
from typing import TYPE_CHECKING, Protocol

from deliverkit.clients.dns import codec
from deliverkit.clients.dns.fast import FastUdp
from deliverkit.clients.dns.nameservers import Nameserver
from deliverkit.clients.dns.wire import TYPES
from deliverkit.clients.routes import NoRouteError, Routes
from deliverkit.observations import Answer, Query, Status

if TYPE_CHECKING:
    from deliverkit.clients.dns.full import FullUdp, Https, Tls


class Upstream(Protocol):
    """A server that can be asked."""

    server: Nameserver

    async def ask(self, query: Query, *, wait: float) -> Answer:
        """The answer, or the word for why there is none within ``wait`` seconds.

        Raises:
            BadNameError: the DNS cannot carry the name.
        """
        ...

    async def close(self) -> None:
        """Give up the sockets."""
        ...


def open_upstream(server: Nameserver, routes: Routes, context: ssl.SSLContext | None) -> Upstream:
    """The upstream for a server; ``context`` says which certificates are good (None: the system's)."""
    try:
        endpoint = server.endpoint if server.road == "https" else routes.resolve(server.endpoint)
    except NoRouteError:
        return _Unreachable(server)
    if server.road == "udp":
        return _Udp(server, endpoint)
    from deliverkit.clients.dns.full import Https, Tls

    trusted = context or ssl.create_default_context()
    if server.road == "tls":
        return _Stream(server, Tls(endpoint, server.text, server.name, trusted))
    return _Stream(server, Https(server.text, server.text, trusted))


class _Udp:
    """The fast road for the types that the codec knows; the full one for others, and over TCP after truncation."""

    def __init__(self, server: Nameserver, endpoint: tuple[str, int]) -> None:
        self.server = server
        self._endpoint = endpoint
        self._fast = FastUdp(endpoint, server=server.text)
        self._full: FullUdp | None = None

    async def ask(self, query: Query, *, wait: float) -> Answer:
        name, rdtype, checking_disabled, at = query
        if rdtype not in TYPES or at.over_tcp:
            return await self._ask_fully(query, wait, over_tcp=at.over_tcp)
        question = codec.encode(name, rdtype, checking_disabled=checking_disabled, recursive=at.recursive)
        answer = await self._fast.ask(question, wait=wait)
        if answer.status is Status.NOERROR:
            return answer
        if answer.status in {Status.FORMERR, Status.NOTIMP}:  # RFC 6891 §7
            answer = await self._fast.ask(codec.without_edns(question), wait=wait)
        if answer.status is not Status.TRUNCATED:
            return answer
        return codec.cut_short(await self._ask_fully(query, max(0.1, wait - answer.elapsed), over_tcp=True))

    async def close(self) -> None:
        self._fast.close()

    async def _ask_fully(self, query: Query, wait: float, *, over_tcp: bool = False) -> Answer:
        from deliverkit.clients.dns.full import FullUdp, make_question

        if self._full is None:
            self._full = FullUdp(self._endpoint, self.server.text)
        started = time.monotonic()
        question = make_question(query)
        ask = self._full.ask_over_tcp if over_tcp else self._full.ask
        answer = await ask(question, wait=wait)
        return answer._replace(elapsed=time.monotonic() - started)


class _Stream:
    """DNS over TLS or HTTPS."""

    def __init__(self, server: Nameserver, road: Tls | Https) -> None:
        self.server = server
        self._road = road

    async def ask(self, query: Query, *, wait: float) -> Answer:
        from deliverkit.clients.dns.full import make_question

        started = time.monotonic()
        question = make_question(query)
        answer = await self._road.ask(question, wait=wait)
        return answer._replace(elapsed=time.monotonic() - started)

    async def close(self) -> None:
        await self._road.close()


class _Unreachable:
    """A server that the world has no route to."""

    def __init__(self, server: Nameserver) -> None:
        self.server = server

    async def ask(self, query: Query, *, wait: float) -> Answer:  # noqa: ARG002 - an upstream's signature
        name, rdtype, checking_disabled, _ = query
        codec.encode(name, "A")
        return Answer(name, rdtype, Status.UNREACHABLE, checking_disabled=checking_disabled, server=self.server.text)

    async def close(self) -> None:
        return
