"""MX008: an exchanger's name does not exist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.exchange_does_not_exist import exchange_does_not_exist
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, mx_set, underlined, withheld

GONE = host("old.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
GOOD = host("mx1.good.example", "11.0.1.25")


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_no_answer_is_unknown_even_where_an_address_is_known(status: Status) -> None:
    result = judged(exchange_does_not_exist, mail_hosts(host("mx1.good.example", "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example AAAA: {status}",))


def test_one_nxdomain_is_final_whatever_became_of_the_other_question() -> None:
    half = host("old.good.example", ipv4=Status.TIMEOUT, ipv6=Status.NXDOMAIN)
    result = judged(exchange_does_not_exist, mail_hosts(half))
    assert (result.outcome, result.reasons) == (Outcome.FAIL, ())


def test_a_fault_and_an_unknown_host_are_both_told() -> None:
    result = judged(exchange_does_not_exist, mail_hosts(GONE, host("mx1.good.example", ipv4=Status.TIMEOUT)))
    assert (len(result.findings), result.reasons) == (1, ("mx1.good.example A: TIMEOUT",))


def test_every_record_that_names_it_is_shown_and_removed() -> None:
    mx = mx_set("30 old.good.example.", "10 OLD.good.example.", "20 mx1.good.example.")
    found = finding(exchange_does_not_exist, mail_hosts(GONE, GOOD, mx=mx))
    assert [underlined(evidence) for evidence in found.evidence] == ["OLD.good.example.", "old.good.example."]
    assert fix_of(found).remove == (
        "good.example.  3600  IN  MX  10 OLD.good.example.",
        "good.example.  3600  IN  MX  30 old.good.example.",
    )


def test_an_address_shows_that_the_name_exists_whatever_the_other_question_says() -> None:
    half = host("mx1.good.example", "2a11:db8:1::25", ipv4=Status.NXDOMAIN)
    assert judged(exchange_does_not_exist, mail_hosts(half)).outcome is Outcome.PASS


def test_an_address_before_a_zone_of_others_is_a_name_like_any_other() -> None:
    gone = host("11.0.1.25.other.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    message = finding(exchange_does_not_exist, mail_hosts(gone)).message
    assert message == "the exchanger 11.0.1.25.other.example does not exist"


def test_a_dangling_alias_is_told_by_its_end() -> None:
    dangling = host("mail.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN, aliases=["mx.gone.example."])
    message = finding(exchange_does_not_exist, mail_hosts(dangling)).message
    assert message == "the exchanger mail.good.example does not exist (its alias leads to mx.gone.example)"


@pytest.mark.parametrize(
    "name", ["mail", "mail_1.good.example", "mx.good.example.good.example", "11.0.1.25.good.example"]
)
def test_names_whose_form_says_more_are_left_to_other_checks(name: str) -> None:
    missing = host(name, ipv4=Status.NXDOMAIN, ipv6=Status.TIMEOUT)
    assert judged(exchange_does_not_exist, mail_hosts(missing)).outcome is Outcome.PASS


def test_without_mx_there_is_no_exchanger() -> None:
    assert judged(exchange_does_not_exist, implicit(ipv4=Status.NXDOMAIN)).findings == ()


def test_an_answer_that_the_resolver_withholds_says_nothing() -> None:
    found = replace(GONE, ipv4=withheld(GONE.ipv4), ipv6=withheld(GONE.ipv6))
    result = judged(exchange_does_not_exist, mail_hosts(found))
    assert result.outcome is Outcome.UNKNOWN
    assert "withholds the answer" in result.reasons[0]
