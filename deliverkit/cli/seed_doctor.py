"""``deliverkit seed doctor``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import click

from deliverkit.cli import INTERRUPTED, Command
from deliverkit.cli.examining import EXIT
from deliverkit.cli.opening import clients_for
from deliverkit.cli.options import look_of_stdout
from deliverkit.model import Outcome
from deliverkit.render.look import Detail
from deliverkit.seeds.doctor import examine
from deliverkit.seeds.doctor_text import doctor_json, render_doctor
from deliverkit.seeds.health import Health, State
from deliverkit.seeds.seedfile import NAME, SeedFile, read_seeds


@click.command("doctor", cls=Command)
@click.option("--seeds", "name", metavar="FILE", default=NAME, show_default=True, help="The file of the seeds.")
@click.option("--format", "form", type=click.Choice(["table", "json"]), default="table", show_default=True)
@click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]",
              help="Ask this resolver (repeat it for several); else the system's.")  # fmt: skip
@click.option("--lab", metavar="WORLD", help="Run in this world of the lab; nothing leaves the machine.")
@click.option("-v", "--verbose", is_flag=True, help="Say why each junk folder is taken for one.")
def command(name: str, *, form: str, resolvers: tuple[str, ...], lab: str | None, verbose: bool) -> None:
    """Try every mailbox of the seed file, without sending anything.

    All at once: is its server there, is its certificate good, does the login work and how long does the token hold,
    which folders are there and which is junk, are Gmail's tabs on. Nothing is changed in any mailbox. Exit code 1 if
    one cannot be read, 3 if that could not be found out.

    \b
    deliverkit seed doctor
    deliverkit seed doctor --seeds spring/seeds.toml --format json
    """
    file = read_seeds(Path(name))
    try:
        found = asyncio.run(_examine(file, resolvers, lab))
    except KeyboardInterrupt:
        click.echo("interrupted: no mailbox was changed", err=True)
        sys.exit(INTERRUPTED)
    look = look_of_stdout(Detail.EVERYTHING if verbose else Detail.USUAL)
    click.echo(doctor_json(found) if form == "json" else render_doctor(found, look))
    sys.exit(EXIT[_outcome(found)])


async def _examine(file: SeedFile, resolvers: tuple[str, ...], lab: str | None) -> tuple[Health, ...]:
    async with clients_for(resolvers, lab) as clients:
        assert clients.mailboxes is not None
        return await examine(file, clients.mailboxes, clients.resolver, tried=tell)


def tell(number: int, mailboxes: int) -> None:
    """On a terminal how far it is: a mailbox that hangs keeps all waiting; in the end that is taken away."""
    if sys.stderr.isatty():
        rest = f"{number} of {mailboxes} mailboxes tried" if number < mailboxes else ""
        click.echo(f"\r{rest}\x1b[K", err=True, nl=False)


def _outcome(found: tuple[Health, ...]) -> Outcome:
    states = {one.state for one in found}
    if State.BROKEN in states:
        return Outcome.FAIL
    return Outcome.UNKNOWN if State.UNKNOWN in states else Outcome.PASS
