"""``deliverkit lab``."""

from __future__ import annotations

import asyncio
import shlex
from contextlib import ExitStack
from pathlib import Path

import click
from tabulate import tabulate

from deliverkit.cli.worlds import meeting_folder, running_world
from deliverkit.cli.writing import write_all_new
from deliverkit.errors import LabError, UsageError
from deliverkit.lab import world as worlds
from deliverkit.lab.meeting import find_all, name_of, open_to_others
from deliverkit.lab.running import RunningWorld, running

CAMPAIGN = Path(worlds.__file__).parent / "campaign"
_ITS_WORLDS = ("spring-before", "spring-after", "seeds-bad")
_GLANCE = 0.2  # seconds from one look to the next whether it is to end


@click.group("lab")
def command() -> None:
    """Small worlds on loopback, to try and to test with.

    Every command takes --lab WORLD, a world of this list or a TOML file of yours. Each has a world of its own, unless
    deliverkit lab run serves that world.
    """


@command.command("list")
def list_worlds() -> None:
    """Show the worlds, a line each."""
    rows = [(world.name, world.target, world.title) for world in map(worlds.load, worlds.names())]
    click.echo(tabulate(rows, headers=("world", "target", "what it shows"), tablefmt="plain"))


@command.command("show")
@click.argument("world")
def show(world: str) -> None:
    """Print a world's TOML text."""
    worlds.load(world)
    click.echo(worlds.source(world).rstrip())


@command.command("run")
@click.argument("world")
def run(world: str) -> None:
    """Serve a world until Ctrl-C, for commands in other terminals, and for tools of your own.

    As long as it runs, every command that says --lab WORLD lives in it, with what others have sent and changed there;
    else each has a world of its own, which ends with it.

    \b
    deliverkit lab run seeds-good
    deliverkit seed send --message spring.eml --seeds seeds.toml --lab seeds-good     (in another terminal)
    deliverkit seed watch --seeds seeds.toml --lab seeds-good
    """
    loaded, meeting = worlds.load(world), running_world(world)
    if meeting is not None:
        name = shlex.quote(world)
        raise UsageError(f"{world} runs already, as process {meeting.process}: deliverkit lab stop {name} ends it")
    try:
        asyncio.run(_serve(loaded))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


@command.command("stop")
@click.argument("world", required=False)
def stop(world: str | None) -> None:
    """Stop a world that deliverkit lab run serves; without WORLD all that you run."""
    found = [one for one in find_all(meeting_folder()) if world is None or one.name == name_of(world)]
    if world and not found:
        raise UsageError(f"{world} does not run")
    for one in found:
        one.end()
        click.echo(f"stopped: {world or one.name}")


@command.command("campaign")
@click.option("-o", "--output", metavar="FOLDER", default=".", show_default=True, help="Where to write them.")
def campaign(output: str) -> None:
    """Write a campaign to try preflight with, spring.toml, and what it needs.

    The folder is made where there is none. If one of the files is there already, nothing is written.
    """
    write_all_new(output, {file.name: file.read_text("utf-8") for file in sorted(CAMPAIGN.iterdir())})
    for name in _ITS_WORLDS:
        click.echo(f"deliverkit preflight {Path(output) / 'spring.toml'} --lab {name}")


async def _serve(world: worlds.World) -> None:
    """Serve it, until somebody ends it."""
    async with running(world) as lab:
        with ExitStack() as stack:
            place = None
            try:
                place = stack.enter_context(open_to_others(meeting_folder(), world, lab))
                joining = f"commands with --lab {shlex.quote(world.name)} live in this world until it ends"
            except (LabError, UsageError) as error:
                joining = f"no other command can live in this world: {error}"
            click.echo(_welcome(lab, joining))
            while place is None or place.exists():  # noqa: ASYNC110 - another process ends it
                await asyncio.sleep(_GLANCE)


def _welcome(lab: RunningWorld, joining: str) -> str:
    host, port = lab.routes[lab.resolver]
    return "\n".join(
        [
            f"{lab.world.name}: {lab.world.title}",
            f"{joining} (Ctrl-C)",
            f"resolver: {host} port {port}, UDP and TCP",
            *_mail_hosts(lab),
            *_mailboxes(lab),
            "",
            f"  deliverkit mx {lab.world.target} --resolver {host}:{port}",
            f"  dig @{host} -p {port} {lab.world.target} MX",
            *([f"  deliverkit smtp {_endpoint(lab.routes[next(iter(lab.mail))])}"] if lab.mail else []),
        ]
    )


def _mail_hosts(lab: RunningWorld) -> list[str]:
    """Where each mail host of the world really listens."""
    names = {(one.address, one.port): one.name for one in lab.world.smtp}
    rows = [(names[place], _endpoint(place), "is", _endpoint(lab.routes[place])) for place in lab.mail]
    return ["mail hosts:", tabulate(rows, tablefmt="plain")] if rows else []


def _endpoint(place: tuple[str, int]) -> str:
    address, port = place
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _mailboxes(lab: RunningWorld) -> list[str]:
    """Where each server of mailboxes really listens."""
    places = [(host.name, (host.address, port)) for host in lab.world.imap for port in host.ports]
    rows = [(name, _endpoint(place), "is", _endpoint(lab.routes[place])) for name, place in places]
    return ["mailboxes:", tabulate(rows, tablefmt="plain")] if rows else []
