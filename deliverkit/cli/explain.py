"""``deliverkit explain``."""

from __future__ import annotations

import sys

import click
from tabulate import tabulate

from deliverkit.checks.registry import checks
from deliverkit.cli import Command
from deliverkit.cli.options import look_of_stdout
from deliverkit.errors import UsageError
from deliverkit.explaining import explain, find_reading
from deliverkit.knowledge.pasted import MOST_CHARACTERS
from deliverkit.render.page import render_page
from deliverkit.render.reply import render_reading


@click.command("explain", cls=Command)
@click.argument("words", nargs=-1, metavar="CODE|NAME|SCRIPT|REPLY...")
@click.option("--host", default="", metavar="NAME", help="The host that said the reply, where the text does not tell.")
@click.option("--list", "is_list", is_flag=True, help="All checks, a line each.")
def command(words: tuple[str, ...], *, host: str, is_list: bool) -> None:
    """Explain a check: what it finds, why it matters, what to do. Or an SMTP reply: who says it, why, what to do.

    Or a script of deliverkit smtp: what it shows, what it needs, and with whom it may be held.

    REPLY is pasted as it stands in a log or a bounce; - reads it from standard input.

    \b
    deliverkit explain MX004
    deliverkit explain exchange-is-alias
    deliverkit explain open-relay
    deliverkit explain "550-5.7.26 Unauthenticated email from example.com is not accepted"
    """
    look = look_of_stdout()
    if is_list:
        rows = [(check.code, check.severity.word, check.name) for check in checks()]
        click.echo(tabulate(rows, tablefmt="plain"))
        return
    if not words:
        raise UsageError(
            "name a check by its code or name, or paste a reply; deliverkit explain --list shows the checks"
        )
    pasted = sys.stdin.read(MOST_CHARACTERS) if words == ("-",) else " ".join(words)
    reading = find_reading(pasted, host=host)
    if reading is None and words == ("-",):
        raise UsageError("there is no SMTP reply on standard input: none of it begins with a code such as 550")
    if reading:
        click.echo(render_reading(reading, look))
        return
    click.echo("\n\n".join(render_page(explain(word), look).rstrip() for word in words))
