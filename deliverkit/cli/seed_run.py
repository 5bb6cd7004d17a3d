"""``deliverkit seed run``."""

from __future__ import annotations

import asyncio
import sys
from datetime import UTC, datetime
from typing import Any

import click

from deliverkit.cli import INTERRUPTED, Command
from deliverkit.cli.examining import EXIT
from deliverkit.cli.opening import clients_for
from deliverkit.cli.seed_send import Sender, sender_of, sending
from deliverkit.cli.seeding import Around, seeding
from deliverkit.cli.watching import Watching, watching
from deliverkit.model import Outcome
from deliverkit.render.placement import render_placement
from deliverkit.seeds.journal import open_journal
from deliverkit.seeds.reporting import report_on
from deliverkit.seeds.seedfile import refuse_unreadable


@click.command("run", cls=Command)
@sending
@watching
@seeding
def command(around: Around, *, wait: float | None, clean_up: bool, **given: Any) -> None:
    """Send the message to every mailbox of the seed file, watch for the copies, and report where they landed.

    It takes the options of deliverkit seed send and of deliverkit seed watch. Stopped while it sends, it goes on with
    the same command; stopped while it watches, with deliverkit seed watch. Exit code 3 if a copy is still on its way,
    or its mailbox could not be read.

    \b
    deliverkit seed run --message spring.eml --relay smtp.example.com --user ada --secret env:RELAY_PASSWORD
    deliverkit seed run --external --subject "Spring sale" --from news@example.com --wait 60
    """
    sender = sender_of(around, given, follows="it is looked for now")
    refuse_unreadable(sender.file)
    try:
        outcome = asyncio.run(_run(sender, wait=wait, clean_up=clean_up))
    except KeyboardInterrupt:
        click.echo("interrupted: what is known is in the journal, and deliverkit seed watch goes on", err=True)
        sys.exit(INTERRUPTED)
    sys.exit(EXIT[outcome])


async def _run(sender: Sender, *, wait: float | None, clean_up: bool) -> Outcome:
    around = sender.around
    async with clients_for(around.resolvers, around.lab) as clients:
        with open_journal(around.journal) as journal:
            test = await sender.send(clients, journal)
            if test is None:
                return Outcome.PASS
            watch = Watching(sender.file, clients, journal, around.look, wait, in_lab=bool(around.lab))
            watched = await watch.watch(test)
            report = await report_on(watched, datetime.now(UTC), terms=watch.terms)
            click.echo(f"\n{render_placement(report, around.look)}")
            if clean_up:
                await watch.clean_up(watched)
            return watch.outcome(watched)
