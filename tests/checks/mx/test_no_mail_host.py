"""MX002: neither MX nor address."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.no_mail_host import no_mail_host
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts


def test_an_ipv6_address_is_an_address() -> None:
    assert judged(no_mail_host, implicit("2a11:db8:1::80")).outcome is Outcome.PASS
    assert judged(no_mail_host, implicit()).outcome is Outcome.FAIL


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_one_question_without_answer_makes_it_unknown(status: Status) -> None:
    result = judged(no_mail_host, implicit(ipv6=status))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"good.example AAAA: {status}",))


def test_one_address_is_enough_whatever_became_of_the_other_question() -> None:
    assert judged(no_mail_host, implicit("11.0.1.80", ipv6=Status.TIMEOUT)).outcome is Outcome.PASS


def test_dead_exchangers_are_another_fault() -> None:
    assert judged(no_mail_host, mail_hosts(host("mx1.good.example"))).outcome is Outcome.PASS


def test_a_parked_domain_may_have_no_host() -> None:
    assert judged(no_mail_host, implicit(), profile="parked").outcome is Outcome.NOT_APPLICABLE


def test_the_fix_spells_the_null_mx_out() -> None:
    found = finding(no_mail_host, implicit())
    assert found.message.startswith("good.example has neither an MX record nor an address")
    assert "good.example.  3600  IN  MX  0 ." in fix_of(found).action
