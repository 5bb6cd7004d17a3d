"""What the commands of the seed test share: their options, and where the journal is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import click

from deliverkit.classes import Frozen
from deliverkit.cli.options import detail_of, look_of_stdout
from deliverkit.render.look import Look
from deliverkit.seeds.joining import PATIENCE
from deliverkit.seeds.journal import usual_place
from deliverkit.seeds.seedfile import NAME

MINUTES, MOST_MINUTES = PATIENCE / timedelta(minutes=1), 7 * 24 * 60.0  # that a copy is waited for
Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]


class Around(Frozen):
    """What surrounds a seed test: its files, whom to ask, and how the output looks."""

    seeds: Path
    journal: Path
    resolvers: tuple[str, ...]
    lab: str | None
    look: Look


_OPTIONS: tuple[Decorator, ...] = (
    click.option("--seeds", metavar="FILE", default=NAME, show_default=True, help="The file of the seeds."),
    click.option("--journal", metavar="FILE", help="Where it is kept what happened; else the user's state folder."),
    click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]",
                 help="Ask this resolver (repeat it for several); else the system's."),
    click.option("--lab", metavar="WORLD", help="Run in this world of the lab; nothing leaves the machine."),
    click.option("-v", "--verbose", is_flag=True, help="Say more: every copy, and the conversation with its host."),
    click.option("-q", "--quiet", is_flag=True, help="The verdict alone."),
)  # fmt: skip


def seeding(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of every command of a seed test; they reach it as one `Around` value, beside its own."""

    def with_around(**values: Any) -> None:
        command(_around(values), **values)

    with_around.__doc__ = command.__doc__
    for decorator in reversed(_OPTIONS):
        with_around = decorator(with_around)
    return with_around


def _around(values: dict[str, Any]) -> Around:
    detail = detail_of(verbose=values.pop("verbose"), quiet=values.pop("quiet"))
    journal = values.pop("journal")
    return Around(
        seeds=Path(values.pop("seeds")),
        journal=journal_of(journal),
        resolvers=values.pop("resolvers"),
        lab=values.pop("lab"),
        look=look_of_stdout(detail),
    )


def journal_of(text: str | None) -> Path:
    """The journal's file: the one that is named, else the one in the user's state folder."""
    return Path(text) if text else usual_place()
