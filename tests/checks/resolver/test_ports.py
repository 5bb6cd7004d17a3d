"""RES010 and RES011: whether port 25 is open from here, and whether IPv6 is there."""

from __future__ import annotations

import pytest

from deliverkit.checks.resolver.ipv6_missing import ipv6_missing
from deliverkit.checks.resolver.port_25_blocked import port_25_blocked
from deliverkit.model import Outcome
from deliverkit.observations import Status
from deliverkit.observations.reach import Reach
from tests.building import finding, judged
from tests.trying import ports, resolver, resolvers

WELL = resolvers(resolver())
OPEN, REFUSED, SILENT, NO_WAY = Reach.CONNECTED, Reach.REFUSED, Reach.TIMEOUT, Reach.UNREACHABLE


@pytest.mark.parametrize(
    ("ipv4", "ipv6", "blocked", "missing"),
    [
        (OPEN, OPEN, Outcome.PASS, Outcome.PASS),
        (OPEN, NO_WAY, Outcome.PASS, Outcome.FAIL),
        (OPEN, SILENT, Outcome.PASS, Outcome.FAIL),
        (OPEN, Status.NODATA, Outcome.PASS, Outcome.UNKNOWN),
        (OPEN, Status.SERVFAIL, Outcome.PASS, Outcome.UNKNOWN),
        (SILENT, SILENT, Outcome.FAIL, Outcome.UNKNOWN),
        (SILENT, NO_WAY, Outcome.FAIL, Outcome.FAIL),
        (REFUSED, OPEN, Outcome.FAIL, Outcome.PASS),
        (Status.SERVFAIL, OPEN, Outcome.UNKNOWN, Outcome.PASS),
        (NO_WAY, NO_WAY, Outcome.FAIL, Outcome.FAIL),
        (Status.TIMEOUT, Status.TIMEOUT, Outcome.UNKNOWN, Outcome.UNKNOWN),
        (Status.NXDOMAIN, Status.NXDOMAIN, Outcome.UNKNOWN, Outcome.UNKNOWN),
        (Reach.UNRECORDED, Reach.UNRECORDED, Outcome.UNKNOWN, Outcome.UNKNOWN),
    ],
)
def test_unrelated_hosts_tell(ipv4: Reach | Status, ipv6: Reach | Status, blocked: Outcome, missing: Outcome) -> None:
    tests = ports(ipv4, ipv6)
    assert judged(port_25_blocked, tests, WELL).outcome is blocked
    assert judged(ipv6_missing, tests, WELL).outcome is missing


def test_what_was_tried_is_counted() -> None:
    found = finding(port_25_blocked, ports(SILENT, REFUSED), WELL)
    assert "none of 10 connections to unrelated mail hosts was taken" in found.message
    assert [e.text for e in found.evidence] == ["port 25 over IPv4: 5 TIMEOUT", "port 25 over IPv6: 5 REFUSED"]


def test_one_kind_of_address_may_be_blocked_alone() -> None:
    message = finding(port_25_blocked, ports(SILENT, OPEN), WELL).message
    assert message.startswith("port 25 seems to be blocked from this machine over IPv4: none of 5 connections")


def test_without_a_resolver_that_is_to_be_trusted_that_is_the_reason() -> None:
    dead = resolvers(resolver(root=Status.TIMEOUT))
    result = judged(port_25_blocked, ports(Status.TIMEOUT, Status.TIMEOUT), dead)
    assert result.reasons == ("the resolver 192.0.2.53 did not answer in time",)
