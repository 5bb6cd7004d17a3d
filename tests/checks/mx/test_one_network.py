"""MX016: one network for all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.one_network import one_network
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, host, implicit, judged, mail_hosts


@pytest.mark.parametrize(
    ("first", "second", "outcome"),
    [
        ("11.0.1.0", "11.0.1.255", Outcome.FAIL),
        ("11.0.1.255", "11.0.2.0", Outcome.PASS),
        ("2a11:db8:1::1", "2a11:db8:1:ffff::1", Outcome.FAIL),
        ("2a11:db8:1:ffff::1", "2a11:db8:2::1", Outcome.PASS),
    ],
)
def test_where_a_network_ends(first: str, second: str, outcome: Outcome) -> None:
    hosts = mail_hosts(host("mx1.good.example", first), host("mx2.good.example", second))
    assert judged(one_network, hosts).outcome is outcome


def test_an_address_of_each_kind_is_no_second_network() -> None:
    found = finding(one_network, mail_hosts(host("mx1.good.example", "11.0.1.25", "2a11:db8:1::25")))
    assert found.message == "both addresses of the exchangers lie in 11.0.1.0/24 and 2a11:db8:1::/48"


def test_all_addresses_are_counted_and_six_are_shown() -> None:
    found = finding(one_network, mail_hosts(host("mx1.good.example", *(f"11.0.1.{number}" for number in range(7)))))
    assert found.message == "all 7 addresses of the exchangers lie in 11.0.1.0/24"
    assert len(found.evidence) == 6


def test_a_private_address_backs_nothing_up() -> None:
    found = finding(one_network, mail_hosts(host("mx1.good.example", "11.0.1.25", "10.0.0.25")))
    assert found.message == "the only exchanger has the one address 11.0.1.25"


@pytest.mark.parametrize("number", [2, 3])
def test_several_names_of_one_address_are_one_machine(number: int) -> None:
    found = finding(one_network, mail_hosts(*(host(f"mx{n}.good.example", "11.0.1.25") for n in range(number))))
    assert found.message == f"{'both' if number == 2 else 'all 3'} exchangers share the one address 11.0.1.25"
    assert len(found.evidence) == 1


def test_an_address_that_two_exchangers_share_counts_once() -> None:
    first = host("mx1.good.example", "11.0.1.25", "11.0.1.26")
    found = finding(one_network, mail_hosts(first, host("mx2.good.example", "11.0.1.26")))
    assert found.message == "both addresses of the exchangers lie in 11.0.1.0/24"
    assert len(found.evidence) == 2


def test_exchangers_past_the_bound_may_lie_elsewhere() -> None:
    result = judged(one_network, replace(mail_hosts(host("mx1.good.example", "11.0.1.25")), left_out=3))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, ("3 exchangers past the bound",))


def test_one_name_of_a_large_provider_is_many_machines() -> None:
    google = host("aspmx.l.google.com", "11.0.1.26")
    assert judged(one_network, mail_hosts(google)).outcome is Outcome.PASS
    assert judged(one_network, mail_hosts(host("mx.pobox.com", "11.0.2.25"))).outcome is Outcome.FAIL
    mixed = mail_hosts(google, host("mx2.good.example", "11.0.1.25"))
    assert judged(one_network, mixed).outcome is Outcome.FAIL


@pytest.mark.parametrize("status", SILENT)
def test_a_host_without_answer_may_lie_elsewhere(status: Status) -> None:
    hosts = mail_hosts(host("mx1.good.example", "11.0.1.25"), host("mx2.good.example", ipv4=status))
    result = judged(one_network, hosts)
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx2.good.example A: {status}",))


def test_two_networks_are_two_whatever_became_of_other_questions() -> None:
    hosts = mail_hosts(host("mx1.good.example", "11.0.1.25", "11.0.2.25", ipv6=Status.TIMEOUT))
    assert judged(one_network, hosts).outcome is Outcome.PASS


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(one_network, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


def test_without_mx_it_does_not_apply() -> None:
    assert judged(one_network, implicit("11.0.1.80")).outcome is Outcome.NOT_APPLICABLE
