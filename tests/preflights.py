"""The campaign of the demo, and ``deliverkit preflight`` on it in worlds of the lab."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

import deliverkit.lab.running as lab_running
from deliverkit.cli import cli
from deliverkit.lab.running import RunningWorld
from deliverkit.lab.world import World

CAMPAIGN = Path(lab_running.__file__).parent / "campaign"


@dataclass
class Ended:
    """A run in a world: what it printed, and whom the world's mail hosts took mail for."""

    code: int
    out: str
    err: str
    taken: Counter[str]


Preflight = Callable[..., Ended]


def campaign_in(folder: Path) -> Path:
    """A folder below that one, with the campaign, to change."""
    shutil.copytree(CAMPAIGN, folder / "c")
    return folder / "c"


def in_worlds(monkeypatch: pytest.MonkeyPatch) -> Preflight:
    """``deliverkit preflight`` in a world, whose mail hosts say whom they took mail for."""
    worlds: list[RunningWorld] = []
    real = lab_running.running

    @asynccontextmanager
    async def watched(world: World) -> AsyncIterator[RunningWorld]:
        async with real(world) as lab:
            worlds.append(lab)
            yield lab

    monkeypatch.setattr(lab_running, "running", watched)

    def run(*arguments: str | Path, world: str = "seeds-good") -> Ended:
        worlds.clear()
        ended = CliRunner().invoke(cli, ["preflight", *map(str, arguments), "--lab", world])
        assert ended.exception is None or isinstance(ended.exception, SystemExit), ended.exception
        hosts = [one for lab in worlds for one in lab.deliveries if not one.server.startswith("relay.")]
        return Ended(ended.exit_code, ended.stdout, ended.stderr, Counter(to for one in hosts for to in one.recipients))

    return run


def changed(file: Path, *changes: tuple[str, str]) -> Path:
    """The file with these changes."""
    text = file.read_text()
    for before, after in changes:
        assert before in text
        text = text.replace(before, after)
    file.write_text(text)
    return file
