"""Every authoritative server asked itself, with Knot for the servers and Unbound before them."""

from __future__ import annotations

import asyncio
import os
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from deliverkit import waiting
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.dns.proposal import parse_proposal
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Endpoint, Routes
from deliverkit.facts import Expectations
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Outcome
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.waiting import Look, looks
from tests.servers import LOOPBACK, Server, knot, missing, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)

PARENT = """
@    300 IN SOA ns h 1 3600 900 1209600 60
@    300 IN NS  ns
ns   300 IN A   11.0.0.53
shop 300 IN NS  ns1.shop
shop 300 IN NS  ns2.shop
ns1.shop 300 IN A 11.0.1.53
ns2.shop 300 IN A 11.0.2.53
"""
MAIL = "@ 300 IN MX 10 mx1\nmx1 300 IN A 11.0.1.25\n"
ADDED = "+ shop.test. 300 IN MX 20 mx2.shop.test."


def shop(serial: int, records: str = MAIL) -> str:
    head = f"@ 300 IN SOA ns1 h {serial} 3600 900 1209600 60\n"
    return f"{head}@ 300 IN NS ns1\n@ 300 IN NS ns2\nns1 300 IN A 11.0.1.53\nns2 300 IN A 11.0.2.53\n{records}"


@dataclass(frozen=True)
class Servers:
    """A resolver, the parent's server, and the two servers of the zone ``shop.test``."""

    resolver: Server
    parent: Server
    zone: tuple[Server, Server]
    folder: Path

    @property
    def routes(self) -> Routes:
        """Where the addresses of the zones lead."""
        servers = {"11.0.0.53": self.parent, "11.0.1.53": self.zone[0], "11.0.2.53": self.zone[1]}
        table: dict[Endpoint, Endpoint] = {(address, 53): (LOOPBACK, s.port) for address, s in servers.items()}
        table[LOOPBACK, self.resolver.port] = (LOOPBACK, self.resolver.port)
        return Routes(table)

    def publish(self, number: int, text: str) -> None:
        """Have one server take over another text of the zone."""
        (self.folder / f"ns{number}" / "0.zone").write_text(text, "utf-8")
        self.zone[number - 1].process.send_signal(signal.SIGHUP)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[Servers]:
    with (
        knot(tmp_path / "parent", {"test.": PARENT}) as parent,
        knot(tmp_path / "ns1", {"shop.test.": shop(1)}) as one,
        knot(tmp_path / "ns2", {"shop.test.": shop(1)}) as two,
        unbound(tmp_path / "resolver", {"test.": parent.port, "shop.test.": one.port}) as resolver,
    ):
        yield Servers(resolver, parent, (one, two), tmp_path)


def examined(servers: Servers) -> Report:
    async def work() -> Report:
        server = plain((LOOPBACK, servers.resolver.port))
        async with open_clients([server], timeout=1.5, routes=servers.routes) as clients:
            profile = choose("domain", only=["ns"], areas=["ns"])
            return await examine(Target("shop.test", "shop.test"), profile, clients)

    return asyncio.run(work())


def failed(report: Report) -> list[str]:
    return [result.check.code for result in report.results if result.outcome is Outcome.FAIL]


def words(report: Report) -> list[tuple[str, bool, bool]]:
    zone = report.fact(ZoneServers)
    assert isinstance(zone, ZoneServers)
    return [(word.address, word.is_silent, word.is_lame) for word in zone.words]


def test_servers_that_agree(servers: Servers) -> None:
    report = examined(servers)
    assert words(report) == [("11.0.1.53", False, False), ("11.0.2.53", False, False)]
    assert failed(report) == []
    assert {result.outcome for result in report.results} == {Outcome.PASS}


def test_a_change_that_has_reached_one_server(servers: Servers) -> None:
    servers.publish(1, shop(2, MAIL + "@ 300 IN MX 20 mx2\n"))
    until(servers, lambda report: "NS005" in failed(report))
    assert failed(examined(servers)) == ["NS004", "NS005"]


def test_a_change_that_has_not_reached_the_resolver(servers: Servers) -> None:
    examined(servers)
    for number in (1, 2):
        servers.publish(number, shop(2, MAIL + "@ 300 IN MX 20 mx2\n"))
    until(servers, lambda report: failed(report) == ["NS008"])


def test_a_silent_and_a_lame_server(servers: Servers, tmp_path: Path) -> None:
    servers.zone[1].pause()
    assert failed(examined(servers)) == ["NS003"]
    servers.zone[1].go_on()
    with knot(tmp_path / "lame", {"other.test.": shop(1)}) as lame:
        assert failed(examined(replace(servers, zone=(servers.zone[0], lame)))) == ["NS002"]


def test_a_record_is_waited_for(servers: Servers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(waiting, "LEAST_PAUSE", 0.1)

    async def work() -> list[Look]:
        server = plain((LOOPBACK, servers.resolver.port))
        seen: list[Look] = []
        async with open_clients([server], timeout=1.5, routes=servers.routes) as clients:
            added = parse_proposal(ADDED, "shop.test")
            async for look in looks("shop.test", added, clients, expected=Expectations(), most=20):
                if not seen:
                    for number in (1, 2):
                        servers.publish(number, shop(2, MAIL + "@ 300 IN MX 20 mx2\n"))
                seen.append(look)
                if not look.unasked:
                    break
        return seen

    seen = asyncio.run(work())
    assert [sight.is_there for sight in seen[0].sights] == [False, False]
    *name_servers, resolver = seen[-1].sights
    assert all(sight.is_there for sight in name_servers)
    assert not resolver.is_there  # it was asked for the MX when the name servers were looked for
    assert 0 < resolver.left <= 300


def until(servers: Servers, is_so: Callable[[Report], bool]) -> None:
    """Examine until the report is so: a server takes a new zone over in its own time."""
    deadline = time.monotonic() + 10
    while not is_so(report := examined(servers)):
        assert time.monotonic() < deadline, failed(report)
        time.sleep(0.1)
