"""The gate's answer as HTML: one file that fetches nothing, to be passed on, read on a phone, and printed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.gate import Answer, Gate, Reason
from deliverkit.model import Fix, Outcome, Severity
from deliverkit.render.chart import chart_of, style_of
from deliverkit.render.findings import waived_until
from deliverkit.render.html import document, finding_lines, prose, section
from deliverkit.render.markup import in_html
from deliverkit.render.preflight import figures, rules, still_holds, touched, verdict, waivers, warnings
from deliverkit.report import Report
from deliverkit.standing import Standing

_CLASS = {Answer.GO: "pass", Answer.NO_GO: "error", Answer.CANNOT_TELL: "warning"}
_STYLE = """
.answer { border: 0; padding: .2rem 0 .8rem; }
.word { font-size: clamp(2.4rem, 9vw, 3.6rem); font-weight: 800; line-height: 1.1; letter-spacing: -.02em; }
.answer .word { margin: .3rem 0; } .wide { overflow-wrap: anywhere; }
.answer h1 { margin: .2rem 0 .6rem; } .reasons { padding-left: 1.6rem; } .reasons > li { margin: .9rem 0; }
.reasons > li::marker { font-weight: 700; } .reasons p { margin: .2rem 0; } .whom { white-space: nowrap; }
details h1 { font-size: 1rem; margin: .7rem 0 .2rem; } section > pre { margin-bottom: 1rem; }
.plain { padding-left: 1.2rem; } .plain li { margin: .35rem 0; }
section > h2 { font-size: 1.1rem; } section > details { margin: .6rem 0; }
section > details > summary { font-weight: 600; padding: .3rem 0; } .digest { font-family: ui-monospace, monospace; }
@media print { details::details-content { content-visibility: visible; display: block; block-size: auto; }
.reasons > li, .answer { break-inside: avoid; } .word { font-size: 30pt; }
.scroll { overflow: visible; } td { white-space: normal; overflow-wrap: anywhere; } }
"""


def render_preflight_html(gate: Gate, standing: Standing | None = None) -> str:
    """One self-contained document."""
    styles = dict.fromkeys(style_of(report) for report in gate.reports)
    title = f"{gate.answer}: {gate.name}"
    return document([title], _lines(gate, standing), style="".join([*styles, _STYLE]))


def _lines(gate: Gate, standing: Standing | None) -> Iterator[str]:
    yield from _answer(gate, standing)
    is_go = gate.answer is Answer.GO  # which is worth what was tested: what was not stands right behind it
    yield from _untested(gate) if is_go else ()
    yield from _listed("What you waived", waivers(gate))
    yield from _reasons(gate)
    yield from _open_ends(gate)
    yield from _fixes(gate)
    for report in gate.reports:
        yield from _placement(report)
    yield from _listed("Worth mending, stops nothing", warnings(gate))
    yield from () if is_go else _untested(gate)
    yield from _checklist(gate)


def _answer(gate: Gate, standing: Standing | None) -> Iterator[str]:
    yield '<section class="answer">'
    yield f'<p class="quiet">{in_html(gate.name)}</p>'
    yield f'<p class="word {_CLASS[gate.answer]}">{gate.answer}</p>'
    said = verdict(gate)
    yield f"<h1>{prose(said[:1].upper() + said[1:])}.</h1>"
    if standing is not None:
        yield f"<p>{prose(still_holds(standing))}</p>"
    if gate.answer is Answer.GO:
        yield f"<p>It holds until {gate.until:%Y-%m-%d %H:%M} UTC, or until message, addresses, path or DNS change.</p>"
    yield f'<p class="quiet">given {gate.decided:%Y-%m-%d %H:%M} UTC · digest '
    yield f'<span class="digest wide">{gate.basis.digest}</span></p>'
    yield "</section>"


def _reasons(gate: Gate) -> Iterator[str]:
    if not gate.blockers:
        return
    yield '<section><h2>What stops it</h2><ol class="reasons">'
    for reason in gate.blockers:
        check = reason.result.check
        name = f"{check.name}{waived_until(reason.result)}"
        yield f'<li><p><strong><span class="error">{check.code}</span> {in_html(name)}</strong>'
        yield f' · {in_html(reason.subject)} · <span class="whom">{prose(touched(reason))}</span></p>'
        for finding in reason.result.findings:
            yield from finding_lines(finding)
        yield f'<p class="quiet">{in_html(rules(reason))}</p></li>'
    yield "</ol></section>"


def _open_ends(gate: Gate) -> Iterator[str]:
    if not gate.open_ends and not gate.unfinished:
        return
    yield '<section><h2>What could not be found out, and might stop it</h2><ul class="plain wide">'
    for clause in gate.unfinished:
        yield f'<li><span class="warning">?</span> {prose(clause)}</li>'
    for reason in gate.open_ends:
        yield f'<li><span class="warning">?</span> {_named(reason)}: {prose(reason.message)}</li>'
    yield "</ul></section>"


def _named(reason: Reason) -> str:
    check = reason.result.check
    return f"{check.code} {check.name}, {in_html(reason.subject)}"


def _fixes(gate: Gate) -> Iterator[str]:
    """The records that mend what stops it or is worth a warning, as one text to copy."""
    found = dict.fromkeys(fix for report in gate.reports for fix in _fixes_of(report))
    if found:
        yield "<section><h2>Records, to copy</h2>"
        yield f"<pre>{chr(10).join(in_html(line) for fix in found for line in fix)}</pre></section>"


def _fixes_of(report: Report) -> Iterator[tuple[str, ...]]:
    """Each as lines."""
    for result in report.of(Outcome.FAIL):
        for finding in result.findings:
            if finding.fix is not None and finding.fix.changes and result.severity > Severity.NOTE:
                head = f"{result.check.code}  {report.target.label}: {finding.fix.action}"
                yield head, *_records(finding.fix)


def _records(fix: Fix) -> Iterator[str]:
    yield from (f"  {line}" for line in fix.changes)
    if fix.labels:
        yield f"  name in the zone's form: {fix.labels}"


def _placement(report: Report) -> Iterator[str]:
    chart = chart_of(report)
    if chart:
        yield "<section><h2>Where the seed copies landed</h2>"
        said = report.verdicts.get("placement")
        if said:
            yield f'<p>{prose(said.sentence)}</p><p class="quiet">{prose(said.way)}</p>'
        yield f"{chart}</section>"


def _listed(head: str, lines: Iterable[str]) -> Iterator[str]:
    items = [f"<li>{prose(line)}</li>" for line in lines]
    if items:
        yield from (f'<section><h2>{head}</h2><ul class="plain wide">', *items, "</ul></section>")


def _untested(gate: Gate) -> Iterator[str]:
    if gate.untested:
        yield '<section><h2>Not tested</h2><ul class="plain">'
        yield from (f"<li>{prose(clause)}</li>" for clause in gate.untested)
        yield "</ul></section>"


def _checklist(gate: Gate) -> Iterator[str]:
    """Every report, folded; the chart stands above already."""
    yield f"<section><h2>The whole checklist: {figures(gate)}</h2>"
    for report in gate.reports:
        chart = chart_of(report)
        yield f"<details><summary>{in_html(report.target.given)}</summary>"
        yield from (line for line in section(report) if not chart or line != chart)
        yield "</details>"
    yield "</section>"
