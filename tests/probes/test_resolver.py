"""The control questions: which are asked, what is connected to, and what a denial out of a cache looks like."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import UTC, datetime

import pytest

from deliverkit.clients import Clients
from deliverkit.facts.resolver import PortTests, ResolverTests
from deliverkit.model import Outcome
from deliverkit.observations import (
    CHOSEN,
    Answer,
    Connection,
    Instant,
    Place,
    Resolver,
    ResourceRecord,
    Status,
)
from deliverkit.observations.reach import Reach
from deliverkit.probes.resolver import learn_port_tests, learn_resolver_tests
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine

NOW = Instant(datetime(2026, 11, 22, tzinfo=UTC))


class Taking:
    """A connector that takes every connection and notes them."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, int]] = []

    async def connect(self, address: str, port: int) -> Connection:
        self.seen.append((address, port))
        return Connection(address, port, Reach.CONNECTED)


class Answering:
    """A resolver that gives every name the addresses, and denies the made-up one with a SOA record of that TTL."""

    def __init__(self, addresses: Mapping[str, tuple[str, ...]], ttl: int = 900) -> None:
        self.addresses = addresses
        self.ttl = ttl
        self.places: set[Place] = set()

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        self.places.add(at)
        if name.startswith("deliverkit-"):
            soa = ResourceRecord("com", "SOA", self.ttl, "a. b. 1 1800 900 604800 900")
            return Answer(name, rdtype, Status.NXDOMAIN, soa=soa, at=at, elapsed=0.0401234)
        records = tuple(ResourceRecord(name, rdtype, 60, text) for text in self.addresses.get(rdtype, ()))
        status = Status.NOERROR if records else Status.NODATA
        return Answer(name, rdtype, status, records, checking_disabled=checking_disabled, at=at)


def clients(resolver: Resolver, connector: Taking, *servers: str) -> Clients:
    return Clients(resolver, NOW, connector=connector, servers=servers)


def tried(resolver: Answering, *servers: str) -> Report:
    target = Target("", "this machine")
    return asyncio.run(examine(target, choose("resolver"), clients(resolver, Taking(), *servers)))


def test_only_one_public_address_of_each_kind_is_connected_to() -> None:
    published = {"A": ("10.0.0.1", "11.0.0.9", "11.0.0.8"), "AAAA": ("64:ff9b::b00:9", "fe80::1", "2a11:db8::9")}
    connector = Taking()
    found = asyncio.run(learn_port_tests("", clients(Answering(published), connector, "192.0.2.53")))
    assert isinstance(found, PortTests)
    assert set(connector.seen) == {("11.0.0.8", 25), ("2a11:db8::9", 25)}
    assert (found.is_open(4), found.is_open(6)) == (True, True)


def test_nothing_is_connected_to_where_no_address_is_public() -> None:
    connector = Taking()
    private = Answering({"A": ("10.0.0.1",), "AAAA": ("64:ff9b::b00:9",)})
    found = asyncio.run(learn_port_tests("", clients(private, connector, "192.0.2.53")))
    assert isinstance(found, PortTests)
    assert (connector.seen, found.is_open(4), found.is_open(6)) == ([], None, None)


@pytest.mark.parametrize(("ttl", "recursion"), [(900, 0.040123), (899, 0.040123), (640, None)])
def test_a_denial_that_was_counted_down_took_no_recursion(ttl: int, recursion: float | None) -> None:
    found = asyncio.run(learn_resolver_tests("", clients(Answering({}, ttl), Taking(), "192.0.2.53")))
    assert isinstance(found, ResolverTests)
    assert found.tests[0].recursion == recursion


def test_every_resolver_is_asked_itself_and_over_tcp_where_that_is_not_its_way() -> None:
    resolver = Answering({})
    report = tried(resolver, "192.0.2.53", "tls://192.0.2.54")
    named = {Place("192.0.2.53"), Place("192.0.2.53", over_tcp=True), Place("tls://192.0.2.54")}
    assert resolver.places == {CHOSEN, *named}
    assert report.trace.round_trips == 1


def test_without_a_resolver_nothing_is_asked_and_nothing_applies() -> None:
    resolver = Answering({})
    report = tried(resolver)
    assert {result.outcome for result in report.results} == {Outcome.NOT_APPLICABLE}
    assert resolver.places == set()
    assert report.verdicts["resolver"].sentence.startswith("Cannot tell how this machine asks the DNS")
