"""How a preflight's answer is printed, and the files that it is written into."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen
from deliverkit.errors import UsageError
from deliverkit.gate import Gate
from deliverkit.render.look import Look
from deliverkit.standing import Standing

if TYPE_CHECKING:
    from deliverkit.case import Case

FORMATS = ("table", "json", "html", "junit", "markdown")


class Printing(Frozen):
    """What is printed. ``has_fixes``: all fixes of records stand at the end."""

    form: str
    look: Look
    has_fixes: bool


def printed(gate: Gate, standing: Standing | None, printing: Printing) -> str:
    """The answer in the form that is asked for; where an earlier one is given, first whether that still holds."""
    if printing.form == "json":
        from deliverkit.render.preflight_json import render_preflight_json

        return render_preflight_json(gate, standing)
    if printing.form == "html":
        return html(gate, standing)
    if printing.form == "junit":
        from deliverkit.render.preflight_junit import render_preflight_junit

        return render_preflight_junit(gate)
    if printing.form == "markdown":
        from deliverkit.render.preflight_markdown import render_preflight_markdown

        return render_preflight_markdown(gate, standing)
    return _table(gate, standing, printing)


def _table(gate: Gate, standing: Standing | None, printing: Printing) -> str:
    from deliverkit.render.preflight import render_preflight

    blocks = []
    if printing.look.detail or not printing.has_fixes:
        blocks.append(render_preflight(gate, printing.look, standing))
    if printing.has_fixes:
        from deliverkit.render.snippet import has_changes, render_snippet

        reports = [report for report in gate.reports if report.target.domain]  # of one domain there may be several
        changed = [report for report in reports if has_changes(report)]
        blocks += [render_snippet(report) for report in changed or reports[:1]]
    return "\n\n".join(blocks)


def html(gate: Gate, standing: Standing | None) -> str:
    """The report to keep and to pass on."""
    from deliverkit.render.preflight_html import render_preflight_html

    return render_preflight_html(gate, standing)


def place_of(name: str, campaign: Path, moment: datetime) -> str:
    """Where the report goes: into the file, or into the folder under the campaign's name and the day.

    Raises:
        UsageError: that is the campaign's own file.
    """
    place = Path(name)
    if place.is_dir():
        place /= f"{campaign.stem}-{moment:%Y-%m-%d}.html"
    if place.exists() and campaign.exists() and place.samefile(campaign):
        raise UsageError(f"{name} is the campaign itself: name another file for the report")
    return str(place)


def case_text(case: Case) -> str:
    """The case as it is written."""
    from deliverkit.case import format_case

    return format_case(case)
