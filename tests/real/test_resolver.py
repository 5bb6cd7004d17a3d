"""The control questions to real resolvers: Unbound with trust anchors, and one without, in front of Knot."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import pytest

from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.facts.resolver import BlocklistTests, ResolverTest, ResolverTests
from deliverkit.knowledge.controls import blocklists, bogus_names
from deliverkit.model import Outcome
from deliverkit.observations import Status
from deliverkit.profiles import choose
from deliverkit.report import Report, Target
from deliverkit.run import examine
from deliverkit.standards.dnsbl import ListState
from tests.servers import LOOPBACK, Server, Signed, knot, missing, sign, unbound

ABSENT = missing("knotd", "unbound")
pytestmark = pytest.mark.skipif(
    bool(ABSENT) and os.environ.get("CI") != "true", reason=f"{ABSENT} is not installed: make servers"
)

SOA = "@ 900 IN SOA ns.test. h.test. 7 3600 900 1209600 900\n@ 900 IN NS ns.test.\n"
TOPS = ("com.", "org.", "net.", "cz.")


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[tuple[Server, Server]]:
    """The root, signed, with what the control questions ask for; a resolver that validates, and one that does not."""
    bogus = {
        f"{found.name}.": sign(f"{found.name}.", f"{SOA}@ 300 IN A 127.0.0.9\n", broken=True) for found in bogus_names()
    }
    lists = {f"{found.zone}.": f"{SOA}{found.listed} 300 IN A 127.0.0.2\n" for found in blocklists()}
    tops = {top: sign(top, SOA + _cuts(top, {**bogus, **lists}) + _signers(top, bogus)) for top in TOPS}
    test = "test. 300 IN NS ns.test.\nns.test. 300 IN A 127.0.0.1\n"
    root = sign(".", SOA + _cuts(".", tops) + _signers(".", tops) + test)
    signed = {".": root.text, **{zone: found.text for zone, found in (*tops.items(), *bogus.items())}}
    with knot(tmp_path / "knot", {**signed, **lists}) as authority:
        stubs = dict.fromkeys((*signed, *lists), authority.port)
        with (
            unbound(tmp_path / "careful", stubs, anchors={".": root.dnskey}) as careful,
            unbound(tmp_path / "careless", stubs) as careless,
        ):
            yield careful, careless


def _cuts(parent: str, zones: Iterable[str]) -> str:
    return "".join(f"{zone} 300 IN NS ns.test.\n" for zone in zones if _is_below(zone, parent))


def _signers(parent: str, zones: Mapping[str, Signed]) -> str:
    return "".join(f"{zone} 300 IN DS {found.ds}\n" for zone, found in zones.items() if _is_below(zone, parent))


def _is_below(zone: str, parent: str) -> bool:
    return parent == "." or zone.endswith(f".{parent}")


def tried(*servers: Server) -> Report:
    async def work() -> Report:
        async with open_clients([plain((LOOPBACK, server.port)) for server in servers]) as clients:
            return await examine(Target("", "this machine"), choose("resolver"), clients)

    return asyncio.run(work())


def tried_by(report: Report) -> tuple[ResolverTest, ...]:
    found = report.fact(ResolverTests)
    assert isinstance(found, ResolverTests)
    return found.tests


def test_who_validates_is_told_from_who_does_not(servers: tuple[Server, Server]) -> None:
    report = tried(*servers)
    careful, careless = tried_by(report)
    assert (careful.validates, careful.root.authenticated) == (True, True)
    assert (careless.validates, careless.root.authenticated) == (False, False)
    assert not careful.is_believed  # over UDP anybody could have set the bit
    [found] = [result for result in report.of(Outcome.FAIL) if result.check.name == "resolver-does-not-validate"]
    assert [finding.message for finding in found.findings] == [
        f"the resolver {LOOPBACK}:{servers[1].port} does not validate DNSSEC"
    ]


def test_denials_tcp_and_blocklists_are_seen_right(servers: tuple[Server, Server]) -> None:
    report = tried(servers[0])
    [test] = tried_by(report)
    assert (test.made_up.status, test.made_up.zone, test.distrust) == (Status.NXDOMAIN, "com", "")
    assert test.over_tcp is not None
    assert test.over_tcp.status is Status.NOERROR
    assert test.recursion is not None
    lists = report.fact(BlocklistTests)
    assert isinstance(lists, BlocklistTests)
    assert {one.state for one in lists.tests} == {ListState.ANSWERS}
    failed = {result.check.name for result in report.of(Outcome.FAIL)}
    assert failed == set()
    unknown = {result.check.name for result in report.of(Outcome.UNKNOWN)}
    assert unknown == {"port-25-blocked", "ipv6-missing"}  # nobody's exchanger is served here


def test_a_name_that_the_resolver_has_denied_before_is_known_to_be_cached(servers: tuple[Server, Server]) -> None:
    [first] = tried_by(tried(servers[0]))
    assert first.recursion is not None
    asyncio.run(asyncio.sleep(4))
    [again] = tried_by(tried(servers[0]))
    assert again.recursion is None


def test_a_resolver_that_is_gone_is_named(servers: tuple[Server, Server]) -> None:
    servers[0].kill()
    report = tried(*servers)
    gone, there = tried_by(report)
    assert gone.failure == f"{LOOPBACK}:{servers[0].port} cannot be reached from here"
    assert there.failure == ""
