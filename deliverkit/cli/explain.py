"""``deliverkit explain``."""

from __future__ import annotations

import click
from tabulate import tabulate

from deliverkit.checks.registry import checks
from deliverkit.cli.options import look_of_stdout
from deliverkit.errors import UsageError
from deliverkit.explaining import explain
from deliverkit.render.page import render_page


@click.command("explain")
@click.argument("words", nargs=-1, metavar="CODE|NAME...")
@click.option("--list", "is_list", is_flag=True, help="All checks, a line each.")
def command(words: tuple[str, ...], *, is_list: bool) -> None:
    """Explain a check: what it finds, why it matters, what to do.

    \b
    deliverkit explain MX004
    deliverkit explain exchange-is-alias
    """
    look = look_of_stdout()
    if is_list:
        rows = [(check.code, check.severity.word, check.name) for check in checks()]
        click.echo(tabulate(rows, tablefmt="plain"))
        return
    if not words:
        raise UsageError("name a check by its code or name; deliverkit explain --list shows them all")
    click.echo("\n\n".join(render_page(explain(word), look).rstrip() for word in words))
