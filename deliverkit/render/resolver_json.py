"""The key ``this_machine`` of JSON schema 1, spelt out like all of it."""

from __future__ import annotations

from deliverkit.facts.resolver import (
    BlocklistTest,
    BlocklistTests,
    BogusTest,
    PortTest,
    PortTests,
    ResolverTest,
    ResolverTests,
)
from deliverkit.observations import Connection
from deliverkit.report import Report

Json = dict[str, object]


def this_machine(report: Report) -> Json | None:
    """What is known of this machine; null where nothing was asked of it."""
    resolvers, lists, ports = report.fact(ResolverTests), report.fact(BlocklistTests), report.fact(PortTests)
    if not isinstance(resolvers, ResolverTests):
        return None
    return {
        "resolvers": [_resolver(test) for test in resolvers.tests],
        "blocklists": [_blocklist(test) for test in lists.tests] if isinstance(lists, BlocklistTests) else [],
        "port_25": [_port(test) for test in ports.tests] if isinstance(ports, PortTests) else [],
    }


def _resolver(test: ResolverTest) -> Json:
    return {
        "server": test.server,
        "transport": test.transport.value,
        "root_status": str(test.root.status),
        "round_trip_ms": _milliseconds(test.round_trip),
        "recursion_ms": None if test.recursion is None else _milliseconds(test.recursion),
        "validates": test.validates,
        "authenticated": test.root.authenticated,
        "ad_bit_believed": test.is_believed,
        "bogus": [_bogus(one) for one in test.bogus],
        "denial_status": str(test.made_up.status),
        "denial_has_soa": test.made_up.soa is not None,
        "tcp_status": None if test.over_tcp is None else str(test.over_tcp.status),
    }


def _bogus(test: BogusTest) -> Json:
    return {"name": test.bogus.name, "status": str(test.checked.status), "unchecked_status": str(test.unchecked.status)}


def _blocklist(test: BlocklistTest) -> Json:
    return {
        "zone": test.blocklist.zone,
        "kind": test.blocklist.kind,
        "server": test.server,
        "state": str(test.state),
        "reason": test.reason,
        "listed": [record.data for record in test.listed.records],
        "unlisted": [record.data for record in test.unlisted.records],
    }


def _port(test: PortTest) -> Json:
    return {
        "provider": test.control.provider,
        "host": test.control.host,
        "ipv4_status": str(test.ipv4.status),
        "ipv6_status": str(test.ipv6.status),
        "attempts": [_attempt(one) for one in (test.over_ipv4, test.over_ipv6) if one is not None],
    }


def _attempt(attempt: Connection) -> Json:
    return {
        "address": attempt.address,
        "port": attempt.port,
        "status": str(attempt.status),
        "elapsed_ms": _milliseconds(attempt.elapsed),
    }


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 3)
