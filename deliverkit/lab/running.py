"""A world that runs: its servers on loopback, and the routes that lead to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime

from deliverkit.lab.nameserver import DnsServer, Question
from deliverkit.lab.world import World
from deliverkit.lab.zones import Names

LOOPBACK = "127.0.0.1"
DNS_PORT, SMTP_PORT = 53, 25

Endpoint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RunningWorld:
    """What a client needs to live in the world; ``routes`` maps the world's endpoints to those on loopback."""

    world: World
    resolver: Endpoint
    routes: dict[Endpoint, Endpoint]
    questions: list[Question]

    @property
    def clock(self) -> datetime:
        """The world's time."""
        return self.world.clock


@asynccontextmanager
async def running(world: World) -> AsyncIterator[RunningWorld]:
    """Start the world's servers, and stop them at the end.

    Raises:
        LabError: a zone of the world cannot be read.
    """
    server = DnsServer(Names.of(world), world.resolver, world.faults)
    dns = await server.start(LOOPBACK)
    taker = await asyncio.start_server(_take, LOOPBACK, 0)
    resolver = (world.resolver.address, DNS_PORT)
    routes = {resolver: (dns.host, dns.port)}
    routes |= {(address, SMTP_PORT): taker.sockets[0].getsockname() for address in world.listening}
    try:
        yield RunningWorld(world, resolver, routes, server.log)
    finally:
        dns.close()
        taker.close()


async def _take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a connection, and end it without a word."""
    writer.close()
