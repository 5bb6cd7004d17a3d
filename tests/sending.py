"""``deliverkit smtp`` as a sender, with servers of the lab: the command as it is typed, and what they took."""

from __future__ import annotations

import asyncio
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deliverkit.lab.deliveries import Delivery
from tests.talking import serving

PROGRAM = [sys.executable, "-m", "deliverkit", "smtp"]
SECRET = "correct-horse-battery"  # noqa: S105 - the lab's, of the world smtp-submission
ENDS = ("--from", "a@a.example", "--to", "b@b.example")
SUBMIT = ("mx1.good.example:587", "--lab", "smtp-submission", "--script", "submit", "--user", "ada", *ENDS)


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str
    deliveries: list[Delivery]


async def run(*arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(stdin), 60)
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode(), [])


def command(*arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
    return asyncio.run(run(*arguments, stdin=stdin, **environment))


def send(*arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None, **manner: Any) -> Ended:
    """The command with a server of that manner, and what this took."""

    async def work() -> Ended:
        async with serving(**manner) as (server, (host, port), _):
            ended = await run(f"{host}:{port}", *arguments, stdin=stdin, **(environment or {}))
            return Ended(ended.code, ended.out, ended.err, server.memory.deliveries)

    return asyncio.run(work())


def taken(*arguments: str, **options: Any) -> Delivery:
    """The one message that a server took by it."""
    ended = send("--script", "deliver", *ENDS, *arguments, **options)
    assert (ended.code, ended.err.count("Error")) == (0, 0), ended.out + ended.err
    (delivery,) = ended.deliveries
    return delivery


def files_of(folder: Path) -> tuple[str, ...]:
    return ("--save", str(folder / "case"), "--log", str(folder / "log"), "--record", str(folder / "record"))


def sent(ended: Ended) -> list[str]:
    return [line.partition(" > ")[2] for line in ended.out.splitlines() if " > " in line]


def deliver(*arguments: str, **manner: Any) -> Ended:
    return send("--script", "deliver", *ENDS, "-v", *arguments, **manner)
