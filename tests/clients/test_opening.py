"""Which resolvers are asked: those given, or the system's."""

from __future__ import annotations

import asyncio
from pathlib import Path

import dns.resolver
import pytest

from deliverkit.clients import opening
from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import nameservers, open_clients
from deliverkit.errors import UsageError
from deliverkit.observations import Answer, Status


class Configured:
    """What dnspython finds on a system without /etc/resolv.conf."""

    nameservers = ("192.0.2.1", "https://dns.example/query")
    port = 53


def test_those_of_resolv_conf(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    written = tmp_path / "resolv.conf"
    monkeypatch.setattr(opening, "_RESOLV_CONF", str(written))
    written.write_text(
        "search good.example\n# nameserver 9.9.9.9\nnameserver 127.0.0.53\nnameserver x\nnameserver ::1 y\n"
    )
    assert nameservers(()) == ("127.0.0.53", "::1")
    assert nameservers(["127.0.0.1"]) == (plain(("127.0.0.1", 53)),)


def test_those_that_dnspython_finds(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(opening, "_RESOLV_CONF", str(tmp_path / "none"))
    monkeypatch.setattr(dns.resolver, "Resolver", Configured)
    assert nameservers(()) == (plain(("192.0.2.1", 53)),)
    monkeypatch.setattr(Configured, "nameservers", ())
    with pytest.raises(UsageError, match="names no DNS resolver: give one"):
        nameservers(())


def test_a_resolver_that_is_none_is_refused_at_once() -> None:
    with pytest.raises(UsageError, match="'nobody' is no resolver"):
        nameservers(["nobody"])


def test_the_systems_are_asked_as_others_are() -> None:
    async def asked() -> tuple[tuple[str, ...], str]:
        async with open_clients(["127.9.9.9", "127.9.9.9"], timeout=0.2) as clients:
            assert clients.live
            answer = await clients.live.query("good.example", "MX")
            return clients.servers, answer.server

    assert asyncio.run(asked()) == (("127.9.9.9",), "127.9.9.9")


def test_without_any_nobody_is_reached() -> None:
    async def ask() -> Answer:
        async with open_clients(()) as clients:
            return await clients.resolver.query("good.example", "MX")

    assert asyncio.run(ask()) == Answer("good.example", "MX", Status.UNREACHABLE)
