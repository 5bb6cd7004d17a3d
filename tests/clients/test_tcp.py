"""Connections on loopback: taken, refused, silent, without a way; kept and given back."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest

from deliverkit.clients.routes import REAL, Routes
from deliverkit.clients.tcp import RecordedConnections, RecordingConnections, Tcp
from deliverkit.observations import Connection
from deliverkit.observations.reach import Reach

HOST = "127.0.0.1"


def attempt(port: int, *, routes: Routes = REAL, timeout: float = 2.0, host: str = HOST) -> Connection:
    return asyncio.run(Tcp(timeout, routes).connect(host, port))


def test_a_listener_takes_the_connection_and_sees_it_end() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
        found = attempt(port)
        taken, _ = server.accept()
        with taken:
            assert taken.recv(10) == b""
    assert (found.address, found.port, found.status) == (HOST, port, Reach.CONNECTED)
    assert 0 < found.elapsed < 2


def test_a_port_where_nobody_listens_refuses() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    assert attempt(port).status is Reach.REFUSED


def test_a_world_refuses_where_it_has_no_route_and_leads_where_it_has_one() -> None:
    with socket.create_server((HOST, 0)) as server:
        routes = Routes({("11.0.1.25", 25): server.getsockname()})
        assert attempt(25, host="11.0.1.25", routes=routes).status is Reach.CONNECTED
        assert attempt(25, host="11.0.1.26", routes=routes).status is Reach.REFUSED


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (OSError(errno.ENETUNREACH, "no way"), Reach.UNREACHABLE),
        (OSError(errno.EADDRNOTAVAIL, "no such family here"), Reach.UNREACHABLE),
        (ConnectionResetError(errno.ECONNRESET, "reset"), Reach.REFUSED),
        (PermissionError(errno.EPERM, "a firewall of this machine"), Reach.REFUSED),
        (TimeoutError(errno.ETIMEDOUT, "the system gave up"), Reach.TIMEOUT),
    ],
)
def test_every_failure_is_a_word(monkeypatch: pytest.MonkeyPatch, error: OSError, status: Reach) -> None:
    async def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(asyncio, "open_connection", fail)
    assert attempt(25).status is status


def test_silence_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    async def wait(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(asyncio, "open_connection", wait)
    assert attempt(25, timeout=0.05).status is Reach.TIMEOUT


def test_what_was_kept_is_given_back_and_nothing_else() -> None:
    async def work() -> None:
        with socket.create_server((HOST, 0)) as server:
            port = server.getsockname()[1]
            recording = RecordingConnections(Tcp(2.0, REAL))
            first = await recording.connect(HOST, port)
            assert await recording.connect(HOST, port) == first
        recorded = RecordedConnections(recording.kept)
        assert await recorded.connect(HOST, port) == first
        assert (await recorded.connect(HOST, 1)).status is Reach.UNRECORDED

    asyncio.run(work())
