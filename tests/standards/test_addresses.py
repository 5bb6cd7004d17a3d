"""IP addresses: reachability, and what reverse names give away."""

from __future__ import annotations

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.addresses import generic_part, network_of, unroutable_kind


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("192.168.1.1", "private"),
        ("172.31.255.255", "private"),
        ("172.32.0.0", None),
        ("10.0.0.1", "private"),
        ("127.1.2.3", "loopback"),
        ("169.254.0.1", "link-local"),
        ("100.64.0.1", "carrier-grade NAT"),
        ("100.128.0.0", None),
        ("0.0.0.1", "unspecified"),
        ("203.0.113.9", "documentation"),
        ("224.0.0.1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("142.250.27.27", None),
        ("::1", "loopback"),
        ("::", "unspecified"),
        ("::ffff:142.250.27.27", "IPv4-mapped"),
        ("fd00::1", "private"),
        ("fe80::1", "link-local"),
        ("2001:db8::1", "documentation"),
        ("2a00:1450:4025:402::1b", None),
    ],
)
def test_what_the_internet_cannot_reach(address: str, kind: str | None) -> None:
    assert unroutable_kind(ip_address(address)) == kind


@given(st.ip_addresses())
def test_what_python_calls_private_is_never_taken_for_reachable(address: object) -> None:
    parsed = ip_address(str(address))
    if parsed.is_loopback or parsed.is_link_local or parsed.is_multicast or parsed.is_unspecified:
        assert unroutable_kind(parsed) is not None


def test_networks_that_fail_as_one() -> None:
    assert str(network_of(ip_address("11.0.1.25"))) == "11.0.1.0/24"
    assert str(network_of(ip_address("2a11:db8:1::25"))) == "2a11:db8:1::/48"


@pytest.mark.parametrize(
    ("name", "address", "part"),
    [
        ("11-0-1-25.isp.example", "11.0.1.25", "11-0-1-25"),
        ("25.1.0.11.isp.example", "11.0.1.25", "25.1.0.11"),
        ("host011000001025.isp.example", "11.0.1.25", "011000001025"),
        ("ip0b000119.isp.example", "11.0.1.25", "0b000119"),
        ("customer.dynamic.isp.example", "11.0.1.25", "dynamic"),
        ("pool-9.isp.example", "11.0.1.25", "pool"),
        (
            "2a11-0db8-0001-0000-0000-0000-0000-0025.isp.example",
            "2a11:db8:1::25",
            "2a11-0db8-0001-0000-0000-0000-0000-0025",
        ),
        ("911-0-1-25.11-0-1-25.isp.example", "11.0.1.25", "11-0-1-25"),
        ("11-0-1-250.isp.example", "11.0.1.25", None),
        ("ip0b000119f.isp.example", "11.0.1.25", None),
        ("11-0-1-25a.isp.example", "11.0.1.25", "11-0-1-25"),
        ("11-0-1-25", "11.0.1.25", "11-0-1-25"),
        ("mx1.good.example", "11.0.1.25", None),
        ("liverpool.example", "11.0.1.25", None),
        ("ra-in-f27.1e100.net", "142.250.27.27", None),
        ("mail-am0eur02in6800.inbound.protection.outlook.com", "52.101.68.0", None),
    ],
)
def test_generic_looking_reverse_names(name: str, address: str, part: str | None) -> None:
    span = generic_part(name, ip_address(address))
    assert (name[slice(*span)] if span else None) == part


@given(st.text(alphabet="abcpool-.0123456789"), st.ip_addresses(v=4))
def test_a_generic_part_is_a_part_of_the_name(name: str, address: object) -> None:
    span = generic_part(name, ip_address(str(address)))
    assert span is None or 0 <= span[0] < span[1] <= len(name)
