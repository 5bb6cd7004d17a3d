"""Write the generated parts of the documentation, or with ``--check`` say which of them are stale.

Generated are the pages of the checks and of the scripts, the command reference, the table of lab worlds, and the output
under every command of a ``console`` block, in the README and in all pages.
"""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from deliverkit.checks.registry import checks
from deliverkit.cli import COMMANDS, cli
from deliverkit.explaining import index, page, page_of_script
from deliverkit.lab import world
from deliverkit.script import Shipped, load, shipped
from deliverkit.script.judging import rcpt_probes

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
COLUMNS = "100"
_BLOCK = re.compile(r"^```console\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_WORLDS = (
    "`--lab WORLD` makes a command live in one. Those whose codes begin with RES, and `resolver-well`, are for",
    "`deliverkit resolver`; they name the addresses that take connections to port 25 (`listening`), all others refuse",
    "them. [How to make one](../how-to.md#make-a-world-of-your-own) tells what else a world may say.",
)
_ELAPSED = re.compile(r" +(\d+ quer\w+ · \d+ round trips?) · \S+ \w+$", re.MULTILINE)  # differs from run to run
_SINCE = re.compile(r"^ +\d+\.\d{3}(?= [ <>](?: |$))", re.MULTILINE)  # when a line of a conversation was said
_MESSAGE = re.compile(r"(?<=> Date: ).{31}$|(?<=> Message-ID: <)[0-9a-f]{24}", re.MULTILINE)  # and of a message
_DELAY = re.compile(r"\b\d+ s \(\d+ s\) *")  # of seed copies, and when they were sent
_TESTED = re.compile(r"(?<=^  )\d{4}-\d\d-\d\d \d\d:\d\d|(?<=good test \()\d{4}-\d\d-\d\d", re.MULTILINE)
# what an answer rests on, and of the keys of a world
_DIGEST = re.compile(r"(?<= digest )[0-9a-f]{12}$|(?<= 3 1 1 )[0-9a-f]{8}…[0-9a-f]{8}", re.MULTILINE)
_MILLISECONDS = re.compile(r"\s*\b\d+\s+ms\b")  # so do these


def generated() -> Iterator[tuple[Path, str]]:
    """Each file that is generated as a whole, with its text."""
    yield DOCS / "checks" / "README.md", index()
    for check in checks():
        yield DOCS / "checks" / f"{check.code}.md", page(check)
    yield DOCS / "reference" / "commands.md", _commands()
    yield DOCS / "reference" / "worlds.md", _worlds()
    yield DOCS / "scripts" / "README.md", _scripts()
    for name in shipped():
        yield DOCS / "scripts" / f"{name}.md", _script(load(name))


def stale() -> Iterator[tuple[Path, str]]:
    """Each file whose text is not what it should be, with what it should be."""
    for path, text in generated():
        if not path.exists() or path.read_text("utf-8") != text:
            yield path, text
    for path in [ROOT / "README.md", *sorted(DOCS.rglob("*.md"))]:
        text = path.read_text("utf-8")
        fresh = _BLOCK.sub(lambda block: f"```console\n{_run_block(block[1])}```", text)
        if _settled(fresh) != _settled(text):
            yield path, fresh


def _settled(text: str) -> str:
    """The text without what differs from run to run."""
    of_seeds = _TESTED.sub("", _DELAY.sub("", _DIGEST.sub("", text)))
    return _MILLISECONDS.sub(" ms", _ELAPSED.sub(r"\1", _SINCE.sub("", _MESSAGE.sub("", of_seeds))))


def _run_block(block: str) -> str:
    """The block with every command's output as it is now."""
    commands = [line for line in block.splitlines() if line.startswith("$ ")]
    return "\n".join(f"{command}\n{_output(command.removeprefix('$ '))}" for command in commands)


def _output(command: str) -> str:
    """What the command prints on a terminal of that many columns, errors among it; it finds nothing of the user's."""
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "COLUMNS": COLUMNS, "PYTHONUTF8": "1", "NO_COLOR": "1"}
    finished = subprocess.run(  # noqa: S602 - the commands are those of our own pages
        command, shell=True, check=False, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    return finished.stdout.decode()


def _commands() -> str:
    """The help of every command."""
    parts = ["# Commands", "", "Generated from the commands' own help.", ""]
    context = click.Context(cli, info_name="deliverkit")
    for path, command in [("deliverkit", cli), *_subcommands(context)]:
        width = int(COLUMNS)
        help_context = click.Context(
            command, info_name=path, max_content_width=width, terminal_width=width, help_option_names=["-h", "--help"]
        )
        parts += [f"## {path}", "", "```text", command.get_help(help_context).rstrip(), "```", ""]
    return "\n".join(parts)


def _subcommands(context: click.Context) -> Iterator[tuple[str, click.Command]]:
    for name in COMMANDS:
        command = cli.get_command(context, name)
        assert command is not None
        yield f"deliverkit {name}", command
        if isinstance(command, click.Group):
            for below in sorted(command.list_commands(context)):
                found = command.get_command(context, below)
                assert found is not None
                yield f"deliverkit {name} {below}", found


def _worlds() -> str:
    """The table of the lab's worlds."""
    rows = [
        f"| {found.name} | {found.target} | {found.title} | {', '.join(found.codes)} |"
        for found in map(world.load, world.names())
    ]
    head = ["# Lab worlds", "", *_WORLDS, "", "| world | target | what it shows | codes |", "|---|---|---|---|"]
    return "\n".join([*head, *rows, ""])


def _scripts() -> str:
    """Every script that deliverkit brings, a line each."""
    parts = ["# Scripts that deliverkit brings", "", "How to read and write one: [Scripts](../scripts.md).", ""]
    parts += ["| script | what it does | restricted | recipients tried |", "|---|---|---|---|"]
    for one in map(load, shipped()):
        restricted = "yes" if one.restricted else "no"
        parts.append(f"| [{one.name}]({one.name}.md) | {one.title} | {restricted} | {rcpt_probes(one.script)} |")
    return "\n".join([*parts, ""])


def _script(one: Shipped) -> str:
    """What ``deliverkit explain`` says of the script, and the script."""
    body = one.text.split("\n\n", 1)[1].rstrip()
    page = page_of_script(one).replace("<", "\\<")
    links = "[All scripts](README.md) · [How to write one](../scripts.md)"
    return f"{page}\n```smtp\n{body}\n```\n\n{links}\n"


def main() -> int:
    """Write what is stale, or name it."""
    is_check = "--check" in sys.argv[1:]
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have had it ignored, and pages show Ctrl-C
    with TemporaryDirectory(prefix="deliverkit-docs-") as state:  # worlds that run in it end when it is gone
        os.environ["XDG_STATE_HOME"] = state
        found = list(stale())
    for path, text in found:
        print(f"{'stale' if is_check else 'wrote'}: {path.relative_to(ROOT)}")
        if not is_check:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8")
    if is_check and found:
        print("run: make docs")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
