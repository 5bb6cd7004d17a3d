"""``deliverkit lab``."""

from __future__ import annotations

import asyncio

import click
from tabulate import tabulate

from deliverkit.lab import world as worlds
from deliverkit.lab.running import RunningWorld, running


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
            "",
            f"  deliverkit mx {lab.world.target} --resolver {host}:{port}",
            f"  dig @{host} -p {port} {lab.world.target} MX",
            *_mailboxes(lab),
        ]
    )


def _mailboxes(lab: RunningWorld) -> list[str]:
    """Where a world that has mailboxes listens for mail and for those who read it."""
    hosts = [(host.name, host.address, port) for host in lab.world.imap for port in host.ports]
    if not hosts:
        return []
    hosts += [(host.name, host.address, host.port) for host in lab.world.smtp]
    rows = [(name, port, ":".join(map(str, lab.routes[address, port]))) for name, address, port in hosts]
    return ["", tabulate(rows, headers=("mail server", "port", "listens at"), tablefmt="plain")]
