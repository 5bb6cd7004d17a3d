"""Behind a network that swallows port 25 or IPv6 nobody is blamed: only "cannot tell", exit code 3."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from deliverkit.facts.placement import Fate
from deliverkit.seeds.joining import join
from deliverkit.seeds.journal import open_journal
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


SEEDS = '[[seed]]\naddress = "ada@{domain}"\nimap = "127.0.0.1:9"\ntls = "none"\nsecret = "env:SEEDS"\n'
MESSAGE = """\
From: Shop <news@good.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 22:00:00 +0000
Message-ID: <1@good.example>

Hello.
"""
CAMPAIGN = """
name = "Spring sale"
from = "news@good.example"
kind = "transactional"
message = "message.eml"
[path]
mail_from = "news@good.example"
selectors = ["s1"]
[seeds]
file = "seeds.toml"
wait_minutes = 1
"""
CLOSED = "port 25 seems to be blocked from this machine over IPv"


def run_in(folder: Path, *arguments: str) -> tuple[int, str]:
    """The command in that folder, in a network that swallows everything."""
    inside = [program("unshare"), "-n", sys.executable, "-m", "tests.closed_network", "46"]
    own = {"PYTHONUTF8": "1", "XDG_STATE_HOME": str(folder), "SEEDS": "x", "PYTHONPATH": str(Path.cwd())}
    done = subprocess.run(
        [*inside, *arguments],
        check=False,
        capture_output=True,
        text=True,
        cwd=folder,
        env={**os.environ, **own},
        timeout=120,
    )
    return done.returncode, done.stdout + done.stderr


def campaign_in(folder: Path, domain: str) -> Path:
    (folder / "seeds.toml").write_text(SEEDS.format(domain=domain), "utf-8")
    (folder / "message.eml").write_text(MESSAGE, "utf-8")
    (folder / "campaign.toml").write_text(CAMPAIGN, "utf-8")
    return folder


def test_a_seed_is_not_blamed_where_port_25_is_swallowed(tmp_path: Path) -> None:
    folder = campaign_in(tmp_path, "six.example")
    send = ("seed", "send", "--message", "message.eml", "--helo", "probe.example", "--journal", "journal")
    code, said = run_in(folder, *send)
    assert code == 3, said
    assert f"{CLOSED}6: that says nothing of the host" in said
    assert "1 not taken yet" in said
    with open_journal(folder / "journal") as journal:
        [copy] = join(journal.find(), datetime.now(UTC))
    assert copy.fate is Fate.DEFERRED
    assert CLOSED in copy.detail


def test_a_preflight_that_cannot_send_cannot_tell(tmp_path: Path) -> None:
    folder = campaign_in(tmp_path, "six.example")
    code, said = run_in(folder, "preflight", "campaign.toml", "--timeout", "1", "--journal", "journal")
    assert code == 3, said
    assert said.startswith("CANNOT TELL"), said
    assert f"{CLOSED}6" in said
    assert "refused" not in said
