"""MX003: mail goes to the domain's own address."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.implicit_mx import implicit_mx
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import DOMAIN, SILENT, finding, fix_of, host, implicit, judged, mail_hosts, underlined


def test_every_address_is_counted_and_three_are_shown() -> None:
    found = finding(implicit_mx, implicit("11.0.1.80", "11.0.1.81", "11.0.1.82", "2a11:db8:1::80"))
    assert found.message == (
        "good.example has no MX record, so senders try its own address 11.0.1.80, 11.0.1.81, 11.0.1.82 and 1 more"
    )
    assert [underlined(evidence) for evidence in found.evidence] == ["11.0.1.80", "11.0.1.81", "11.0.1.82"]


def test_an_ipv6_address_alone_is_where_senders_go() -> None:
    found = finding(implicit_mx, implicit("2a11:db8:1::80"))
    assert [underlined(evidence) for evidence in found.evidence] == ["2a11:db8:1::80"]


def test_the_fix_spells_the_null_mx_out() -> None:
    assert "good.example.  3600  IN  MX  0 ." in fix_of(finding(implicit_mx, implicit("11.0.1.80"))).action


def test_an_mx_that_names_the_domain_itself_is_not_implicit() -> None:
    assert judged(implicit_mx, mail_hosts(host(DOMAIN, "11.0.1.80"))).outcome is Outcome.PASS


def test_without_an_address_nothing_is_fallen_back_to() -> None:
    result = judged(implicit_mx, implicit())
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_one_question_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(implicit_mx, implicit(ipv6=status))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"good.example AAAA: {status}",))


def test_one_address_is_enough_whatever_became_of_the_other_question() -> None:
    result = judged(implicit_mx, implicit("11.0.1.80", ipv6=Status.TIMEOUT))
    assert (result.outcome, result.reasons) == (Outcome.FAIL, ())


def test_a_parked_domain_may_have_a_web_server() -> None:
    assert judged(implicit_mx, implicit("11.0.1.80"), profile="parked").outcome is Outcome.NOT_APPLICABLE
