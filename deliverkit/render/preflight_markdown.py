"""The gate's answer as Markdown, for tickets and merge requests: the answer, what stops, and every report folded."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.gate import Gate, Reason
from deliverkit.render.findings import waived_until
from deliverkit.render.markdown import finding_lines, plain, section
from deliverkit.render.markup import in_html
from deliverkit.render.preflight import figures, rules, still_holds, touched, untested, waivers, warnings, why
from deliverkit.standing import Standing


def render_preflight_markdown(gate: Gate, standing: Standing | None = None) -> str:
    """One document."""
    return "\n".join(_lines(gate, standing))


def _lines(gate: Gate, standing: Standing | None) -> Iterator[str]:
    yield f"# {gate.answer}: {plain(gate.name)}"
    yield ""
    yield f"**{plain(why(gate))}**"
    yield ""
    if standing is not None:
        yield plain(still_holds(standing))
        yield ""
    for number, reason in enumerate(gate.blockers, 1):
        yield from _blocker(number, reason)
    yield from _open_ends(gate)
    yield from (f"- {plain(line)}" for line in (*waivers(gate), *warnings(gate)))
    yield ""
    if gate.untested:
        yield plain(untested(gate))
        yield ""
    for report in gate.reports:
        subject = in_html(report.target.given)  # within HTML a backslash escapes nothing
        yield f"<details><summary>{subject}</summary>"
        yield ""
        yield from section(report)
        yield ""
        yield "</details>"
        yield ""
    yield f"_{figures(gate)} · valid until {gate.until:%Y-%m-%d %H:%M} UTC · digest {gate.basis.digest}_"


def _blocker(number: int, reason: Reason) -> Iterator[str]:
    check = reason.result.check
    name = plain(f"{check.name}{waived_until(reason.result)}")
    yield f"## {number}. {check.code} {name}: {plain(reason.subject)} ({plain(touched(reason))})"
    yield ""
    for finding in reason.result.findings:
        yield from finding_lines(finding)
    yield f"_{plain(rules(reason))}_"
    yield ""


def _open_ends(gate: Gate) -> Iterator[str]:
    for clause in gate.unfinished:
        yield f"- **?** {plain(clause)}"
    for reason in gate.open_ends:
        check = reason.result.check
        yield f"- **?** {check.code} {check.name} {plain(reason.subject)}: {plain(reason.message)}"
    if gate.unfinished or gate.open_ends:
        yield ""
