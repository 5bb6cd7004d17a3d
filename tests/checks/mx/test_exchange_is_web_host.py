"""MX031: an exchanger with the addresses of the web site."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.exchange_is_web_host import exchange_is_web_host
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, host, implicit, judged, mail_hosts, mx_set, underlined, web_hosts

WEB = web_hosts("11.0.1.80", "11.0.1.81", "2a11:db8:1::80")


@pytest.mark.parametrize(
    ("addresses", "outcome"),
    [
        (("11.0.1.80",), Outcome.FAIL),
        (("11.0.1.81", "2a11:db8:1::80"), Outcome.FAIL),
        (("11.0.1.80", "11.0.1.25"), Outcome.PASS),
        ((), Outcome.NOT_APPLICABLE),
    ],
)
def test_every_address_has_to_be_the_web_sites(addresses: tuple[str, ...], outcome: Outcome) -> None:
    assert judged(exchange_is_web_host, mail_hosts(host("mx1.good.example", *addresses)), WEB).outcome is outcome


def test_only_the_exchanger_that_is_meant_is_underlined() -> None:
    mx = mx_set("10 mx1.good.example.", "20 web.good.example.", "30 web.good.example.")
    hosts = mail_hosts(host("mx1.good.example", "11.0.2.25"), host("web.good.example", "11.0.1.80"), mx=mx)
    found = finding(exchange_is_web_host, hosts, WEB)
    assert "web.good.example is the web host (11.0.1.80)" in found.message
    assert [underlined(evidence) for evidence in found.evidence] == ["web.good.example.", "web.good.example."]


@pytest.mark.parametrize("status", SILENT)
def test_a_web_site_that_cannot_be_found_is_unknown(status: Status) -> None:
    result = judged(exchange_is_web_host, mail_hosts(host("mx1.good.example", "11.0.1.80")), web_hosts(status=status))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"good.example A: {status}", f"good.example AAAA: {status}"),
    )


def test_a_domain_without_a_web_site_has_no_web_host() -> None:
    hosts = mail_hosts(host("mx1.good.example", "11.0.1.25"))
    assert judged(exchange_is_web_host, hosts, web_hosts()).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_an_exchanger_without_answer_is_unknown(status: Status) -> None:
    result = judged(exchange_is_web_host, mail_hosts(host("mx1.good.example", ipv4=status)), WEB)
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example A: {status}",))


def test_exchangers_without_any_address_are_another_fault() -> None:
    result = judged(exchange_is_web_host, mail_hosts(host("mx1.good.example")), WEB)
    assert (result.outcome, result.reasons) == (Outcome.NOT_APPLICABLE, ("no exchanger has an address",))


def test_without_mx_it_does_not_apply() -> None:
    assert judged(exchange_is_web_host, implicit("11.0.1.80"), WEB).outcome is Outcome.NOT_APPLICABLE
