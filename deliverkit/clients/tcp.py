"""Trying whether an address takes connections to a port: live, recorded, and the recording between the two."""

from __future__ import annotations

import errno
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.clients.alone import the_loop
from deliverkit.clients.routes import Endpoint, Routes
from deliverkit.observations import Connection, Connector

if TYPE_CHECKING:  # most runs try no connection but to talk, and get it
    from deliverkit.observations.reach import Reach

# No packet left this machine, or none came further than its network: the address family is not there.
_NO_WAY = {
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.EADDRNOTAVAIL,
    errno.EAFNOSUPPORT,
    errno.ENETDOWN,
    errno.EHOSTDOWN,
}


def reach_after(error: OSError) -> Reach:
    """What an attempt that ended so came to; a world without a route refuses."""
    from deliverkit.observations.reach import Reach

    if isinstance(error, TimeoutError):
        return Reach.TIMEOUT
    return Reach.UNREACHABLE if error.errno in _NO_WAY else Reach.REFUSED


class Tcp(Frozen):
    """A connector on the network. ``timeout``: seconds until an attempt is given up."""

    timeout: float
    routes: Routes

    async def connect(self, address: str, port: int) -> Connection:
        """Connect, and close at once: nothing is sent, nothing is read."""
        started = time.monotonic()
        status = await self._try((address, port))
        return Connection(address, port, status, time.monotonic() - started)

    async def _try(self, endpoint: Endpoint) -> Reach:
        await the_loop()
        import asyncio

        from deliverkit.observations.reach import Reach

        try:
            host, port = self.routes.resolve(endpoint)
            async with asyncio.timeout(self.timeout):
                _, writer = await asyncio.open_connection(host, port)
        except OSError as error:
            return reach_after(error)
        writer.close()
        with suppress(OSError):  # it was taken: how it ends says nothing
            await writer.wait_closed()
        return Reach.CONNECTED


class RecordingConnections(Slotted):
    """A connector over another that keeps what came of every attempt; the first counts."""

    source: Connector
    kept: dict[Endpoint, Connection] = field(default_factory=dict)

    async def connect(self, address: str, port: int) -> Connection:
        """What came of the source's attempt, kept."""
        return self.kept.setdefault((address, port), await self.source.connect(address, port))


class RecordedConnections(Frozen):
    """A connector that says what was kept, and UNRECORDED to everything else."""

    kept: Mapping[Endpoint, Connection] = field(default_factory=dict)

    async def connect(self, address: str, port: int) -> Connection:
        """What was kept of the attempt."""
        from deliverkit.observations.reach import Reach

        return self.kept.get((address, port)) or Connection(address, port, Reach.UNRECORDED)


async def connected_to(endpoint: Endpoint, timeout: float) -> socket.socket:
    """A connection to the end of a route; no name is looked up.

    Raises:
        OSError: there is none.
    """
    import asyncio

    host, _ = endpoint
    made = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET)
    made.setblocking(False)
    try:
        async with asyncio.timeout(timeout):
            await asyncio.get_running_loop().sock_connect(made, endpoint)
    except BaseException:
        made.close()
        raise
    return made


def words_of(error: OSError) -> str:
    """What the system says of it, as a clause."""
    return os.strerror(error.errno).lower() if error.errno else str(error)
