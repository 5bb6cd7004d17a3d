"""``deliverkit diff``."""

from __future__ import annotations

import asyncio
import sys

import click

from deliverkit.case import Case
from deliverkit.cli.examining import clients_of_case
from deliverkit.cli.files import read_case
from deliverkit.cli.options import FAIL_ON, look_of_stdout
from deliverkit.difference import Difference, difference
from deliverkit.errors import UsageError
from deliverkit.profiles import choose
from deliverkit.render.difference import render_difference
from deliverkit.render.json import render_difference_json
from deliverkit.render.look import Detail
from deliverkit.report import Report, Target
from deliverkit.run import examine_all


@click.command("diff")
@click.argument("before")
@click.argument("after")
@click.option("--format", "form", type=click.Choice(["table", "jsonl"]), default="table", show_default=True)
@click.option(
    "--fail-on",
    type=click.Choice(list(FAIL_ON)),
    default="error",
    show_default=True,
    help="The least severity of a new finding that makes the exit code 1.",
)
@click.option("-v", "--verbose", is_flag=True, help="Name the findings that are the same, too.")
def command(before: str, after: str, *, form: str, fail_on: str, verbose: bool) -> None:
    """Say what differs between two case files, both judged by the checks of today.

    \b
    deliverkit check example.com --save monday.json
    deliverkit diff monday.json tuesday.json
    """
    look = look_of_stdout(Detail.EVERYTHING if verbose else Detail.USUAL)
    found = asyncio.run(_differences(read_case(before), read_case(after)))
    for number, one in enumerate(found):
        separator = "\n" if number and form == "table" else ""
        click.echo(separator + (render_difference_json(one) if form == "jsonl" else render_difference(one, look)))
    least = FAIL_ON[fail_on]
    sys.exit(1 if any(least and fault.severity >= least for one in found for fault in one.new) else 0)


async def _differences(before: Case, after: Case) -> list[Difference]:
    then, now = await _reports(before), await _reports(after)
    both = [domain for domain in then if domain in now]
    if not both:
        raise UsageError("the two case files have no domain in common")
    return [difference(then[domain], now[domain]) for domain in both]


async def _reports(case: Case) -> dict[str, Report]:
    clients = clients_of_case(case, case.moment)
    targets = [Target(domain, domain) for domain in case.domains]
    ended = {
        number: report async for number, report in examine_all(targets, choose(case.profile, areas=case.areas), clients)
    }
    return {ended[number].target.domain: ended[number] for number in sorted(ended)}
