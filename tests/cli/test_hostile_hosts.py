"""``deliverkit smtp`` with hosts that mean harm: bounded, told in words, no hang past the time that was given."""

from __future__ import annotations

import asyncio
import json
import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from deliverkit.script import format_script, load
from tests import hostile_hosts
from tests.hostile_hosts import Serving, standing

PATIENCE = 1.0  # seconds that a host may take for each reply
MOST_SECONDS = 15.0  # of a whole run: what a host is waited for, and what a busy machine needs for the rest
LOOK = 0.02  # seconds between two looks at its memory
MOST_MEMORY = 180  # MB: about twice what a run with a good host needs
MANY = 50
ENDLESS = "says more than a conversation may hold: "


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str
    seconds: float
    megabytes: float


async def run(folder: Path, *arguments: str, stdin: str = "") -> Ended:
    """The command as a process of its own, what it took with it."""
    options = ["--helo", "probe.example", "--patience", f"{PATIENCE:g}", "--resolver", "127.0.0.1:9", "--timeout", "1"]
    command = [sys.executable, "-m", "deliverkit", "smtp", *arguments, *options]
    environment = {**os.environ, "PYTHONUTF8": "1", "XDG_STATE_HOME": str(folder)}
    (folder / "in").write_text(stdin, "utf-8")
    started = time.monotonic()
    with (folder / "in").open("rb") as given, (folder / "out").open("wb") as out, (folder / "err").open("wb") as err:
        process = subprocess.Popen(command, stdin=given, stdout=out, stderr=err, env=environment)  # noqa: ASYNC220
        peak = 0.0
        while process.poll() is None:
            peak = max(peak, peak_of(process.pid))
            if time.monotonic() - started > 4 * MOST_SECONDS:
                process.kill()
            await asyncio.sleep(LOOK)
    told, said = ((folder / name).read_text("utf-8") for name in ("out", "err"))
    return Ended(process.returncode, told, said, time.monotonic() - started, peak)


def peak_of(process: int) -> float:
    """The most memory that a process has held so far, in MB; 0 where the system does not tell, or it is over.

    What the system tells when a process has ended counts the memory of the one that began it, too.
    """
    try:
        found = re.search(r"^VmHWM:\s+(\d+) kB$", Path(f"/proc/{process}/status").read_text(), re.MULTILINE)
    except OSError:
        return 0.0
    return int(found[1]) / 1024 if found else 0.0


def spoken_to(serve: Serving | dict[str, Any], folder: Path, *arguments: str) -> Ended:
    async def work() -> Ended:
        async with standing(serve) as (host, port):
            return await run(folder, f"{host}:{port}", *arguments)

    return asyncio.run(work())


# The host, and what the user is told; one that is only odd is no error where nothing is sent.
HOSTS: dict[str, tuple[Serving | dict[str, Any], tuple[str, ...]]] = {
    "endless banner": ({"do": "flood"}, (f"{ENDLESS}a reply of more than 256 lines",)),
    "endless banner of long lines": (
        hostile_hosts.endless_long_lines,
        (f"{ENDLESS}a reply of more than 65,536 octets", "did not say what it offers"),
    ),
    "endless line": (hostile_hosts.endless_word, (f"{ENDLESS}a line of more than 8,192 octets",)),
    "endless trickle": (hostile_hosts.trickle, ("falls silent before it greets", "no whole reply within 1 s")),
    "endless greetings": (hostile_hosts.endless_greetings, ("says a reply that nothing had asked for",)),
    "endless reply": ({"do": "flood at EHLO"}, (f"{ENDLESS}a reply of more than 256 lines",)),
    "line of 1 MB": ({"do": "long-line"}, (f"{ENDLESS}a line of more than 8,192 octets",)),
    "line of 1 MB to EHLO": (
        {"do": "long-line at EHLO"},
        (f"{ENDLESS}a line of more than 8,192 octets", "did not say what it offers"),
    ),
    "NUL and escapes": (
        {"do": "controls at CONNECT"},
        (r"\x00\x1b[31mred\x1b[0m\x07\x9b\u202e\xff", "answers: 220 250 220"),
    ),
    "another code inside": (
        {"do": "two-codes"},
        ("answers EHLO with a reply in which its lines bear different codes", r"550-two\r\n"),
    ),
    "octets after 221": ({"do": "talkative"}, ("goes on talking after QUIT", "250 and one thing more")),
    "endless after 221": (hostile_hosts.endless_after_quit, ("goes on talking after QUIT",)),
    "reply before command": ({"do": "early"}, ("says a reply that nothing had asked for", "250 and one thing more")),
    "reply too many before STARTTLS": (
        {"do": "early at EHLO"},
        ("says a reply that nothing had asked for", "offers TLS, which the conversation did not try"),
    ),
    "alert in the handshake": ({"tls": "alert"}, ("it does not work: the host sent the alert handshake failure",)),
    "endless warnings": (hostile_hosts.endless_warnings, ("it does not work: too many warn alerts",)),
    "endless certificate": (hostile_hosts.endless_certificate, ("it does not work: excessive message size",)),
    "alert inside TLS": (
        hostile_hosts.alert_inside_tls,
        ("breaks TLS off after EHLO", "broke TLS off after EHLO: the host sent the alert certificate required"),
    ),
    "no handshake": ({"do": "mute-handshake"}, ("the host did not finish the handshake within 1 s",)),
    "half-closed at once": ({"do": "half-close at CONNECT"}, ("hangs up after EHLO", "the host closed the connection")),
    "half-closed later": ({"do": "half-close at EHLO"}, ("hangs up after STARTTLS", "the host closed the connection")),
}


