"""``deliverkit diff``."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable

import click

from deliverkit.case import Case
from deliverkit.checks.wording import listed
from deliverkit.classes import replace
from deliverkit.cli import Command
from deliverkit.cli.files import read_case
from deliverkit.cli.opening import clients_of_case
from deliverkit.cli.options import FAIL_ON, look_of_stdout
from deliverkit.difference import Comparison, comparison
from deliverkit.errors import UsageError
from deliverkit.profiles import choose
from deliverkit.render.difference import render_comparison
from deliverkit.render.html import render_comparison_html
from deliverkit.render.json import render_comparison_json, render_comparison_jsonl
from deliverkit.render.look import Detail, Look
from deliverkit.render.markdown import render_comparison_markdown
from deliverkit.report import THIS_MACHINE, Report, Target
from deliverkit.run import examine_all
from deliverkit.standards.smtp.target import parse_smtp_target

_FORMATS: dict[str, Callable[[Comparison, Look], str]] = {
    "table": render_comparison,
    "json": lambda found, _: render_comparison_json(found),
    "jsonl": lambda found, _: render_comparison_jsonl(found),
    "markdown": lambda found, _: render_comparison_markdown(found),
    "html": lambda found, _: render_comparison_html(found),
}


@click.command("diff", cls=Command)
@click.argument("before")
@click.argument("after")
@click.option("--format", "form", type=click.Choice(list(_FORMATS)), default="table", show_default=True)
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
    found = compared(before, after)
    click.echo(_FORMATS[form](found, look))
    least = FAIL_ON[fail_on]
    sys.exit(1 if any(least and fault.severity >= least for one in found.differences for fault in one.new) else 0)


def compared(before: str, after: str) -> Comparison:
    """What differs between the case files in these places.

    Raises:
        UsageError: one cannot be read, or they have no domain in common.
    """
    return asyncio.run(_compared(read_case(before), read_case(after)))


async def _compared(before: Case, after: Case) -> Comparison:
    found = comparison(await _reports(before), await _reports(after))
    if not found.differences:
        one, other = (listed(names) or "nothing" for names in (found.only_before, found.only_after))
        raise UsageError(
            f"the two case files have nothing in common: the first is about {one}, the second about {other}"
        )
    return found


async def _reports(case: Case) -> dict[str, Report]:
    clients = clients_of_case(case, case.moment)
    machine = [THIS_MACHINE] if case.resolvers and not (case.domains or case.targets) else []
    targets = machine or _targets(case)
    profile = replace(choose(case.profile, areas=case.areas), conversing=case.conversing)
    ended = {number: report async for number, report in examine_all(targets, profile, clients)}
    return {ended[number].target.label: ended[number] for number in sorted(ended)}


def _targets(case: Case) -> list[Target]:
    """The domains of the case, and the recipients and hosts that were spoken to."""
    named = {target.identity: target for target in map(_spoken_to, case.targets)}
    of_domains = {target.domain for target in named.values()}
    return [*(Target(domain, domain) for domain in case.domains if domain not in of_domains), *named.values()]


def _spoken_to(text: str) -> Target:
    target = parse_smtp_target(text)
    return Target(target.domain, text, target)
