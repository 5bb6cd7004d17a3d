"""MX010: no exchanger that a sender can connect to."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.no_reachable_exchange import no_reachable_exchange
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, mx_set, withheld

DEAD = host("mx1.good.example")
GONE = host("mx2.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
PRIVATE = host("mx3.good.example", "10.0.0.25", "fe80::25")


def test_dead_in_different_ways_is_dead() -> None:
    found = finding(no_reachable_exchange, mail_hosts(DEAD, GONE, PRIVATE))
    assert found.message.startswith("no sender can deliver to good.example: none of its 3 exchangers has an address")
    assert "mx1.good.example, mx2.good.example and mx3.good.example" in fix_of(found).action


def test_one_exchanger_is_spoken_of_in_the_singular() -> None:
    assert "its one exchanger has no address" in finding(no_reachable_exchange, mail_hosts(DEAD)).message


@pytest.mark.parametrize("address", ["11.0.1.25", "2a11:db8:1::25"])
def test_one_public_address_is_enough(address: str) -> None:
    last = host("mx4.good.example", address)
    unanswered = host("mx5.good.example", ipv4=Status.TIMEOUT)
    assert judged(no_reachable_exchange, mail_hosts(DEAD, PRIVATE, last, unanswered)).outcome is Outcome.PASS


@pytest.mark.parametrize("status", SILENT)
def test_one_exchanger_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(no_reachable_exchange, mail_hosts(DEAD, host("mx9.good.example", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx9.good.example AAAA: {status}",))


def test_name_servers_that_fail_for_every_exchanger_stop_the_mail_too() -> None:
    failing = host("mx1.good.example", ipv4=Status.SERVFAIL, ipv6=Status.SERVFAIL)
    found = finding(no_reachable_exchange, mail_hosts(failing))
    assert found.message == (
        "no sender can deliver to good.example: the addresses of mx1.good.example cannot be looked up"
    )
    assert fix_of(found).action == "look at the name servers of the zones that hold mx1.good.example"


def test_beside_dead_exchangers_only_those_that_fail_are_named() -> None:
    half = host("mx8.good.example", ipv4=Status.SERVFAIL)
    found = finding(no_reachable_exchange, mail_hosts(DEAD, half, GONE))
    assert found.message.endswith(": the addresses of mx8.good.example cannot be looked up")


def test_where_no_mail_is_expected_it_does_not_apply() -> None:
    result = judged(no_reachable_exchange, mail_hosts(DEAD), profile="parked")
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("the profile expects no mail here",))


def test_private_addresses_are_fine_inside() -> None:
    hosts = mail_hosts(DEAD, PRIVATE)
    assert judged(no_reachable_exchange, hosts, profile="internal").outcome is Outcome.PASS
    assert judged(no_reachable_exchange, mail_hosts(DEAD), profile="internal").outcome is Outcome.FAIL


def test_addresses_in_place_of_names_lead_nowhere() -> None:
    mx = mx_set("10 11.0.1.25.", "20 11.0.2.25.", "30 11.0.3.25.", "40 11.0.4.25.")
    found = finding(no_reachable_exchange, mail_hosts(mx=mx))
    assert "none of its 4 exchangers" in found.message
    assert fix_of(found).action == "publish a public address for an exchanger"
    assert len(found.evidence) == 3


def test_without_mx_only_an_address_that_cannot_be_reached_is_this_fault() -> None:
    assert judged(no_reachable_exchange, implicit()).outcome is Outcome.PASS
    assert judged(no_reachable_exchange, implicit("192.168.1.80")).outcome is Outcome.FAIL


def test_an_address_that_is_withheld_is_unknown() -> None:
    found = host("mx1.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    hosts = mail_hosts(replace(found, ipv4=withheld(found.ipv4), ipv6=withheld(found.ipv6)))
    result = judged(no_reachable_exchange, hosts)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        tuple(
            f"mx1.good.example {rdtype}: NXDOMAIN, but the resolver withholds the answer: blocked (15)"
            for rdtype in ("A", "AAAA")
        ),
    )
