"""Making the clients for a run on the real network."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

from deliverkit.clients import Clients
from deliverkit.clients.dns.live import Live
from deliverkit.clients.dns.nameservers import parse_nameserver, system_nameservers
from deliverkit.clients.dns.shared import Shared
from deliverkit.clients.routes import REAL, Endpoint, Routes
from deliverkit.observations import Instant

TIMEOUT = 5.0  # seconds: a cold recursion may take that long


def open_live(resolvers: Iterable[str] = (), *, timeout: float = TIMEOUT) -> Clients:
    """Clients that ask these resolvers (``IP``, ``IP:port``, ``[v6]:port``), or the system's, now.

    Raises:
        UsageError: a resolver cannot be used, or the system names none.
    """
    servers = tuple(map(parse_nameserver, resolvers)) or system_nameservers()
    return open_at(servers, timeout=timeout, routes=REAL, moment=datetime.now(UTC))


def open_at(servers: tuple[Endpoint, ...], *, timeout: float, routes: Routes, moment: datetime) -> Clients:
    """Clients that ask these servers along these routes, at that moment."""
    return Clients(Shared(Live(servers, timeout, routes)), Instant(moment))
