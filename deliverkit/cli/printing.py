"""Printing reports in the format that was asked for, each when its turn comes."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import TYPE_CHECKING, TypeAlias

import click

from deliverkit.cli.options import Options
from deliverkit.facts.conversing import Refused
from deliverkit.model import Outcome
from deliverkit.render.look import Look
from deliverkit.render.text import escape
from deliverkit.report import Report

if TYPE_CHECKING:
    from deliverkit.difference import Difference

Render = Callable[[Report, Look], str]
_Ended: TypeAlias = "tuple[Report, Difference | None]"


def _json(ended: list[_Ended], _: Options) -> str:
    from deliverkit.render.json import render_json

    return render_json(ended)


def _markdown(ended: list[_Ended], _: Options) -> str:
    from deliverkit.render.markdown import render_markdown

    return render_markdown(ended)


def _html(ended: list[_Ended], _: Options) -> str:
    from deliverkit.render.html import render_html

    return render_html(ended)


def _junit(ended: list[_Ended], options: Options) -> str:
    from deliverkit.render.junit import render_junit

    return render_junit([report for report, _ in ended], options.fail_on)


def _sarif(ended: list[_Ended], _: Options) -> str:
    from deliverkit.render.sarif import render_sarif

    return render_sarif([report for report, _ in ended])


# The formats that are one document; it is printed when all reports are there. Each is imported when it is wanted.
_DOCUMENTS = {"json": _json, "markdown": _markdown, "html": _html, "junit": _junit, "sarif": _sarif}


def _refusal(report: Report) -> Refused | None:
    """Why nobody was spoken to, where the script may not be held with these hosts."""
    return next((fact for fact in report.facts.values() if isinstance(fact, Refused)), None)


def _is_of_hosts(report: Report) -> bool:
    """Whether its first sentence is about mail hosts, and so does not name the target."""
    return report.overall is None and next(iter(report.verdicts), "") == "smtp"


class Printer:
    """Prints reports: for people in the order given, as JSON lines as they end, as one JSON document at last."""

    def __init__(self, options: Options, render: Render) -> None:
        self.options = options
        self.render = render
        self.has_several = False  # reports, so that each needs to be told from the others
        self.outcomes: list[Outcome] = []
        self.refusals: list[str] = []
        self._waiting: dict[int, _Ended] = {}
        self._printed = 0

    def prepare(self) -> None:
        """Import what prints, when there is time for it."""
        wanted = self.options.format
        if wanted != "table":
            importlib.import_module(f"deliverkit.render.{'json' if wanted == 'jsonl' else wanted}")

    @property
    def ended(self) -> int:
        """How many reports there are."""
        return len(self.outcomes)

    def take(self, number: int, report: Report, difference: Difference | None) -> None:
        """Print what can be printed now."""
        self.outcomes.append(report.ended_with(self.options.fail_on))
        refused = _refusal(report)
        if refused:
            self.refusals.append(f"{escape(report.target.label)}: {escape(refused.reason)}")
        if self.options.format == "jsonl":
            from deliverkit.render.json import render_jsonl

            click.echo(render_jsonl(report, difference))
            return
        self._waiting[number] = (report, difference)
        if self.options.format == "table":
            while self._printed in self._waiting:
                self._print(self._waiting.pop(self._printed))

    def finish(self) -> None:
        """Print what has waited for its turn, also when others never came."""
        waiting = [self._waiting[number] for number in sorted(self._waiting)]
        self._waiting.clear()
        whole = _DOCUMENTS.get(self.options.format)
        if whole is not None:
            click.echo(whole(waiting, self.options))
            return
        for ended in waiting:
            self._print(ended)

    def _print(self, ended: _Ended) -> None:
        report, difference = ended
        if _refusal(report):  # nothing was looked at: the error says why
            self._printed += 1
            return
        if self._printed and self.options.look.detail:
            click.echo()
        if difference is not None:
            from deliverkit.render.difference import render_difference

            click.echo(f"{render_difference(difference, self.options.look)}\n\nWith the proposed records:")
        if self.has_several and _is_of_hosts(report):
            click.echo(self.options.look.paint(f"{escape(report.target.given)}:", "bold"))
        if self.options.look.detail or not self.options.fix:
            click.echo(self.render(report, self.options.look))
        if self.options.fix:
            from deliverkit.render.snippet import render_snippet

            between = "\n" if self.options.look.detail else ""
            click.echo(f"{between}{render_snippet(report)}")
        self._printed += 1
