"""MX011: an address as the exchange."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.exchange_is_ip_address import exchange_is_ip_address
from deliverkit.model import Outcome
from tests.building import added, finding, fix_of, judged, mx_set, underlined


@pytest.mark.parametrize(
    ("exchange", "rdtype", "address"),
    [
        ("11.0.1.25.", "A", "11.0.1.25"),
        ("[11.0.1.25].", "A", "11.0.1.25"),
        ("2A11:DB8:1::25.", "AAAA", "2a11:db8:1::25"),
        ("11.0.1.25.good.example.", "A", "11.0.1.25"),
        ("2A11:DB8:1::25.Good.Example.", "AAAA", "2a11:db8:1::25"),
    ],
)
def test_the_host_gets_a_name_and_the_name_the_address(exchange: str, rdtype: str, address: str) -> None:
    found = finding(exchange_is_ip_address, mx_set(f"10 {exchange}", "20 mx2.good.example."))
    assert found.message.startswith(f"the exchanger {exchange.lower().removesuffix('.')} is an IP address")
    assert [underlined(evidence) for evidence in found.evidence] == [exchange]
    assert fix_of(found).remove == (f"good.example.  3600  IN  MX  10 {exchange}",)
    assert added(found) == [
        ("@", "good.example.  3600  IN  MX  10 mx1.good.example."),
        ("mx1", f"mx1.good.example.  3600  IN  {rdtype}  {address}"),
    ]


def test_labels_are_relative_to_the_zone_above() -> None:
    found = finding(exchange_is_ip_address, mx_set("10 11.0.1.25.", domain="london.good.example"))
    assert [label for label, _ in added(found)] == ["london", "mx1"]


def test_each_address_is_a_fault_and_removes_its_own_record() -> None:
    result = judged(exchange_is_ip_address, mx_set("20 11.0.2.25.", "10 11.0.1.25.", "30 mx3.good.example."))
    assert [fix_of(found).remove for found in result.findings] == [
        ("good.example.  3600  IN  MX  10 11.0.1.25.",),
        ("good.example.  3600  IN  MX  20 11.0.2.25.",),
    ]


def test_each_address_gets_a_name_that_is_free() -> None:
    mx = mx_set("10 11.0.1.25.", "20 11.0.2.25.", "30 mx2.good.example.")
    assert [added(found) for found in judged(exchange_is_ip_address, mx).findings] == [
        [
            ("@", "good.example.  3600  IN  MX  10 mx1.good.example."),
            ("mx1", "mx1.good.example.  3600  IN  A  11.0.1.25"),
        ],
        [
            ("@", "good.example.  3600  IN  MX  20 mx3.good.example."),
            ("mx3", "mx3.good.example.  3600  IN  A  11.0.2.25"),
        ],
    ]


def test_where_the_zone_is_not_known_the_domain_stands_for_it() -> None:
    found = finding(exchange_is_ip_address, mx_set("10 11.0.1.25.good.example.", zone=None))
    assert added(found) == [
        ("good.example.", "good.example.  3600  IN  MX  10 mx1.good.example."),
        ("mx1.good.example.", "mx1.good.example.  3600  IN  A  11.0.1.25"),
    ]


@pytest.mark.parametrize(
    "exchange",
    [
        "11.0.1.",
        "11.0.1.256.",
        "25.1.0.11.in-addr.arpa.",
        "11-0-1-25.isp.example.",
        ".",
        "11.0.1.25.other.example.",
        "11.0.1.25.notgood.example.",
        "mx.11.0.1.25.good.example.",
    ],
)
def test_what_only_resembles_an_address_is_none(exchange: str) -> None:
    assert judged(exchange_is_ip_address, mx_set(f"10 {exchange}")).outcome is Outcome.PASS
