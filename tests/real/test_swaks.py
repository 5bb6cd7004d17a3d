"""The page that sets swaks beside deliverkit: both lines of each task are run, and a server sees the same of both."""

from __future__ import annotations

import asyncio
import os
import re
import shlex
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from click import Context
from click.testing import CliRunner

from deliverkit.cli import cli
from deliverkit.lab import world as worlds
from deliverkit.lab.dialogue import Dialogue
from deliverkit.lab.running import RunningWorld, running
from tests.servers import missing

pytestmark = pytest.mark.skipif(bool(missing("swaks")), reason="swaks is not there")

ROOT = Path(__file__).parents[2]
ADDRESS = "11.0.1.25"  # of the exchanger that all tasks are about
# named in our column as what is not there
NOT_OURS = {
    "--local-port",
    "--lport",
    "--attach-name",
    "--attach-type",
    "--auth-plaintext",
    "--force-getpwuid",
    "--tls-optional-strict",
}
LINES = re.compile(r"### (\d+)\. .*?\n    (.*?)\n.*?\n\$ (.*?)\n", re.DOTALL)
Heard = list[list[str]]


class Task(NamedTuple):
    """A task of the page: the line for swaks and ours, each with what is piped into it."""

    number: int
    swaks: str
    ours: str


def page() -> str:
    return (ROOT / "docs/swaks.md").read_text("utf-8")


def tasks() -> list[Task]:
    """The tasks of the page."""
    told = page().partition("## Flag by flag")[0]
    return [Task(int(number), swaks, ours.partition(";")[0]) for number, swaks, ours in LINES.findall(told)]


def parted(line: str) -> tuple[bytes, dict[str, str], list[str]]:
    """What is piped into a command, the variables that it is given, its program and arguments."""
    piped, _, command = line.rpartition(" | ")
    words = shlex.split(command)
    given = [word.partition("=") for word in words[:1] if "=" in word]
    stdin = shlex.split(piped)[1].encode().decode("unicode_escape").encode() if piped else b""
    return stdin, {name: value for name, _, value in given}, words[len(given) :]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Heard:
    """The commands that the lab's servers hear, connection by connection."""
    connections: dict[int, list[str]] = {}
    answer, kept = Dialogue.answer, []

    def listening(dialogue: Dialogue, line: bytes) -> tuple[str, str]:
        kept.append(dialogue)  # so that no other gets its id
        connections.setdefault(id(dialogue), []).append(line.decode().strip())
        found.clear()
        found.extend(connections.values())
        return answer(dialogue, line)

    found: Heard = []
    monkeypatch.setattr(Dialogue, "answer", listening)
    return found


def told(heard: Heard) -> list[list[str]]:
    """What each kind of connection came to: verbs and addresses, without parameters and credentials."""
    kinds = [[re.sub(r"^(MAIL|RCPT|AUTH)( \S+).*", r"\1\2", line) for line in lines] for lines in heard]
    return [kind for place, kind in enumerate(kinds) if kind not in kinds[:place]]


async def with_swaks(world: str, port: int, line: str) -> int:
    """Run swaks with the world's exchanger, opportunistic as deliverkit is unless the line says how; its exit code."""
    stdin, _, words = parted(line)
    tls = [] if any(word.startswith("--tls") for word in words) else ["--tls-optional"]
    async with running(worlds.load(world)) as lab:
        server = place(lab, port)
        process = await asyncio.create_subprocess_exec(
            *words, *tls, "--helo", "probe.example", "--server", server,
            stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
            cwd=ROOT,
        )  # fmt: skip
        await asyncio.wait_for(process.communicate(stdin), 30)
    assert process.returncode is not None
    return process.returncode


def place(lab: RunningWorld, port: int) -> str:
    host, found = lab.routes[ADDRESS, port]
    return f"{host}:{found}"


def test_the_page_has_ten_tasks() -> None:
    assert [task.number for task in tasks()] == list(range(1, 11))


@pytest.mark.parametrize("task", tasks(), ids=lambda task: str(task.number))
def test_a_server_sees_the_same_of_both(task: Task, heard: Heard, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    stdin, environment, words = parted(task.ours)
    ours = CliRunner().invoke(cli, words[1:], input=stdin, env={**os.environ, **environment})
    seen_of_ours = told(heard)
    heard.clear()
    port = re.search(r"example:(\d+)", task.ours)
    code = asyncio.run(with_swaks(words[words.index("--lab") + 1], int(port[1]) if port else 25, task.swaks))
    assert len(seen_of_ours) == 1, ours.output
    assert told(heard)[-1:] == seen_of_ours
    assert (code == 0) == (ours.exit_code == 0)


def listed() -> tuple[str, str]:
    """The two columns of the page's table, as text."""
    rows = [line.split(" | ", 1) for line in page().partition("## Flag by flag")[2].splitlines() if line[:2] == "| "]
    return "\n".join(row[0] for row in rows), "\n".join(row[1] for row in rows)


def flags(text: str) -> set[str]:
    return set(re.findall(r"(?<![\w-])--[a-z][a-z0-9-]*[a-z0-9*]", text))


def test_the_table_has_every_flag_of_swaks() -> None:
    shown = subprocess.run(["swaks", "--help"], check=True, capture_output=True, text=True, timeout=30).stdout  # noqa: S607
    heads = [line for line in shown.splitlines() if re.match(r" {7}-", line)]
    known, families = flags(page()), [one.removesuffix("*") for one in flags(page()) if one.endswith("*")]
    there = flags("\n".join(heads)) - {"--help", "--version", "--support"}  # which say something of swaks itself
    assert len(there) > 80
    missing = {one for one in there if one not in known and not one.startswith(tuple(families))}
    assert missing == set()


def test_every_option_of_ours_in_the_table_is_one() -> None:
    theirs, ours = map(flags, listed())
    known = {name for command in ("smtp", "tls") for name in options_of(command)}
    assert ours - known - theirs - NOT_OURS == set()


def options_of(command: str) -> list[str]:
    found = cli.get_command(Context(cli), command)
    assert found is not None
    return [name for parameter in found.params for name in parameter.opts]
