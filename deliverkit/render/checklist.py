"""The report as the ``check`` command shows it: the verdict, what is wrong, and what became of every check."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.model import Outcome, Result
from deliverkit.render.findings import figures, finding_lines, verdict_lines
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import escape, wrap
from deliverkit.report import Report


def render_checklist(report: Report, look: Look) -> str:
    """Verdict, findings, the checks that passed or do not apply, figures."""
    blocks = ["\n".join(verdict_lines(report, look))]
    if look.detail > Detail.VERDICT:
        blocks.extend(_tables(report, look))
        findings = "\n".join(finding_lines(report, look))
        if findings:
            blocks.append(findings)
        blocks.append("\n".join(checklist_lines(report, look)))
        blocks.append(figures(report, look))
    return look.finish("\n\n".join(block for block in blocks if block))


def checklist_lines(report: Report, look: Look) -> Iterator[str]:
    """What passed, and what does not apply."""
    yield from _passed(report, look)
    yield from _not_applicable(report, look)


def _tables(report: Report, look: Look) -> Iterator[str]:
    """What each server says, where servers were asked themselves: imported for these runs alone."""
    if report.verdicts.keys() & {"ns", "propagation"}:
        from deliverkit.render.authority import render_tables

        yield from render_tables(report, look)


def _passed(report: Report, look: Look) -> Iterator[str]:
    passed = report.of(Outcome.PASS)
    if not passed:
        return
    mark = look.paint("✓", "pass")
    yield from _list(f"{mark} passed", passed, look, free=", free of")


def _not_applicable(report: Report, look: Look) -> Iterator[str]:
    results = report.of(Outcome.NOT_APPLICABLE)
    if results:
        yield from _list("– do not apply", results, look)


def _list(head: str, results: tuple[Result, ...], look: Look, *, free: str = "") -> Iterator[str]:
    """The names of the checks in a paragraph, of several areas their numbers, or with what they say a line each."""
    in_order = sorted(results, key=lambda result: result.check.code)
    areas = dict.fromkeys(result.check.area for result in in_order)
    if look.detail is Detail.EVERYTHING:
        yield f"{head}{free}:"
        for result in in_order:
            reason = "; ".join(result.reasons)
            said = f"{result.check.code} {result.check.name}{f': {escape(reason)}' if reason else ''}"
            yield wrap(said, look.columns, first="  ", rest="    ")
        return
    if len(areas) > 1:
        numbers = (f"{sum(result.check.area == area for result in results)} of {area}" for area in areas)
        yield wrap(f"{', '.join(numbers)} (-v names them)", look.columns, first=f"{head}: ", rest="  ")
        return
    names = ", ".join(result.check.name for result in in_order)
    yield f"{head}{free}:\n{look.paint(wrap(names, look.columns, first='  ', rest='  '), 'dim')}"
