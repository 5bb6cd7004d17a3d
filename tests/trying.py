"""Facts about this machine built by hand, in the shape that the probes give them."""

from __future__ import annotations

from dataclasses import replace

from deliverkit.facts.resolver import (
    BlocklistTest,
    BlocklistTests,
    BogusTest,
    PortTest,
    PortTests,
    ResolverTest,
    ResolverTests,
)
from deliverkit.knowledge.controls import blocklists, bogus_names, control_hosts
from deliverkit.observations import Answer, Connection, ResourceRecord, Status
from deliverkit.observations.reach import Reach
from deliverkit.standards.dnsbl import judge_test_points
from tests.building import lookup

SERVER = "192.0.2.53"
MADE_UP = "deliverkit-x.com"
_SOA = ResourceRecord("com", "SOA", 900, "a.gtld-servers.net. nstld.verisign-grs.com. 1 1800 900 604800 900")


def resolver(
    server: str = SERVER,
    *,
    root: Status = Status.NOERROR,
    made_up: Status = Status.NXDOMAIN,
    over_tcp: Status | None = Status.NOERROR,
    bogus: tuple[tuple[Status, Status], ...] = ((Status.SERVFAIL, Status.NOERROR),) * 2,
) -> ResolverTest:
    """A resolver in good order, or what it does otherwise; ``bogus``: with checking and without, for each name."""
    names = zip(bogus_names(), bogus, strict=True)
    return ResolverTest(
        server=server,
        root=lookup(".", "SOA", status=root).answer._replace(authenticated=True, elapsed=0.0034567),
        made_up=lookup(MADE_UP, "A", status=made_up).answer._replace(soa=_SOA),
        recursion=0.04,
        over_tcp=None if over_tcp is None else lookup(".", "NS", status=over_tcp).answer,
        bogus=tuple(
            BogusTest(name, lookup(name.name, "A", status=checked).answer, lookup(name.name, "A", status=not_).answer)
            for name, (checked, not_) in names
        ),
    )


def without_soa(test: ResolverTest) -> ResolverTest:
    """The same, denying without the SOA record."""
    return replace(test, made_up=test.made_up._replace(soa=None))


def without_ad_bit(test: ResolverTest) -> ResolverTest:
    """The same, its answers without the AD bit."""
    return replace(test, root=test.root._replace(authenticated=False))


def rewriting(test: ResolverTest, address: str = "192.0.2.80") -> ResolverTest:
    """The same, giving an address for the name that nobody has made."""
    return replace(test, made_up=lookup(MADE_UP, "A", address).answer)


def resolvers(*tests: ResolverTest) -> ResolverTests:
    """The tests of these resolvers."""
    return ResolverTests(tests)


def blocklist(zone: str, listed: Answer, unlisted: Answer, server: str = SERVER) -> BlocklistTest:
    """A known blocklist with its answers for its test points."""
    [found] = [known for known in blocklists() if known.zone == zone]
    return BlocklistTest(server, found, listed, unlisted, *judge_test_points(listed, unlisted, found.refusals))


def lists(**answers: tuple[str | Status, str | Status]) -> BlocklistTests:
    """Blocklists by the first label of their zone, with the answers for both test points."""
    known = {found.zone.partition(".")[0]: found.zone for found in blocklists() if found.zone != "multi.surbl.org"}
    tests = []
    for label, (listed, unlisted) in answers.items():
        zone = known[label]
        tests.append(blocklist(zone, _answer(f"listed.{zone}", listed), _answer(f"unlisted.{zone}", unlisted)))
    return BlocklistTests(tuple(tests))


def _answer(name: str, said: str | Status) -> Answer:
    return lookup(name, "A", status=said).answer if isinstance(said, Status) else lookup(name, "A", said).answer


def ports(ipv4: Reach | Status, ipv6: Reach | Status) -> PortTests:
    """Every control host, its attempts ended so; a status: its addresses could not be looked up."""
    return PortTests(
        tuple(
            PortTest(
                control,
                _answer(control.host, "192.0.2.25" if isinstance(ipv4, Reach) else ipv4),
                lookup(control.host, "AAAA", status=Status.NOERROR if isinstance(ipv6, Reach) else ipv6).answer,
                Connection("192.0.2.25", 25, ipv4, 0.012) if isinstance(ipv4, Reach) else None,
                Connection("2001:db8::25", 25, ipv6, 0.015) if isinstance(ipv6, Reach) else None,
            )
            for control in control_hosts()
        )
    )
