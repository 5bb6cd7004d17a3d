"""MX021: IPv6 alone."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.ipv6_only import ipv6_only
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, host, implicit, judged, mail_hosts

IPV6 = host("mx1.good.example", "2a11:db8:1::25", "2a11:db8:1::26")
OTHER = host("mx2.good.example", "2a11:db8:2::25", "2a11:db8:2::26")


def test_one_exchanger_with_ipv4_is_enough() -> None:
    assert judged(ipv6_only, mail_hosts(IPV6, host("mx2.good.example", "11.0.2.25"))).outcome is Outcome.PASS


def test_one_and_many_are_spoken_of_rightly() -> None:
    assert finding(ipv6_only, mail_hosts(IPV6)).message.endswith("its one exchanger is without an IPv4 address")
    found = finding(ipv6_only, mail_hosts(IPV6, OTHER))
    assert found.message.endswith("none of the 2 exchangers has an IPv4 address")
    assert len(found.evidence) == 3


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_one_question_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(ipv6_only, mail_hosts(IPV6, host("mx2.good.example", ipv4=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx2.good.example A: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(ipv6_only, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


def test_an_ipv4_address_that_the_internet_cannot_reach_is_none() -> None:
    found = finding(ipv6_only, mail_hosts(host("mx1.good.example", "10.0.0.25", "2a11:db8:1::25")))
    assert found.message.endswith("its one exchanger is without an IPv4 address")
    assert [evidence.text for evidence in found.evidence] == ["mx1.good.example.  3600  IN  AAAA  2a11:db8:1::25"]


def test_an_ipv6_address_that_the_internet_cannot_reach_is_none() -> None:
    assert judged(ipv6_only, mail_hosts(host("mx1.good.example", "fd00::25"))).findings == ()


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_an_answer_of_the_other_kind_may_be_missing(status: Status) -> None:
    result = judged(ipv6_only, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_without_mx_it_does_not_apply() -> None:
    assert judged(ipv6_only, implicit("2a11:db8:1::80")).outcome is Outcome.NOT_APPLICABLE
