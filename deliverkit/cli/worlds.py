"""The world that --lab names: the one that ``deliverkit lab run`` serves, else one for the command alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path

import click

from deliverkit.clients.keeping import state_folder
from deliverkit.errors import UsageError
from deliverkit.lab import running as lab
from deliverkit.lab.meeting import Meeting, contents_of, find, name_of
from deliverkit.lab.world import load
from deliverkit.render.text import escape


def meeting_folder() -> Path:
    """Where running worlds are found.

    Raises:
        UsageError: there is no such folder.
    """
    return state_folder("the running worlds of the lab") / "lab"


@asynccontextmanager
async def world_of(name: str) -> AsyncIterator[lab.RunningWorld | Meeting]:
    """The world, and a line on standard error where it runs already.

    Raises:
        LabError: there is none of that name, or it cannot be read or started.
    """
    world, meeting = load(name), running_world(name)
    if meeting is not None and meeting.contents == contents_of(world):
        _tell(f"joined {escape(name)}, which runs already")
        yield meeting
        return
    if meeting is not None:
        _tell(f"{escape(name)} has changed since its world was started: this command has its own")
    async with lab.running(world) as alone:
        yield alone


def running_world(name: str) -> Meeting | None:
    """The world of that name that another process runs."""
    try:
        return find(meeting_folder(), name_of(name))
    except UsageError:
        return None


def tell_if_alone(name: str, what: str) -> None:
    """Say what it means that the world is there for this command alone, if it is."""
    if running_world(name) is None:
        serving = f"deliverkit lab run {escape(name)}"
        _tell(f"{what}. For a world in which several commands live: {serving} (in another terminal)")


@cache
def _tell(what: str) -> None:
    """Say it once, however often a command begins to live in the world."""
    click.echo(f"lab: {what}", err=True)
