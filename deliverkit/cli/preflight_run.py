"""``deliverkit preflight FILE``."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path
from typing import Any

import click

from deliverkit.cli import INTERRUPTED, Command
from deliverkit.cli.campaigns import Manner, Run, journal_at, run_of
from deliverkit.cli.files import read_text
from deliverkit.cli.options import detail_of, look_of_stdout
from deliverkit.cli.preflight_output import FORMATS, Printing, case_text, html, place_of, printed
from deliverkit.cli.writing import refuse_bad_place, write_text
from deliverkit.errors import UsageError
from deliverkit.gate import Answer
from deliverkit.preflight.campaign import read_campaign
from deliverkit.render.text import escape
from deliverkit.standing import Earlier, parse_earlier, standing_of

EXIT = {Answer.GO: 0, Answer.NO_GO: 1, Answer.CANNOT_TELL: 3}


@click.command("run", cls=Command)
@click.argument("file", metavar="FILE")
@click.option("--dry-run", is_flag=True, help="Send nothing at all, and say what would be sent to whom.")
@click.option("--no-seeds", is_flag=True, help="Leave the seed test out.")
@click.option("--since", metavar="FILE", help="Say first whether the answer in this JSON, or saved case, still holds.")
@click.option("--format", "form", type=click.Choice(FORMATS), default="table", show_default=True)
@click.option(
    "--report", metavar="FILE", help="Write the whole as HTML, too; into a folder under a name with the date."
)
@click.option("--save", metavar="CASE", help="Keep the answer, and what was seen of the domains, in this case file.")
@click.option("--fix", is_flag=True, help="End with all fixes of records as zone snippets; with -q these alone.")
@click.option("--journal", metavar="FILE", help="Where seed tests are kept; else the user's state folder.")
@click.option("--resolver", "resolvers", multiple=True, metavar="IP[:PORT]",
              help="Ask this resolver (repeat it for several); else the system's.")  # fmt: skip
@click.option("--timeout", type=click.FloatRange(0.1, 300), default=5.0, show_default=True,
              help="Seconds until a question is given up.")  # fmt: skip
@click.option("--lab", metavar="WORLD", help="Run in this world of the lab; nothing leaves the machine.")
@click.option("-v", "--verbose", is_flag=True, help="Say what each check found, and each step of the seed test.")
@click.option("-q", "--quiet", is_flag=True, help="The answer alone.")
def command(file: str, **given: Any) -> None:
    """Look at the campaign that FILE describes, and give one answer: GO, NO-GO or CANNOT TELL.

    GO is "no known blocker", and holds for 48 hours or until message, addresses, path or DNS change. Copies go to the
    campaign's seeds alone, unless a seed test of this message is in the journal already. Exit code 0 for GO, 1 for
    NO-GO, 3 where it cannot be told.

    \b
    deliverkit preflight campaign.toml
    deliverkit preflight campaign.toml --dry-run
    deliverkit preflight campaign.toml --report . --format json > answer.json
    deliverkit preflight campaign.toml --since answer.json
    """
    given["detail"] = detail_of(verbose=given.pop("verbose"), quiet=given.pop("quiet"))
    if given["fix"] and given["form"] != "table":
        raise UsageError("--fix goes with --format table: the other formats have the fixes beside the faults")
    earlier = parse_earlier(read_text(given["since"]), name=given["since"]) if given["since"] else None
    with journal_at(given["journal"], given["lab"]) as journal:
        sys.exit(_carried_out(file, journal, earlier, given))


def _carried_out(file: str, journal: Path, earlier: Earlier | None, given: dict[str, Any]) -> int:
    run = run_of(read_campaign(Path(file)), _manner(given), journal)
    report = place_of(given["report"], Path(file), run.moment) if given["report"] else None
    for place in filter(None, (report, given["save"])):
        refuse_bad_place(place)
    is_whole = _looked(run)
    gate = asyncio.run(run.gate())
    standing = standing_of(earlier, gate.basis, gate.decided) if earlier else None
    click.echo(printed(gate, standing, Printing(given["form"], run.manner.look, given["fix"])))
    if given["dry_run"] and is_whole:
        click.echo(f"\n{asyncio.run(run.plan())}", err=given["form"] != "table")
    if report:
        write_text(report, html(gate, standing))
        click.echo(f"report: {escape(report)}", err=True)
    if given["save"] and run.kept:
        write_text(given["save"], case_text(run.case(gate)))
    if is_whole:
        return EXIT[gate.answer]
    goes_on = "" if given["lab"] and not given["journal"] else ", and the same command goes on"  # else nothing is kept
    click.echo(f"interrupted: what is known stands above{goes_on}", err=True)
    return INTERRUPTED


def _looked(run: Run) -> bool:
    """Whether the run came to its end; Ctrl-C ends it, and what is known is kept."""
    try:
        asyncio.run(run.look())
    except KeyboardInterrupt:
        return False
    return True


def _manner(given: dict[str, Any]) -> Manner:
    return Manner(
        resolvers=given["resolvers"],
        timeout=given["timeout"],
        lab=given["lab"],
        sends=not given["dry_run"],
        seeds=not given["no_seeds"],
        look=look_of_stdout(given["detail"]),
    )
