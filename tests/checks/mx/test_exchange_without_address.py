"""MX009: an exchanger without an address."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.exchange_without_address import exchange_without_address
from deliverkit.facts import MailHost
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, host, implicit, judged, mail_hosts, mx_set, underlined, withheld

NAME = "mx1.good.example"


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
@pytest.mark.parametrize("rdtype", ["A", "AAAA"])
def test_one_question_without_answer_makes_it_unknown(rdtype: str, status: Status) -> None:
    silent = host(NAME, ipv4=status) if rdtype == "A" else host(NAME, ipv6=status)
    result = judged(exchange_without_address, mail_hosts(silent))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"{NAME} {rdtype}: {status}",))


@pytest.mark.parametrize(
    "fine",
    [
        host(NAME, "2a11:db8:1::25"),
        host(NAME, "11.0.1.25", ipv6=Status.TIMEOUT),
        host(NAME, "192.168.1.25"),
        host(NAME, ipv4=Status.NXDOMAIN, ipv6=Status.NXDOMAIN),
        host(NAME, ipv4=Status.TIMEOUT, ipv6=Status.NXDOMAIN),
        host(NAME, "11.0.1.25", ipv6=Status.NXDOMAIN),
    ],
    ids=[
        "IPv6 alone",
        "the other question timed out",
        "private",
        "does not exist",
        "half does not exist",
        "half denied",
    ],
)
def test_any_address_is_one_and_a_missing_name_is_another_fault(fine: MailHost) -> None:
    assert judged(exchange_without_address, mail_hosts(fine)).outcome is Outcome.PASS


def test_every_record_that_names_it_is_underlined() -> None:
    mx = mx_set(f"10 {NAME}.", f"20 {NAME}.", "30 mx2.good.example.")
    found = finding(exchange_without_address, mail_hosts(host(NAME), host("mx2.good.example", "11.0.2.25"), mx=mx))
    assert [underlined(evidence) for evidence in found.evidence] == [f"{NAME}.", f"{NAME}."]
    assert found.message == f"the exchanger {NAME} has no address"
    assert f"publish the address of {NAME}" in fix_of(found).action


def test_without_mx_there_is_no_exchanger() -> None:
    assert judged(exchange_without_address, implicit()).findings == ()


def test_an_address_that_is_withheld_is_unknown() -> None:
    found = host("mx1.good.example", ipv4=Status.NODATA, ipv6=Status.NODATA)
    hosts = mail_hosts(replace(found, ipv4=withheld(found.ipv4), ipv6=withheld(found.ipv6)))
    result = judged(exchange_without_address, hosts)
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        tuple(
            f"mx1.good.example {rdtype}: NODATA, but the resolver withholds the answer: blocked (15)"
            for rdtype in ("A", "AAAA")
        ),
    )
