"""``deliverkit seed report``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable
from datetime import UTC, datetime

import click

from deliverkit.cli import Command
from deliverkit.cli.examining import EXIT
from deliverkit.cli.scoring import Scoring, scoring
from deliverkit.model import Severity
from deliverkit.render.html import render_html
from deliverkit.render.json import render_json, render_jsonl
from deliverkit.render.junit import render_junit
from deliverkit.render.look import Look
from deliverkit.render.markdown import render_markdown
from deliverkit.render.placement import render_placement
from deliverkit.report import Report
from deliverkit.seeds.journal import open_kept_journal
from deliverkit.seeds.reporting import report_on

_FORMATS: dict[str, Callable[[Report, Look], str]] = {
    "table": render_placement,
    "json": lambda report, _: render_json([(report, None)]),
    "jsonl": lambda report, _: render_jsonl(report),
    "markdown": lambda report, _: render_markdown([(report, None)]),
    "html": lambda report, _: render_html([(report, None)]),
    "junit": lambda report, _: render_junit([report], Severity.ERROR),
}


@click.command("report", cls=Command)
@click.argument("test", required=False, default="")
@click.option("--wanted", type=click.FloatRange(0, 1), help="The rate that has to reach the inbox, as 0.8.")
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="table", show_default=True)
@scoring
def command(scored: Scoring, test: str, *, wanted: float | None, form: str) -> None:
    """Score a seed test: which copies reached the inbox, by provider and in total, and how sure that is.

    TEST is its name or token; else the newest. Exit code 1 where the rate is missed, 3 where that cannot be told.

    \b
    deliverkit seed report
    deliverkit seed report "Spring sale" --wanted 0.8 --audience Gmail=0.44 --audience Outlook.com=0.31
    """
    with open_kept_journal(scored.journal) as journal:
        found = journal.find(test)
    now = datetime.now(UTC)
    report = asyncio.run(report_on(found, now, terms=scored.terms, shares=scored.shares, wanted=wanted))
    click.echo(_FORMATS[form](report, scored.look))
    sys.exit(EXIT[report.ended_with(Severity.ERROR)])
