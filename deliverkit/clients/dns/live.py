"""Questions to real resolvers, through dnspython: UDP first, TCP after truncation, the next server on failure."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import dns.asyncquery
import dns.exception
import dns.flags
import dns.message
import dns.name

from deliverkit.clients.dns.decode import decode
from deliverkit.clients.dns.nameservers import format_endpoint
from deliverkit.clients.routes import REAL, Endpoint, NoRouteError, Routes
from deliverkit.observations import Answer, Status

PAYLOAD = 1232  # octets of UDP answer that pass everywhere (DNS flag day 2020)
FIRST_WAIT = 1.0  # seconds until the first question is sent again; doubled each time
IN_FLIGHT = 100  # questions under way at once, so that a long list does not flood a resolver


@dataclass(slots=True)
class Live:
    """A resolver that asks name servers. ``timeout``: seconds until a question is given up."""

    servers: tuple[Endpoint, ...]
    timeout: float = 5.0
    routes: Routes = REAL
    _turn: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(IN_FLIGHT))

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False) -> Answer:
        """The answer of the first server that has a definite one, or the best failure."""
        try:
            question = _question(name, rdtype, checking_disabled=checking_disabled)
        except (dns.exception.DNSException, UnicodeError):
            return Answer(name, rdtype, Status.ILLEGAL, checking_disabled=checking_disabled)
        async with self._turn:
            return await self._ask_in_turn(question)

    async def _ask_in_turn(self, question: dns.message.QueryMessage) -> Answer:
        """Round after round over the servers, each round more patient, until the time is up."""
        started = time.monotonic()
        best: Answer | None = None
        failed: set[Endpoint] = set()
        for wait, server in self._attempts():
            left = self.timeout - (time.monotonic() - started)
            if left <= 0 or failed.issuperset(self.servers):
                break
            if server in failed:
                continue
            answer = await self._ask(question, server, wait=min(wait, left))
            if answer.status.is_definite:
                return replace(answer, elapsed=time.monotonic() - started)
            best = _better(best, answer)
            if answer.status is not Status.TIMEOUT:
                failed.add(server)
        assert best is not None
        return replace(best, elapsed=time.monotonic() - started)

    def _attempts(self) -> Iterator[tuple[float, Endpoint]]:
        wait = min(FIRST_WAIT, self.timeout)
        while True:
            for server in self.servers:
                yield wait, server
            wait *= 2

    async def _ask(self, question: dns.message.QueryMessage, server: Endpoint, *, wait: float) -> Answer:
        shown = format_endpoint(server)
        failure = replace(decode(dns.message.make_response(question), question, server=shown), status=Status.TIMEOUT)
        try:
            host, port = self.routes.resolve(server)
            response = await _exchange(question, host, port, wait=wait)
        except dns.exception.Timeout:
            return failure
        except dns.message.Truncated:
            return replace(failure, status=Status.TRUNCATED)
        except (NoRouteError, OSError):
            return replace(failure, status=Status.UNREACHABLE)
        return decode(response, question, server=shown)


def _question(name: str, rdtype: str, *, checking_disabled: bool) -> dns.message.QueryMessage:
    flags = dns.flags.RD | dns.flags.AD  # RFC 6840 §5.7: AD in a question asks for AD in the answer
    if checking_disabled:
        flags |= dns.flags.CD
    return dns.message.make_query(dns.name.from_text(name), rdtype, flags=flags, use_edns=0, payload=PAYLOAD)


async def _exchange(question: dns.message.QueryMessage, host: str, port: int, *, wait: float) -> dns.message.Message:
    """The first packet that really answers the question; others are dropped, not believed."""
    try:
        return await dns.asyncquery.udp(
            question,
            host,
            timeout=wait,
            port=port,
            ignore_unexpected=True,
            raise_on_truncation=True,
            ignore_errors=True,
        )
    except dns.message.Truncated:
        pass
    try:
        return await dns.asyncquery.tcp(question, host, timeout=wait, port=port)
    except (dns.exception.DNSException, OSError, EOFError) as error:
        raise dns.message.Truncated from error


_RANK = (Status.SERVFAIL, Status.TRUNCATED, Status.TIMEOUT, Status.REFUSED)


def _better(best: Answer | None, answer: Answer) -> Answer:
    """The failure that says more about the domain than about the way to the resolver."""
    if best is None:
        return answer
    ranked = [status for status in _RANK if status in {best.status, answer.status}]
    return answer if ranked and answer.status is ranked[0] else best
