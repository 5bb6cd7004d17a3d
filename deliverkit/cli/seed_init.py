"""``deliverkit seed init``."""

from __future__ import annotations

import click

from deliverkit.cli import Command
from deliverkit.cli.writing import write_new
from deliverkit.seeds.seedfile import NAME
from deliverkit.seeds.template import TEMPLATE


@click.command("init", cls=Command)
@click.option("-o", "--output", metavar="FILE", default=NAME, show_default=True, help="Where to write it.")
def command(output: str) -> None:
    """Write a seeds.toml to fill in: every key with a word on what it is for.

    A file that is there already is left as it is.

    \b
    deliverkit seed init
    deliverkit seed init -o spring/seeds.toml
    """
    write_new(output, TEMPLATE)
    option = "" if output == NAME else f" --seeds {output}"
    click.echo(f"written: {output}. Put your mailboxes into it, then try them:\n  deliverkit seed doctor{option}")
