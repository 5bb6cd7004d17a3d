"""The fixes of a report as one zone snippet: what goes and what comes, each line once; --what-if reads it."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.model import Outcome, Result
from deliverkit.render.text import escape
from deliverkit.report import Report


def render_snippet(report: Report) -> str:
    """A comment for each fault whose fix changes records, and its ``-`` and ``+`` lines; the worst fault first.

    A fix that replaces what an earlier one has replaced waits: both at once would leave two records in its place.
    """
    lines: dict[str, None] = {}
    for result in report.of(Outcome.FAIL):
        changes = list(dict.fromkeys(_changes(result)))
        if not changes or all(line in lines for line in changes):
            continue
        head = f"; {result.check.code} {result.check.name}"
        if any(line.startswith("- ") and line in lines for line in changes):
            lines[f"{head}: changes a record that is replaced above: publish that, then look again"] = None
        else:
            lines[f"{head}: {escape(_action(result))}"] = None
            lines.update(dict.fromkeys(changes))
    if not lines:
        return f"; {report.target.label}: no fix changes a record"
    return "\n".join([f"; {report.target.label}: the fixes as records; --what-if FILE tries them", *lines])


def _changes(result: Result) -> Iterator[str]:
    for finding in result.findings:
        if finding.fix is not None:
            yield from map(escape, finding.fix.changes)


def _action(result: Result) -> str:
    return next(finding.fix.action for finding in result.findings if finding.fix is not None and finding.fix.changes)
