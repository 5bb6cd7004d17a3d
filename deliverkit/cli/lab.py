"""``deliverkit lab``."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click
from tabulate import tabulate

from deliverkit.cli.files import write_all_new
from deliverkit.lab import world as worlds
from deliverkit.lab.running import RunningWorld, running

CAMPAIGN = Path(worlds.__file__).parent / "campaign"
_ITS_WORLDS = ("spring-before", "spring-after", "seeds-bad")


@click.group("lab")
def command() -> None:
    """Small worlds on loopback, to try and to test with.

    Every command takes --lab WORLD, a world of this list or a TOML file of yours.
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
    """Serve a world until Ctrl-C, for tools of your own."""
    loaded = worlds.load(world)
    try:
        asyncio.run(_serve(loaded))
    except KeyboardInterrupt:
        click.echo("stopped", err=True)


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
    async with running(world) as lab:
        click.echo(_welcome(lab))
        await asyncio.Event().wait()


def _welcome(lab: RunningWorld) -> str:
    host, port = lab.routes[lab.resolver]
    return "\n".join(
        [
            f"{lab.world.name}: {lab.world.title}",
            f"resolver: {host} port {port}, UDP and TCP; Ctrl-C ends it",
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
