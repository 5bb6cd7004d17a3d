"""``deliverkit seed init``."""

from __future__ import annotations

from pathlib import Path

import click

from deliverkit.errors import UsageError
from deliverkit.seeds.seedfile import NAME
from deliverkit.seeds.template import TEMPLATE


@click.command("init")
@click.option("-o", "--output", metavar="FILE", default=NAME, show_default=True, help="Where to write it.")
def command(output: str) -> None:
    """Write a seeds.toml to fill in: every key with a word on what it is for.

    A file that is there already is left as it is.

    \b
    deliverkit seed init
    deliverkit seed init -o spring/seeds.toml
    """
    path = Path(output)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEMPLATE)
    except FileExistsError:
        raise UsageError(f"{path} is there already, and is left as it is: write another with -o FILE") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror}") from None
    option = "" if output == NAME else f" --seeds {output}"
    click.echo(f"written: {path}. Put your mailboxes into it, then try them:\n  deliverkit seed doctor{option}")
