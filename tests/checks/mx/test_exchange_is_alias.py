"""MX004: an exchanger is an alias."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.exchange_is_alias import exchange_is_alias
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import (
    DOMAIN,
    SILENT,
    added,
    finding,
    fix_of,
    host,
    judged,
    lookup,
    mail_hosts,
    mx_set,
    underlined,
)

LONDON = "london.good.example"


def test_the_real_host_takes_the_place_of_every_record_that_names_the_alias() -> None:
    alias = host("mail.good.example", "11.0.1.25", aliases=["MX1.Good.Example."])
    mx = mx_set("10 mail.good.example.", "30 mail.good.example.", "20 other.example.", domain=LONDON)
    found = finding(exchange_is_alias, mail_hosts(alias, mx=mx))
    assert fix_of(found).remove == (
        "london.good.example.  3600  IN  MX  10 mail.good.example.",
        "london.good.example.  3600  IN  MX  30 mail.good.example.",
    )
    assert added(found) == [
        ("london", "london.good.example.  3600  IN  MX  10 mx1.good.example."),
        ("london", "london.good.example.  3600  IN  MX  30 mx1.good.example."),
    ]


@pytest.mark.parametrize("target", ["mx1.other.example.", "mx1.notgood.example.", "aspmx.l.google.com."])
def test_a_host_of_others_is_not_offered(target: str) -> None:
    fix = fix_of(finding(exchange_is_alias, mail_hosts(host("mail.good.example", "11.0.1.25", aliases=[target]))))
    assert (fix.remove, fix.add) == ((), ())
    assert fix.action.startswith("give mail.good.example address records of its own")
    assert target.removesuffix(".") not in fix.action


def test_the_note_names_the_next_alias_and_the_fix_the_last() -> None:
    alias = host("mail.good.example", "11.0.1.25", aliases=["hop.other.example.", "mx1.good.example."])
    found = finding(exchange_is_alias, mail_hosts(alias))
    assert "hop.other.example" in found.evidence[0].note
    assert underlined(found.evidence[0]) == "mail.good.example."
    assert added(found) == [("@", "good.example.  3600  IN  MX  10 mx1.good.example.")]


def test_an_alias_that_only_the_ipv6_question_showed() -> None:
    plain = host("mail.good.example", ipv4=Status.TIMEOUT)
    shown = lookup("mail.good.example", "AAAA", "2a11:db8:1::25", aliases=["mx1.good.example."])
    assert judged(exchange_is_alias, mail_hosts(replace(plain, ipv6=shown))).outcome is Outcome.FAIL


def test_where_the_zone_is_not_known_the_own_names_are_those_below_the_domain() -> None:
    alias = host("mail.good.example", "11.0.1.25", aliases=["mx1.good.example."])
    fix = fix_of(finding(exchange_is_alias, mail_hosts(alias, mx=mx_set("10 mail.good.example.", zone=None))))
    assert "give mail.good.example address records of its own" in fix.action
    assert [line.label for line in fix.add] == ["good.example."]


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_an_alias_that_leads_to_no_address_is_not_offered(status: Status) -> None:
    dangling = host("mail.good.example", ipv4=status, ipv6=status, aliases=["mx1.good.example."])
    fix = fix_of(finding(exchange_is_alias, mail_hosts(dangling)))
    assert (fix.remove, fix.add) == ((), ())
    assert fix.action == "give mail.good.example address records of its own in place of the CNAME"


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_where_an_address_cannot_be_looked_up_an_alias_is_unknown(status: Status) -> None:
    result = judged(exchange_is_alias, mail_hosts(host("mail.good.example", ipv4=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mail.good.example A: {status}",))


def test_a_fault_and_an_unknown_host_are_both_told() -> None:
    alias = host("a.good.example", "11.0.1.25", aliases=["mx1.good.example."])
    result = judged(exchange_is_alias, mail_hosts(alias, host("b.good.example", ipv6=Status.TIMEOUT)))
    assert (len(result.findings), result.reasons) == (1, ("b.good.example AAAA: TIMEOUT",))


def test_each_aliased_exchanger_is_a_fault_of_its_own() -> None:
    hosts = [host(f"{name}.good.example", "11.0.1.25", aliases=["mx1.good.example."]) for name in ("a", "b")]
    result = judged(exchange_is_alias, mail_hosts(*hosts, host("c.good.example", "11.0.2.25")))
    assert [found.message.split()[2] for found in result.findings] == ["a.good.example", "b.good.example"]


def test_a_domain_that_is_an_alias_itself_is_another_matter() -> None:
    itself = host(DOMAIN, "11.0.1.80", aliases=["hub.other.example."])
    assert judged(exchange_is_alias, mail_hosts(itself, mx=mx_set())).outcome is Outcome.PASS


def test_behind_an_alias_of_the_domain_the_record_is_mended_where_it_stands() -> None:
    alias = host("mail.good.example", "11.0.1.25", aliases=["mx1.good.example."])
    mx = mx_set("10 mail.good.example.", aliases=["hub.good.example."])
    found = finding(exchange_is_alias, mail_hosts(alias, mx=mx))
    assert added(found) == [("hub", "hub.good.example.  3600  IN  MX  10 mx1.good.example.")]
