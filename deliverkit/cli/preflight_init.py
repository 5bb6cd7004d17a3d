"""``deliverkit preflight init``."""

from __future__ import annotations

import click

from deliverkit.cli import Command
from deliverkit.cli.writing import write_new
from deliverkit.preflight.campaign import NAME
from deliverkit.preflight.template import TEMPLATE


@click.command("init", cls=Command)
@click.option("-o", "--output", metavar="FILE", default=NAME, show_default=True, help="Where to write it.")
def command(output: str) -> None:
    """Write a campaign.toml to fill in: every key with a word on what it is for.

    A file that is there already is left as it is.

    \b
    deliverkit preflight init
    deliverkit preflight init -o spring/campaign.toml
    """
    write_new(output, TEMPLATE)
    click.echo(f"written: {output}. Fill it in, then:\n  deliverkit preflight {output} --dry-run")
