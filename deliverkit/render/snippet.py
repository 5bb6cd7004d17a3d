"""The fixes of a report as one zone snippet: what goes and what comes, each line once; --what-if reads it."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.merging import together
from deliverkit.classes import Slotted
from deliverkit.model import Fix, Outcome, Result
from deliverkit.render.text import escape
from deliverkit.report import Report


class _Change(Slotted):
    """Fixes that change the same records, and the faults that they are for."""

    fixes: list[Fix]
    heads: list[str]
    fix: Fix

    def lines(self) -> Iterator[str]:
        yield from dict.fromkeys(self.heads)
        yield from map(escape, self.fix.changes)


def render_snippet(report: Report) -> str:
    """A comment for each fault whose fix changes records, and its ``-`` and ``+`` lines; the worst fault first.

    Fixes of one record are merged into one. One that cannot be merged waits: two records would be left in its place.
    """
    changes: list[_Change] = []
    waiting: list[str] = []
    for result in report.of(Outcome.FAIL):
        for fix in _fixes(result):
            head = f"; {result.check.code} {result.check.name}: "
            if not _take(changes, fix, f"{head}{escape(fix.action)}"):
                waiting.append(f"{head}changes a record that is replaced above: publish that, then look again")
    if not changes:
        return f"; {report.target.label}: no fix changes a record"
    lines = [line for change in changes for line in change.lines()]
    first = f"; {report.target.label}: the fixes as records; --what-if FILE tries them"
    return "\n".join([first, *lines, *dict.fromkeys(waiting)])


def has_changes(report: Report) -> bool:
    """Whether a fix of it changes a record."""
    return any(True for result in report.of(Outcome.FAIL) for _ in _fixes(result))


def _fixes(result: Result) -> Iterator[Fix]:
    for finding in result.findings:
        if finding.fix is not None and finding.fix.changes:
            yield finding.fix


def _take(changes: list[_Change], fix: Fix, head: str) -> bool:
    """Put the fix among the changes: to those of the same records, or as one of its own; whether there is room."""
    for change in changes:
        if not _touch(change.fix, fix):
            continue
        merged = together([*change.fixes, fix])
        if merged is None:
            return False
        change.fixes.append(fix)
        change.heads.append(head)
        change.fix = merged
        return True
    changes.append(_Change([fix], [head], fix))
    return True


def _touch(one: Fix, other: Fix) -> bool:
    """Whether both change something at one name."""
    return bool(_places(one) & _places(other))


def _places(fix: Fix) -> set[tuple[str, str]]:
    removed = {(name, rdtype) for name, _, _, rdtype, _ in (line.split("  ", 4) for line in fix.remove)}
    return removed | {(f"{record.name}.", record.rdtype) for record in fix.add}
