"""``deliverkit seed watch``."""

from __future__ import annotations

import asyncio
import sys
from typing import Any

import click

from deliverkit.cli import INTERRUPTED, Command
from deliverkit.cli.examining import EXIT
from deliverkit.cli.opening import clients_for
from deliverkit.cli.seeding import Around, seeding
from deliverkit.cli.watching import Watching, watching
from deliverkit.model import Outcome
from deliverkit.seeds.journal import open_kept_journal
from deliverkit.seeds.seedfile import SeedFile, read_seeds


@click.command("watch", cls=Command)
@click.argument("test", required=False, default="")
@watching
@seeding
def command(around: Around, *, test: str, wait: float | None, clean_up: bool) -> None:
    """Watch all mailboxes until every copy of TEST is found or its time is over; without TEST of the newest.

    Ctrl-C keeps what is known, and the same command goes on. Nothing is changed in any mailbox but with --clean-up.
    Exit code 3 if a copy is still on its way, or its mailbox could not be read.

    \b
    deliverkit seed watch
    deliverkit seed watch "Spring sale" --wait 30
    deliverkit seed watch --wait 0 --clean-up
    """
    file = read_seeds(around.seeds)
    if around.lab:
        from deliverkit.cli.worlds import tell_if_alone

        tell_if_alone(around.lab, "this world begins with the command, so nothing that was sent before lies in it")
    try:
        outcome = asyncio.run(_watch(around, file, test, wait=wait, clean_up=clean_up))
    except KeyboardInterrupt:
        click.echo("interrupted: what is known is in the journal, and the same command goes on", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(EXIT[outcome])


async def _watch(around: Around, file: SeedFile, name: str, **given: Any) -> Outcome:
    with open_kept_journal(around.journal) as journal:
        test = journal.find(name)
        async with clients_for(around.resolvers, around.lab) as clients:
            watch = Watching(file, clients, journal, around.look, given["wait"], in_lab=bool(around.lab))
            watched = await watch.watch(test)
            watch.sum_up(watched)
            if given["clean_up"]:
                await watch.clean_up(watched)
            return watch.outcome(watched)
