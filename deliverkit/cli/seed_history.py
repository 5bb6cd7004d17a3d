"""``deliverkit seed history``."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from deliverkit.cli import Command
from deliverkit.cli.diff import compared
from deliverkit.cli.scoring import Scoring, scoring
from deliverkit.facts.placement import INBOX_RATE
from deliverkit.facts.placement_history import history_of
from deliverkit.render.history import render_history
from deliverkit.render.history_html import render_history_html
from deliverkit.render.history_json import render_history_json
from deliverkit.seeds.history import past
from deliverkit.seeds.journal import open_kept_journal

_MOST = 30


@click.command("history", cls=Command)
@click.argument("name", required=False, default="")
@click.option("--last", type=click.IntRange(2, 500), default=_MOST, show_default=True, help="How many tests at most.")
@click.option(
    "--wanted",
    type=click.FloatRange(0, 1),
    default=INBOX_RATE,
    show_default=True,
    help="The rate that makes a test a good one.",
)
@click.option(
    "--case",
    "cases",
    nargs=2,
    metavar="OLD NEW",
    help="Say what changed in the DNS, too, by two case files: of the last good test and of now.",
)
@click.option("--format", "form", type=click.Choice(["table", "json", "html"]), default="table", show_default=True)
@scoring  # fmt: skip
def command(  # noqa: PLR0913 - each is an option of the command
    scored: Scoring, *, name: str, last: int, wanted: float, cases: tuple[str, str] | None, form: str
) -> None:
    """Show how the inbox rate moved from test to test, and what changed since the last good one.

    NAME keeps the tests of that name alone. A change is told from chance by Newcombe's interval.

    \b
    deliverkit seed history
    deliverkit seed history "Spring sale" --case good.json now.json
    """
    now = datetime.now(UTC)
    with open_kept_journal(scored.journal) as journal:
        found = journal.last(last, name)
    history = history_of([past(test, scored.placement(test, now, wanted)) for test in found], wanted)
    dns = compared(*cases) if cases else None
    if form == "json":
        click.echo(render_history_json(history, name=name, dns=dns))
    elif form == "html":
        click.echo(render_history_html(history, name=name, dns=dns))
    else:
        click.echo(render_history(history, scored.look, name=name, dns=dns))
