"""The suite of openspf.org again, with every answer fetched from a name server on loopback."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from typing import cast

import dns.flags
import dns.message
import dns.rcode
import dns.rdatatype
import dns.rrset
import pytest

from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.probes.spf import evaluate
from deliverkit.standards.spf.evaluate import check_host
from deliverkit.standards.spf.trace import SpfResult
from tests.conformance.openspf import Case, cases

SERVER = "11.0.0.53"
_RCODES = {Status.SERVFAIL: dns.rcode.SERVFAIL, Status.NXDOMAIN: dns.rcode.NXDOMAIN}
Ask = Callable[[str, str], Answer]


def response(packet: bytes, ask: Ask) -> bytes:
    """What the server says to a question."""
    query = dns.message.from_wire(packet)
    asked = query.question[0]
    name = ".".join(label.decode("latin-1") for label in asked.name.labels[:-1]).lower()
    answer = ask(name, dns.rdatatype.to_text(asked.rdtype))
    said = dns.message.make_response(query, recursion_available=True)
    said.set_rcode(_RCODES.get(answer.status, dns.rcode.NOERROR))
    for owner, record in _owned(asked.name.to_text(), answer):
        found = dns.rrset.from_text(owner, record.ttl, "IN", record.rdtype, record.data)
        said.answer.append(found)
    return said.to_wire(max_size=65535)


def _owned(name: str, answer: Answer) -> list[tuple[str, ResourceRecord]]:
    """The records with their owners, the chain of aliases first."""
    owned = []
    for alias in answer.aliases:
        owned.append((name, alias._replace(data=f"{alias.data.removesuffix('.')}.")))
        name = owned[-1][1].data
    return [*owned, *((name, record) for record in answer.records)]


class Server(asyncio.DatagramProtocol):
    """A name server that has the zone data of one test."""

    def __init__(self) -> None:
        self.ask: Ask | None = None
        self.questions = 0
        self.transport: asyncio.DatagramTransport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.DatagramTransport, transport)

    def datagram_received(self, data: bytes, addr: tuple[str, int]) -> None:
        assert self.ask is not None
        assert self.transport is not None
        self.questions += 1
        self.transport.sendto(response(data, self.ask), addr)


@asynccontextmanager
async def serving() -> AsyncIterator[tuple[Server, int]]:
    """The server and its port."""
    loop = asyncio.get_running_loop()
    transport, server = await loop.create_datagram_endpoint(Server, local_addr=("127.0.0.1", 0))
    try:
        yield server, transport.get_extra_info("sockname")[1]
    finally:
        transport.close()


async def over_dns(case: Case) -> tuple[str, int]:
    """The result of a case, and how many questions went out for it."""
    async with serving() as (server, port):
        server.ask = case.zone.answer
        routes = Routes({(SERVER, 53): ("127.0.0.1", port)})
        async with open_clients([plain((SERVER, 53))], timeout=2, routes=routes) as clients:
            evaluation = await evaluate(clients.resolver, partial(check_host, case.client))
        return str(evaluation.result), server.questions


@pytest.mark.figure("SPF, openspf.org, RFC 7208: answers from a name server")
@pytest.mark.parametrize("case", cases(), ids=lambda case: case.name)
def test_the_result_over_real_dns_is_one_of_those_allowed(case: Case) -> None:
    result, questions = asyncio.run(over_dns(case))
    assert result in case.results
    assert questions or result == SpfResult.NONE  # only a name that DNS cannot carry is judged unasked
