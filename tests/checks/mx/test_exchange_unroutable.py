"""MX014: an address that the Internet cannot reach."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.exchange_unroutable import exchange_unroutable
from deliverkit.facts import MailHosts
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, underlined, withheld


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("172.16.0.0", "private"),
        ("172.31.255.255", "private"),
        ("100.127.255.255", "carrier-grade NAT"),
        ("127.0.0.1", "loopback"),
        ("fd00::25", "private"),
        ("fe80::25", "link-local"),
        ("2001:db8::25", "documentation"),
    ],
)
def test_the_kind_is_named_and_the_address_underlined(address: str, kind: str) -> None:
    found = finding(exchange_unroutable, mail_hosts(host("mx1.good.example", "11.0.1.25", address)))
    assert f"mx1.good.example has the {kind} address {address}" in found.message
    assert found.evidence[0].note == f"is a {kind} address"
    assert [underlined(evidence) for evidence in found.evidence] == [address]


@pytest.mark.parametrize("address", ["172.15.255.255", "172.32.0.0", "100.128.0.0", "11.0.1.25", "2a11:db8:1::25"])
def test_the_neighbours_of_those_networks_are_public(address: str) -> None:
    assert judged(exchange_unroutable, mail_hosts(host("mx1.good.example", address))).outcome is Outcome.PASS


def test_every_such_address_of_every_host_is_a_fault() -> None:
    first = host("mx1.good.example", "10.0.0.1", "10.0.0.2", "11.0.1.25")
    result = judged(exchange_unroutable, mail_hosts(first, host("mx2.good.example", "fd00::1")))
    assert [underlined(found.evidence[0]) for found in result.findings] == ["10.0.0.1", "10.0.0.2", "fd00::1"]


def test_behind_an_alias_the_record_of_the_real_host_is_removed() -> None:
    aliased = host("mail.good.example", "10.0.0.1", aliases=["inner.good.example."])
    found = finding(exchange_unroutable, mail_hosts(aliased))
    assert fix_of(found).remove == ("inner.good.example.  3600  IN  A  10.0.0.1",)


def test_the_domains_own_address_counts_where_it_has_no_mx() -> None:
    assert "good.example has the private address" in finding(exchange_unroutable, implicit("10.0.0.1")).message


def test_inside_a_private_network_it_is_meant() -> None:
    inside = mail_hosts(host("mx1.good.example", "10.0.0.1"))
    assert judged(exchange_unroutable, inside, profile="internal").outcome is Outcome.NOT_APPLICABLE


def test_where_no_mail_is_expected_it_does_not_apply() -> None:
    inside = mail_hosts(host("mx1.good.example", "10.0.0.1"))
    result = judged(exchange_unroutable, inside, profile="parked")
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("the profile expects no mail here",))


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_one_question_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(exchange_unroutable, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_a_fault_and_an_unknown_host_are_both_told() -> None:
    hosts = mail_hosts(host("mx1.good.example", "10.0.0.1"), host("mx2.good.example", ipv4=Status.TIMEOUT))
    result = judged(exchange_unroutable, hosts)
    assert (len(result.findings), result.reasons) == (1, ("mx2.good.example A: TIMEOUT",))


@pytest.mark.parametrize("hosts", [mail_hosts(host("mx1.good.example")), implicit()])
def test_no_address_at_all_is_another_fault(hosts: MailHosts) -> None:
    result = judged(exchange_unroutable, hosts)
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


def test_an_address_that_is_withheld_is_unknown() -> None:
    found = host("mx1.good.example", ipv4=Status.NODATA, ipv6=Status.NODATA)
    hosts = mail_hosts(replace(found, ipv4=withheld(found.ipv4), ipv6=withheld(found.ipv6)))
    result = judged(exchange_unroutable, hosts)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        tuple(
            f"mx1.good.example {rdtype}: NODATA, but the resolver withholds the answer: blocked (15)"
            for rdtype in ("A", "AAAA")
        ),
    )
