"""MX024: the name servers of an exchanger fail."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.exchange_lookup_fails import exchange_lookup_fails
from deliverkit.facts import MailHost
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import (
    SILENT,
    finding,
    fix_of,
    host,
    implicit,
    judged,
    lookup,
    mail_hosts,
    mx_set,
    underlined,
    withheld,
)

NAME = "mx1.good.example"


def failing(*unchecked: Status) -> MailHost:
    ipv4, ipv6 = (
        lookup(NAME, rdtype, status=Status.SERVFAIL, unchecked=status)
        for rdtype, status in zip(("A", "AAAA"), unchecked, strict=True)
    )
    return replace(host(NAME), ipv4=ipv4, ipv6=ipv6)


@pytest.mark.parametrize(
    ("unchecked", "cause"),
    [
        ((Status.NOERROR, Status.NODATA), "the DNSSEC signatures of its zone do not verify"),
        ((Status.NOERROR, Status.SERVFAIL), "the name servers of its zone fail"),
        ((Status.SERVFAIL, Status.SERVFAIL), "the name servers of its zone fail"),
    ],
)
def test_dnssec_is_the_cause_only_where_all_answers_are_there_unchecked(
    unchecked: tuple[Status, ...], cause: str
) -> None:
    assert finding(exchange_lookup_fails, mail_hosts(failing(*unchecked))).message.endswith(f": {cause}")


@pytest.mark.parametrize("status", SILENT)
def test_silence_is_unknown_and_not_the_name_servers_fault(status: Status) -> None:
    result = judged(exchange_lookup_fails, mail_hosts(host(NAME, "11.0.1.25", ipv6=status)))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"{NAME} AAAA: {status}",))


def test_a_failure_and_silence_are_both_told() -> None:
    result = judged(exchange_lookup_fails, mail_hosts(host(NAME, ipv4=Status.TIMEOUT, ipv6=Status.SERVFAIL)))
    assert (result.outcome, result.reasons) == (Outcome.FAIL, (f"{NAME} A: TIMEOUT",))
    assert result.findings[0].evidence[0].note == "AAAA: SERVFAIL"


@pytest.mark.parametrize(
    ("silent", "what"),
    [
        (host(NAME, ipv4=Status.SERVFAIL), "IPv4 address"),
        (host(NAME, ipv6=Status.SERVFAIL), "IPv6 address"),
        (host(NAME, ipv4=Status.SERVFAIL, ipv6=Status.SERVFAIL), "address"),
    ],
)
def test_the_kind_of_address_is_named_where_only_one_fails(silent: MailHost, what: str) -> None:
    message = finding(exchange_lookup_fails, mail_hosts(silent)).message
    assert message.startswith(f"the {what} of {NAME} cannot be looked up: ")


def test_an_address_of_the_other_kind_hides_nothing() -> None:
    assert judged(exchange_lookup_fails, mail_hosts(host(NAME, "11.0.1.25", ipv6=Status.SERVFAIL))).findings


def test_every_record_that_names_the_host_is_underlined() -> None:
    mx = mx_set(f"10 {NAME}.", f"20 {NAME}.")
    found = finding(exchange_lookup_fails, mail_hosts(host(NAME, ipv4=Status.SERVFAIL), mx=mx))
    assert fix_of(found).action.endswith(f"the zone that holds {NAME}")
    assert [underlined(evidence) for evidence in found.evidence] == [f"{NAME}.", f"{NAME}."]


def test_the_domains_own_address_counts_where_it_has_no_mx() -> None:
    found = finding(exchange_lookup_fails, implicit(ipv4=Status.SERVFAIL))
    assert (found.message.split(":")[0], found.evidence) == ("the IPv4 address of good.example cannot be looked up", ())


def test_an_address_that_is_withheld_is_unknown() -> None:
    found = host("mx1.good.example", ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN)
    hosts = mail_hosts(replace(found, ipv4=withheld(found.ipv4), ipv6=withheld(found.ipv6)))
    result = judged(exchange_lookup_fails, hosts)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        tuple(
            f"mx1.good.example {rdtype}: NXDOMAIN, but the resolver withholds the answer: blocked (15)"
            for rdtype in ("A", "AAAA")
        ),
    )