# Of these no mail host greets; of those it is not known whether they take mail from others, or later.
DEAD = {"endless banner", "endless banner of long lines", "endless line", "line of 1 MB"}
UNTOLD = {"endless trickle", "half-closed at once"}


@pytest.mark.parametrize("name", HOSTS)
def test_a_hostile_host_is_told_of_within_bounds(name: str, tmp_path: Path) -> None:
    serve, words = HOSTS[name]
    ended = spoken_to(serve, tmp_path)
    code = 1 if name in DEAD else 3 if name in UNTOLD else 0
    assert (ended.code, ended.err) == (code, ""), ended
    told = " ".join(ended.out.split())
    for expected in words:
        assert expected in told, ended.out
    assert ended.out.replace("\n", "").isprintable()
    assert len(ended.out) < 10_000
    assert ended.seconds < MOST_SECONDS
    assert ended.megabytes < MOST_MEMORY


def test_a_host_that_never_reads_is_given_up_and_the_message_is_not_delivered(tmp_path: Path) -> None:
    """Its replies come before the commands, which a script without ``in turn`` does not mind."""
    message = tmp_path / "message"
    message.write_text("x" * 70 + "\n" + ("y" * 70 + "\n") * 300_000, "ascii")
    script = tmp_path / "deliver.smtp"
    script.write_text(format_script(load("deliver").script).replace("\nin turn\n", "\n\n"))
    sending = ("--from", "ada@a.example", "--to", "bob@b.example", "--body", f"@{message}")
    ended = spoken_to(hostile_hosts.deaf, tmp_path, "--script", str(script), *sending)
    assert ended.code == 1
    assert "stopped reading: the host read nothing for 1 s" in ended.out
    assert "accepted" not in ended.out
    assert ended.seconds < 2 * MOST_SECONDS


def test_a_host_that_says_all_its_replies_at_once_gets_no_mail(tmp_path: Path) -> None:
    sending = ("--script", "deliver", "--from", "ada@a.example", "--to", "bob@b.example")
    ended = spoken_to(hostile_hosts.deaf, tmp_path, *sending)
    assert (ended.code, "> EHLO" in ended.out) == (1, False)
    assert "says a reply that nothing had asked for, so that nothing more is sent to it" in ended.out


@pytest.mark.parametrize("serve", [hostile_hosts.endless_long_lines, hostile_hosts.endless_word, {"do": "flood"}])
def test_all_octets_that_are_kept_stand_in_json(serve: Serving | dict[str, Any], tmp_path: Path) -> None:
    ended = spoken_to(serve, tmp_path, "--format", "json")
    [report] = json.loads(ended.out)["reports"]
    [held] = report["smtp"]["conversations"]
    assert held["end"] == "flooded"
    assert len(ended.out) < 200_000


def test_many_endless_banners_at_once_are_held_in_bounded_memory(tmp_path: Path) -> None:
    hosts = [f"127.0.1.{number}" for number in range(1, MANY + 1)]

    async def work() -> Ended:
        async with standing(hostile_hosts.endless_long_lines, hosts) as (_, port):
            targets = "".join(f"{host}:{port}\n" for host in hosts)
            return await run(tmp_path, "-", "--format", "jsonl", stdin=targets)

    ended = asyncio.run(work())
    assert (ended.code, ended.err) == (1, "")
    assert ended.out.count("a reply of more than 65,536 octets") >= MANY
    assert len(ended.out.splitlines()) == MANY
    assert ended.seconds < 2 * MOST_SECONDS
    assert ended.megabytes < MOST_MEMORY
