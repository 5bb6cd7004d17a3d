"""Behind a network that swallows port 25 or IPv6 nobody is blamed: only "cannot tell", exit code 3."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.servers import missing, program


def _has_namespaces() -> bool:
    if missing("unshare", "ip"):
        return False
    tried = [program("unshare"), "-n", program("ip"), "link", "set", "lo", "up"]
    return subprocess.run(tried, check=False, capture_output=True).returncode == 0


pytestmark = pytest.mark.skipif(not _has_namespaces(), reason="no network namespace can be made here")
BLOCKED = "Port 25 seems to be blocked from this machine over "


QUICK = ("--timeout", "1", "--patience", "1")
# Of `check` mail hosts are given their fifteen seconds.
COMMANDS = {
    "smtp": ("smtp", "--helo", "probe.example", *QUICK),
    "tls": ("tls", *QUICK),
    "check": ("check", "--timeout", "1"),
    "patient": ("smtp", "--helo", "probe.example", "--patience", "8"),
}
TELLING = ("smtp", "tls", "check")


def run(swallowed: str, target: str, state: Path, command: str = "smtp") -> tuple[int, str]:
    inside = [program("unshare"), "-n", sys.executable, "-m", "tests.closed_network", swallowed]
    environment = {**os.environ, "PYTHONUTF8": "1", "XDG_STATE_HOME": str(state)}
    done = subprocess.run(
        [*inside, *COMMANDS[command], target], check=False, capture_output=True, text=True, env=environment, timeout=60
    )
    return done.returncode, done.stdout + done.stderr


def found_of_hosts(said: str) -> list[tuple[str, str]]:
    """What is found of conversations and of TLS: class and code."""
    return re.findall(r"^(\S+) +((?:SMTP|TLS)\d+)", said, re.MULTILINE)


@pytest.mark.parametrize("command", TELLING)
def test_where_port_25_is_swallowed_nothing_is_said_of_the_hosts(command: str, tmp_path: Path) -> None:
    code, said = run("46", "good.example", tmp_path, command)
    assert code == 3, said
    assert f"{BLOCKED}IPv4 and IPv6: that says nothing of the hosts." in said
    assert found_of_hosts(said) == [("?", "SMTP001")]
    assert "error" not in said.lower()


def test_the_control_is_not_waited_for_on_top_of_the_hosts(tmp_path: Path) -> None:
    code, said = run("46", "good.example", tmp_path, "patient")
    assert code == 3, said
    took = re.search(r" · ([\d.]+) s$", said.rstrip())
    assert took, said
    assert 8 <= float(took[1]) < 9


@pytest.mark.parametrize("command", TELLING)
def test_where_ipv6_is_swallowed_a_host_with_it_alone_is_not_blamed(command: str, tmp_path: Path) -> None:
    code, said = run("4", "six.example", tmp_path, command)
    assert code == 3, said
    assert f"{BLOCKED}IPv6: that says nothing of the hosts." in said
    assert found_of_hosts(said) == [("?", "SMTP001")]
    assert "error" not in said.lower()


def test_nor_is_an_address_that_was_named_itself(tmp_path: Path) -> None:
    code, said = run("4", "[2a11:db8:1::25]:25", tmp_path)
    assert code == 3, said
    assert f"{BLOCKED}IPv6:" in said


@pytest.mark.parametrize("command", TELLING)
def test_what_answers_over_ipv4_is_told_and_the_rest_is_not_blamed(command: str, tmp_path: Path) -> None:
    code, said = run("4", "good.example", tmp_path, command)
    assert code == 0, said
    assert "answers at 2 of 4 addresses" in said.replace("answers, at", "answers at")
    assert f"{BLOCKED}IPv6:" in said
    assert ("?", "SMTP003") in found_of_hosts(said)
