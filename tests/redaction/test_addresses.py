"""Addresses that stand for others: one for one, network by network, special ones among themselves."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.redaction.addresses import Addresses
from deliverkit.standards.addresses import Address, is_synthesized, network_of, special_network, unroutable_kind

KEYS = st.binary(min_size=32, max_size=32)
IPV4 = st.ip_addresses(v=4).map(lambda address: IPv4Address(int(address)))
GLOBAL_IPV6 = st.integers(0, 2**125 - 1).map(lambda value: IPv6Address(1 << 125 | value))
ADDRESSES: st.SearchStrategy[Address] = IPV4 | st.ip_addresses(v=6) | GLOBAL_IPV6


@given(KEYS, ADDRESSES)
def test_an_address_stays_what_it_is(key: bytes, address: Address) -> None:
    moved = Addresses(key).redact(address)
    assert unroutable_kind(moved) == unroutable_kind(address)
    assert is_synthesized(moved) == is_synthesized(address)
    assert special_network(moved) == special_network(address)


@given(KEYS, IPV4, st.integers(0, 2**32 - 1), st.integers(0, 32))
def test_ipv4_addresses_share_a_network_where_they_did(key: bytes, one: IPv4Address, bits: int, shared: int) -> None:
    other = IPv4Address(int(one) ^ (bits >> shared))
    moved = [Addresses(key).redact(address) for address in (one, other)]
    assert (network_of(moved[0]) == network_of(moved[1])) == (network_of(one) == network_of(other))
    assert (moved[0] == moved[1]) == (one == other)


@given(KEYS, GLOBAL_IPV6, st.integers(0, 2**125 - 1), st.integers(0, 125))
def test_ipv6_addresses_share_a_network_where_they_did(key: bytes, one: IPv6Address, bits: int, shared: int) -> None:
    other = IPv6Address(int(one) ^ (bits >> shared))
    moved = [Addresses(key).redact(address) for address in (one, other)]
    assert (network_of(moved[0]) == network_of(moved[1])) == (network_of(one) == network_of(other))
    assert (moved[0] == moved[1]) == (one == other)


def test_no_two_addresses_of_a_network_become_one() -> None:
    addresses = Addresses(bytes(32))
    moved = {addresses.redact(address) for address in ip_network("11.0.1.0/24")}
    assert len(moved) == 256
    assert len({network_of(address) for address in moved}) == 1


@pytest.mark.parametrize("text", ["127.0.0.1", "127.0.0.2", "0.0.0.1", "::1", "::"])
def test_addresses_that_are_nobodys_stay(text: str) -> None:
    assert str(Addresses(bytes(32)).redact(ip_address(text))) == text


@pytest.mark.parametrize("text", ["64:ff9b::11.0.1.25", "2002:b00:119::1", "::ffff:11.0.1.25"])
def test_an_ipv4_address_inside_is_the_one_that_it_is_outside(text: str) -> None:
    addresses = Addresses(bytes(32))
    moved, inner = addresses.redact(ip_address(text)), addresses.redact(IPv4Address("11.0.1.25"))
    assert f"{int(inner):08x}" in moved.exploded.replace(":", "")
