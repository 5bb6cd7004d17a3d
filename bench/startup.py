"""Start-up against ``import click``, and the questions that one domain costs in the lab.

    python bench/startup.py

Both sides of the start-up ratio alternate in one run. The lab's own log tells which questions went out.
"""

from __future__ import annotations

import asyncio
import platform
import statistics
import subprocess
import sys
import time
from collections import Counter
from importlib.metadata import version
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from deliverkit.clients.dns.nameservers import plain
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.lab.running import running
from deliverkit.lab.world import load, names
from deliverkit.profiles import choose
from deliverkit.report import Target
from deliverkit.run import examine

ROUNDS = 31
MUST = 1.5
HELP = [str(Path(sys.executable).with_name("deliverkit")), "--help"]
CLICK = [sys.executable, "-c", "import click"]


def seconds(command: list[str]) -> float:
    """The wall time of one whole process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started


def startup() -> bool:
    """Print ``--help`` over ``import click``, the rounds in turn; whether it is within the must."""
    for command in (HELP, CLICK):
        seconds(command)
    rounds = [(seconds(HELP), seconds(CLICK)) for _ in range(ROUNDS)]
    ours, theirs = (statistics.median(side) * 1000 for side in zip(*rounds, strict=True))
    ratio = statistics.median(own / other for own, other in rounds)
    print(f"--help {ours:.0f} ms / import click {theirs:.0f} ms = {ratio:.2f}  (must ≤ {MUST})")
    return ratio <= MUST


async def repeated(name: str) -> tuple[int, int, int]:
    """How many questions the world saw, how many of them more than once, and how many round trips deep."""
    world = load(name)
    async with (
        running(world) as lab,
        open_clients([plain(lab.resolver)], routes=Routes(lab.routes), moment=lab.clock) as clients,
    ):
        profile = choose(world.profile, only=["mx"])
        report = await examine(Target(world.target, world.target), profile, clients)
        sent = {(q.name, q.rdtype, q.checking_disabled, q.number) for q in lab.questions}
        asked = Counter((name, rdtype, disabled) for name, rdtype, disabled, _ in sent)
    return asked.total(), asked.total() - len(asked), report.trace.round_trips


def questions() -> bool:
    """Print what ``mx`` asks in each world without silence or truncation; whether nothing is asked twice."""
    retried = {"silent", "servfail", "truncated", "no-tcp"}
    quiet = [name for name in names() if not any(fault.do in retried for fault in load(name).faults)]
    found = {name: asyncio.run(repeated(name)) for name in quiet}
    total, twice = (sum(row[place] for row in found.values()) for place in (0, 1))
    gmail = found["gmail"]
    print(f"gmail: {gmail[0]} questions in {gmail[2]} round trips, {gmail[1]} asked twice  (must 0)")
    print(f"{len(quiet)} worlds: {total} questions, {twice} asked twice  (must 0)")
    return twice == 0


def main() -> int:
    """Run both; exit code 1 where a must is missed."""
    print(f"Python {platform.python_version()}, click {version('click')}, dnspython {version('dnspython')}")
    held = [startup(), questions()]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
