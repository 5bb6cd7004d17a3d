"""Questions to real resolvers: one, or the next one where it fails, which is remembered."""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Iterable

from deliverkit.classes import Slotted
from deliverkit.clients import TIMEOUT
from deliverkit.clients.dns.codec import BadNameError
from deliverkit.clients.dns.nameservers import Nameserver, parse_nameserver
from deliverkit.clients.dns.upstreams import Upstream, open_upstream
from deliverkit.clients.routes import REAL, Routes
from deliverkit.observations import CHOSEN, Answer, Place, Query, Status

SLICE = 1.5  # seconds until the next server is asked while the first may still be looking
GRUDGE = 30.0  # seconds for which a server that failed is asked last
MOST_PLACED = 32  # servers beside the chosen ones that have sockets: a process may have no more than 256 of all kinds

# The failure that says more about the domain than about the way to the resolver comes first.
_RANK = (Status.SERVFAIL, Status.TRUNCATED, Status.TIMEOUT, Status.UNREACHABLE, Status.REFUSED)


class _Placed(Slotted):
    """A server that was asked by its name, and how many questions it is answering."""

    upstream: Upstream
    asking: int = 0


class Live:
    """A resolver that asks name servers, and reaches nobody without any. ``timeout``: seconds for a question."""

    def __init__(
        self,
        servers: Iterable[Nameserver],
        timeout: float = TIMEOUT,
        routes: Routes = REAL,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.timeout = timeout
        self._routes, self._context = routes, context
        self._upstreams = [open_upstream(server, routes, context) for server in servers]
        self._placed: dict[str, _Placed] = {}
        self._is_done = asyncio.Event()  # with one of them
        self._shunned: dict[Upstream, float] = {}

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        """The answer of the first server that has a definite one, or the failure that says most; or that of ``at``.

        Raises:
            UsageError: ``at`` names no server.
        """
        question = Query(name, rdtype, checking_disabled, at)
        try:
            if at.server:
                return (await self._ask_at(question))._replace(at=at)
            if not self._upstreams:
                return Answer(name, rdtype, Status.UNREACHABLE, checking_disabled=checking_disabled)
            if len(self._upstreams) > 1:
                return await self._ask_in_turn(question)
            answer = await self._upstreams[0].ask(question, wait=self.timeout)
            if answer.status is Status.SERVFAIL and not _is_validation_failure(answer):
                # that of a recursion that took too long is gone when asked again
                answer = await self._upstreams[0].ask(question, wait=self.timeout)
        except BadNameError:
            return Answer(name, rdtype, Status.ILLEGAL, checking_disabled=checking_disabled, at=at)
        return answer

    async def close(self) -> None:
        """Give up all sockets."""
        for upstream in (*self._upstreams, *(placed.upstream for placed in self._placed.values())):
            await upstream.close()

    async def _ask_at(self, question: Query) -> Answer:
        """The answer of one server, whatever it is."""
        placed = await self._place(question.at.server)
        placed.asking += 1
        try:
            return await placed.upstream.ask(question, wait=self.timeout)
        finally:
            placed.asking -= 1
            self._is_done.set()

    async def _place(self, server: str) -> _Placed:
        """The server's sockets. Those unused for longest make room, or the first that are done with."""
        nameserver = parse_nameserver(server)
        while server not in self._placed and len(self._placed) >= MOST_PLACED:
            idle = next((other for other, placed in self._placed.items() if not placed.asking), None)
            if idle is not None:
                await self._placed.pop(idle).upstream.close()
            else:
                self._is_done.clear()
                await self._is_done.wait()
        placed = self._placed.pop(server, None) or _Placed(open_upstream(nameserver, self._routes, self._context))
        self._placed[server] = placed
        return placed

    async def _ask_in_turn(self, question: Query) -> Answer:
        """Each server in turn, those that failed lately last; a silent one gets a second, longer chance."""
        started = time.monotonic()
        failures: list[Answer] = []
        for upstream, patience in self._attempts():
            left = self.timeout - (time.monotonic() - started)
            if left <= 0:
                break
            answer = await upstream.ask(question, wait=min(patience, left))
            if answer.status.is_definite or _is_validation_failure(answer):
                self._shunned.pop(upstream, None)
                return answer._replace(elapsed=time.monotonic() - started)
            self._shunned[upstream] = time.monotonic() + GRUDGE
            failures.append(answer)
        return min(failures, key=_rank)._replace(elapsed=time.monotonic() - started)

    def _attempts(self) -> list[tuple[Upstream, float]]:
        now = time.monotonic()
        ordered = sorted(self._upstreams, key=lambda upstream: self._shunned.get(upstream, 0.0) > now)
        first = [(upstream, SLICE) for upstream in ordered]
        return [*first, *((upstream, self.timeout) for upstream in ordered)]


def _is_validation_failure(answer: Answer) -> bool:
    """Whether the resolver works and says that DNSSEC is what fails: another one must not hide that."""
    return answer.status is Status.SERVFAIL and any(error.is_dnssec for error in answer.extended_errors)


def _rank(answer: Answer) -> int:
    return _RANK.index(answer.status) if answer.status in _RANK else len(_RANK)
