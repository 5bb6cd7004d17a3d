"""Questions to real resolvers: one, or the next one where it fails, which is remembered."""

from __future__ import annotations

import ssl
import time
from collections.abc import Iterable

from deliverkit.clients.dns.codec import BadNameError
from deliverkit.clients.dns.nameservers import Nameserver
from deliverkit.clients.dns.upstreams import Query, Upstream, open_upstream
from deliverkit.clients.routes import REAL, Routes
from deliverkit.observations import Answer, Status

TIMEOUT = 5.0  # seconds: a cold recursion may take that long
SLICE = 1.5  # seconds until the next server is asked while the first may still be looking
GRUDGE = 30.0  # seconds for which a server that failed is asked last

# The failure that says more about the domain than about the way to the resolver comes first.
_RANK = (Status.SERVFAIL, Status.TRUNCATED, Status.TIMEOUT, Status.UNREACHABLE, Status.REFUSED)


class Live:
    """A resolver that asks name servers. ``timeout``: seconds until a question is given up."""

    def __init__(
        self,
        servers: Iterable[Nameserver],
        timeout: float = TIMEOUT,
        routes: Routes = REAL,
        *,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.timeout = timeout
        self._upstreams = [open_upstream(server, routes, context) for server in servers]
        self._shunned: dict[Upstream, float] = {}

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The answer of the first server that has a definite one, or the failure that says most."""
        question = Query(name, rdtype, checking_disabled)
        try:
            if len(self._upstreams) > 1:
                return await self._ask_in_turn(question)
            answer = await self._upstreams[0].ask(question, wait=self.timeout)
            if answer.status is Status.SERVFAIL and not _is_validation_failure(answer):
                # that of a recursion that took too long is gone when asked again
                answer = await self._upstreams[0].ask(question, wait=self.timeout)
        except BadNameError:
            return Answer(name, rdtype, Status.ILLEGAL, checking_disabled=checking_disabled)
        return answer

    async def close(self) -> None:
        """Give up all sockets."""
        for upstream in self._upstreams:
            await upstream.close()

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
