"""MX001: the domain does not exist."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.domain_does_not_exist import domain_does_not_exist
from deliverkit.model import Outcome
from deliverkit.observations import ExtendedError, Status
from tests.building import finding, fix_of, judged, mx_lookup, underlined, web_hosts

NO_WEB = web_hosts(status=Status.NXDOMAIN)


@pytest.mark.parametrize("status", [status for status in Status if not status.is_definite])
def test_no_answer_is_unknown(status: Status) -> None:
    result = judged(domain_does_not_exist, mx_lookup(status), NO_WEB)
    [reason] = result.reasons
    assert result.outcome is Outcome.UNKNOWN
    assert reason.startswith(f"good.example MX: {status}")


def test_a_resolver_that_fails_for_other_names_too_is_not_believed() -> None:
    result = judged(domain_does_not_exist, replace(mx_lookup(Status.NXDOMAIN), resolver_fails=True), NO_WEB)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        ("good.example MX: NXDOMAIN, but the resolver fails for an unrelated name too",),
    )


@pytest.mark.parametrize(("code", "word"), [(15, "blocked"), (16, "censored"), (17, "filtered"), (18, "prohibited")])
def test_a_denial_by_a_filter_is_not_the_domains(code: int, word: str) -> None:
    withheld = mx_lookup(Status.NXDOMAIN, said=[ExtendedError(code, "by list 7")])
    result = judged(domain_does_not_exist, withheld, NO_WEB)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"good.example MX: NXDOMAIN, but the resolver withholds the answer: {word} ({code}): by list 7",),
    )


def test_a_name_without_mx_exists() -> None:
    assert judged(domain_does_not_exist, mx_lookup(Status.NODATA), NO_WEB).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("zone", "where"),
    [(None, ""), (".", ""), ("good.example", ""), ("example", ": the zone example has no such name")],
)
def test_the_zone_above_is_named_where_it_tells_something(zone: str | None, where: str) -> None:
    found = finding(domain_does_not_exist, mx_lookup(Status.NXDOMAIN, zone=zone), NO_WEB)
    assert found.message == f"good.example does not exist{where}"


def test_the_end_of_an_alias_chain_is_what_is_missing() -> None:
    chain = mx_lookup(Status.NXDOMAIN, aliases=["b.example.", "c.example."])
    found = finding(domain_does_not_exist, chain, NO_WEB)
    assert found.message == "good.example is an alias of c.example, which does not exist, so mail to it bounces"
    assert fix_of(found).action == "correct the alias, or have c.example made"
    assert [evidence.text for evidence in found.evidence] == [
        "good.example.  3600  IN  CNAME  b.example.",
        "b.example.  3600  IN  CNAME  c.example.",
    ]


@pytest.mark.parametrize("address", ["11.0.1.80", "2a11:db8:1::80"])
def test_a_denied_name_with_an_address_is_the_name_servers_fault(address: str) -> None:
    found = finding(domain_does_not_exist, mx_lookup(Status.NXDOMAIN, zone="example"), web_hosts(address))
    assert found.message == (
        "the name servers of good.example deny its existence when asked for MX, so mail to it bounces"
    )
    assert [underlined(evidence) for evidence in found.evidence] == [address]
    assert fix_of(found).action.startswith("mend the name servers")


def test_the_address_of_the_www_name_says_nothing_of_the_domain() -> None:
    www = web_hosts("11.0.1.80", name="www.good.example")
    assert finding(domain_does_not_exist, mx_lookup(Status.NXDOMAIN), www).message == "good.example does not exist"


def test_an_address_of_the_domain_is_no_fault_where_mx_is_not_denied() -> None:
    assert judged(domain_does_not_exist, mx_lookup(Status.NODATA), web_hosts("11.0.1.80")).outcome is Outcome.PASS
