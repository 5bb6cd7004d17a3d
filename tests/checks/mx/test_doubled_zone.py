"""MX029: the zone's name appended to a whole name."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.doubled_zone import doubled_zone
from deliverkit.facts import MailHosts
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, added, finding, fix_of, host, judged, mail_hosts, mx_set, underlined


def missing(name: str, *data: str, domain: str = "good.example", zone: str | None = "good.example") -> MailHosts:
    mx = mx_set(*(data or (f"10 {name}.",)), domain=domain, zone=zone)
    return mail_hosts(host(name, ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN), mx=mx)


@pytest.mark.parametrize(
    ("name", "intended"),
    [
        ("mail.good.example.good.example", "mail.good.example"),
        ("good.example.good.example", "good.example"),
        ("aspmx.l.google.com.good.example", "aspmx.l.google.com"),
    ],
)
def test_the_name_that_was_meant_is_proposed(name: str, intended: str) -> None:
    found = finding(doubled_zone, missing(name))
    assert (
        found.message
        == f"the exchanger {name} is not the host that was meant: the zone's name was appended to {intended}"
    )
    assert [underlined(evidence) for evidence in found.evidence] == [f"{name}."]
    assert added(found) == [("@", f"good.example.  3600  IN  MX  10 {intended}.")]


def test_the_zone_above_is_what_was_appended() -> None:
    name = "mx.london.good.example.good.example"
    data = (f"10 {name}.", f"20 {name}.")
    found = finding(doubled_zone, missing(name, *data, "30 mx2.good.example.", domain="london.good.example"))
    assert fix_of(found).remove == tuple(f"london.good.example.  3600  IN  MX  {text}" for text in data)
    assert added(found) == [
        ("london", "london.good.example.  3600  IN  MX  10 mx.london.good.example."),
        ("london", "london.good.example.  3600  IN  MX  20 mx.london.good.example."),
    ]


def test_where_the_zone_is_not_known_the_domain_stands_for_it() -> None:
    found = finding(doubled_zone, missing("mx.good.example.good.example", zone=None))
    assert added(found) == [("good.example.", "good.example.  3600  IN  MX  10 mx.good.example.")]


@pytest.mark.parametrize(
    "name",
    [
        "mail.good.example",
        "good.example",
        "mx.other.example.good.example",
        "mx.good.example.notgood.example",
        "mx.notgood.example.good.example",
        "old.aspmx.l.google.com",
    ],
)
def test_other_missing_names_are_not_doubled(name: str) -> None:
    assert judged(doubled_zone, missing(name)).outcome is Outcome.PASS


def test_a_doubled_name_that_a_wildcard_makes_exist_is_not_meant_either() -> None:
    name = "mx.good.example.good.example"
    found = finding(doubled_zone, mail_hosts(host(name, "11.0.1.25")))
    assert found.message == (
        f"the exchanger {name} is not the host that was meant: the zone's name was appended to mx.good.example"
    )
    assert added(found) == [("@", "good.example.  3600  IN  MX  10 mx.good.example.")]


def test_a_name_below_the_zone_that_only_looks_like_a_providers_is_meant_where_it_exists() -> None:
    hosts = mail_hosts(host("aspmx.l.google.com.good.example", "11.0.1.25"))
    assert judged(doubled_zone, hosts).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_no_answer_is_unknown(status: Status) -> None:
    result = judged(doubled_zone, mail_hosts(host("mx1.good.example", ipv4=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.good.example A: {status}",))


def test_a_fault_and_an_unknown_host_are_both_told() -> None:
    doubled = host("mx.good.example.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    result = judged(doubled_zone, mail_hosts(doubled, host("mx1.good.example", ipv4=Status.TIMEOUT)))
    assert (len(result.findings), result.reasons) == (1, ("mx1.good.example A: TIMEOUT",))


def test_without_mx_there_is_no_exchanger() -> None:
    domain = "good.example.good.example"
    itself = host(domain, ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    assert judged(doubled_zone, mail_hosts(itself, mx=mx_set(domain=domain))).findings == ()
