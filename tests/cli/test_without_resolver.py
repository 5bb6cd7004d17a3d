"""A machine that names no resolver: who is named by an address, or the path of a socket, is spoken to all the same."""

from __future__ import annotations

import asyncio
from pathlib import Path

import dns.resolver
import pytest
from click.testing import CliRunner, Result

from deliverkit.cli import cli
from deliverkit.clients import opening
from tests.talking import serving


@pytest.fixture(autouse=True)
def no_resolver(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Neither /etc/resolv.conf nor dnspython knows one."""
    monkeypatch.setattr(opening, "_RESOLV_CONF", str(tmp_path / "none"))
    monkeypatch.setattr(dns.resolver.Resolver, "read_resolv_conf", refuse)


def refuse(_: dns.resolver.Resolver, __: str) -> None:
    raise OSError("no nameservers")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(cli, [*arguments, "--helo", "probe.example"])


@pytest.mark.parametrize("command", ["smtp", "tls"])
@pytest.mark.parametrize("place", ["127.0.0.1:{}", "localhost:{}"])
def test_an_address_needs_none(command: str, place: str) -> None:
    async def talk() -> Result:
        async with serving() as (_, (_, port), _):
            return await asyncio.to_thread(run, command, place.format(port))

    shown = asyncio.run(talk())
    assert "answers: 220 250 220 250 221" in shown.stdout
    assert "Error" not in shown.stderr


def test_a_socket_needs_none(tmp_path: Path) -> None:
    shown = run("smtp", f"unix:{tmp_path / 'none'}")
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert "takes no connection: no such file or directory" in shown.stdout


@pytest.mark.parametrize("targets", [("good.example",), ("mx1.good.example:25",), ("127.0.0.1:9", "good.example")])
def test_a_name_needs_one(targets: tuple[str, ...]) -> None:
    shown = run("smtp", *targets)
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert shown.stderr == "Error: this system names no DNS resolver (no nameservers): give one with --resolver IP\n"
