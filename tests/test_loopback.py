"""The guard of the tests themselves: another machine cannot be reached."""

from __future__ import annotations

import socket

import pytest


@pytest.mark.parametrize("address", ["192.0.2.1", "8.8.8.8"])
def test_another_machine_is_refused(address: str) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp, pytest.raises(AssertionError, match="loopback"):
        udp.sendto(b"x", (address, 53))
    with socket.socket() as tcp, pytest.raises(AssertionError, match="loopback"):
        tcp.connect((address, 25))


def test_loopback_is_not() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        assert udp.sendto(b"x", ("127.0.0.1", 9)) == 1
