"""MX020: no IPv6."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.no_ipv6 import no_ipv6
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, host, implicit, judged, mail_hosts

IPV4 = host("mx1.good.example", "11.0.1.25")
GOOGLE = host("aspmx.l.google.com", "11.0.2.25")


def test_one_exchanger_with_ipv6_is_enough() -> None:
    assert judged(no_ipv6, mail_hosts(IPV4, host("mx2.good.example", "2a11:db8:2::25"))).outcome is Outcome.PASS


def test_one_and_many_are_spoken_of_rightly() -> None:
    assert finding(no_ipv6, mail_hosts(IPV4)).message == "mx1.good.example has no IPv6 address"
    assert finding(no_ipv6, mail_hosts(IPV4, GOOGLE)).message == "no exchanger has an IPv6 address"


def test_large_providers_alone_decide_that_for_themselves() -> None:
    assert judged(no_ipv6, mail_hosts(GOOGLE)).outcome is Outcome.PASS
    assert judged(no_ipv6, mail_hosts(host("mx.pobox.com", "11.0.2.25"))).outcome is Outcome.FAIL


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_one_question_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(no_ipv6, mail_hosts(IPV4, host("mx2.good.example", "11.0.2.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx2.good.example AAAA: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(no_ipv6, mail_hosts(host("mx1.good.example")))
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


def test_an_ipv6_address_that_the_internet_cannot_reach_is_none() -> None:
    found = finding(no_ipv6, mail_hosts(host("mx1.good.example", "11.0.1.25", "fd00::25")))
    assert found.message == "mx1.good.example has no IPv6 address"


def test_an_ipv4_address_that_the_internet_cannot_reach_is_none() -> None:
    assert judged(no_ipv6, mail_hosts(host("mx1.good.example", "10.0.0.25"))).findings == ()


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_a_question_for_ipv4_without_answer_hides_nothing(status: Status) -> None:
    result = judged(no_ipv6, mail_hosts(IPV4, host("mx2.good.example", ipv4=status)))
    assert (len(result.findings), result.reasons) == (1, (f"mx2.good.example A: {status}",))


def test_without_mx_it_does_not_apply() -> None:
    assert judged(no_ipv6, implicit("11.0.1.80")).outcome is Outcome.NOT_APPLICABLE
