"""HTML: one file that fetches nothing, to be read on a phone, on paper and in a mail client's attachment view."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.difference import Comparison, Difference, Fault
from deliverkit.model import Evidence, Finding, Fix, Outcome, Result
from deliverkit.render import smtp
from deliverkit.render.all_tables import notes_of, one_by_one, tables_of
from deliverkit.render.chart import chart_of, style_of
from deliverkit.render.dialogue import Line
from deliverkit.render.difference import alone, sentence
from deliverkit.render.findings import figures, waived_until
from deliverkit.render.look import Look
from deliverkit.render.mail_hosts import rows_of
from deliverkit.render.markup import in_html
from deliverkit.render.matrix_html import matrix_lines
from deliverkit.render.tables import Table
from deliverkit.report import Report

_STYLE = """
:root { color-scheme: light dark; --quiet: #667; --line: #8884; --error: #c22; --warning: #a60; --pass: #282; }
@media (prefers-color-scheme: dark) { :root { --quiet: #99a; --error: #f77; --warning: #fb5; --pass: #7c7; } }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 0 auto; padding: 1rem;
  overflow-wrap: break-word; }
h1 { font-size: 1.3rem; line-height: 1.35; } h2 { font-size: 1rem; margin: 1.5rem 0 .3rem; }
section { border-top: 1px solid var(--line); } .quiet { color: var(--quiet); font-size: .9rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .2rem .8rem .2rem 0; }
th { color: var(--quiet); font-weight: normal; } .scroll { overflow-x: auto; margin: .8rem 0; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; padding: .5rem .7rem; margin: .4rem 0;
  border: 1px solid var(--line); border-radius: .3rem; }
mark { background: none; color: inherit; border-bottom: 2px solid var(--warning); }
.error { color: var(--error); } .warning { color: var(--warning); } .pass { color: var(--pass); }
ins, del { text-decoration: none; display: block; } summary { cursor: pointer; }
details details { margin-left: 1rem; }
td, th { white-space: nowrap; } .below { padding: 0 0 .4rem; white-space: normal; }
.below div { position: sticky; left: 0; width: fit-content; max-width: min(58rem, 90vw); color: var(--quiet);
  overflow-wrap: anywhere; }
@media print { body { max-width: none; padding: 0; font-size: 11pt; } }
"""
_MARKS = {Outcome.PASS: ("✓", "passed, free of"), Outcome.NOT_APPLICABLE: ("–", "do not apply")}


def render_html(ended: Iterable[tuple[Report, Difference | None]]) -> str:
    """One self-contained document; where records were proposed, first what differs from today."""
    every = list(ended)
    lines = (line for report, difference in every for line in section(report, difference))
    style = next(filter(None, (style_of(report) for report, _ in every)), "")
    return document([report.target.label for report, _ in every], lines, style=style)


def render_comparison_html(found: Comparison) -> str:
    """One self-contained document, with the domains that are in one case alone at the end."""
    return document([one.domain for one in found.differences], comparison_lines(found, "h1"))


def comparison_lines(found: Comparison, heading: str) -> Iterator[str]:
    """The sections of such a document."""
    for one in found.differences:
        yield from ("<section>", *_difference(one, heading), "</section>")
    yield from (f'<p class="quiet">{in_html(line)}</p>' for line in alone(found))


def document(domains: Sequence[str], lines: Iterable[str], *, style: str = "") -> str:
    """A whole document about these; ``style`` is added to the style sheet."""
    title = ", ".join(domains[:3]) or "no domain"
    body = "\n".join(lines)
    return (
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
        f"<title>{in_html(title)} · deliverkit</title>\n<style>{_STYLE}{style}</style>\n{body}\n</html>"
    )


def prose(given: str) -> str:
    """A sentence, in which no line ends before a percent sign; records and evidence are `text`, to be copied."""
    return in_html(given).replace(" %", "&nbsp;%")


def heading(sentence: str) -> str:
    """The sentence as a heading."""
    return f"<h1>{prose(sentence)}</h1>"


def section(report: Report, difference: Difference | None = None) -> Iterator[str]:
    """The whole of a report."""
    yield "<section>"
    if difference is not None:
        yield from _difference(difference, "h2")
        yield '<p class="quiet">With the proposed records:</p>'
    for verdict in report.sentences:
        yield heading(verdict.sentence)
        if verdict.way:
            yield f'<p class="quiet">{prose(verdict.way)}</p>'
    yield chart_of(report)
    if any(result.check.area == "mx" for result in report.results):
        yield from _hosts(report)
    yield from _tables(report)
    for result in report.of(Outcome.FAIL):
        yield from _failed(result)
    for result in report.of(Outcome.WAIVED):
        name = f"{result.check.code} {result.check.name}{waived_until(result)}"
        yield f'<p class="quiet">waived: {in_html(name)}</p>'
    yield from _unknown(report)
    for outcome, (mark, word) in _MARKS.items():
        yield from _folded(report.of(outcome), mark, word)
    yield from _one_by_one(*one_by_one(report))
    when = report.started.moment.strftime("%Y-%m-%d %H:%M %Z")
    yield f'<p class="quiet">{in_html(figures(report, Look()).replace("    ", " · "))} · {in_html(when)}</p>'
    yield "</section>"


def _tables(report: Report) -> Iterator[str]:
    """What servers and hosts said: tables, and conversations, folded where there are several."""
    for table in tables_of(report):
        yield from matrix_lines(table) if table.is_matrix else table_lines(table)
    yield from (f"<p>{prose(note)}</p>" for note in notes_of(report))
    dialogues = list(smtp.dialogues_of(report))
    is_open = " open" if len(dialogues) == 1 else ""
    for endpoint, lines in dialogues:
        said = "\n".join(map(_spoken, lines))
        yield f"<details{is_open}><summary>{in_html(endpoint)}</summary><pre>{said}</pre></details>"


def _spoken(line: Line) -> str:
    """A line of a dialogue, in the colour of its class what has it: a reply's code, or all of what is no reply."""
    whole = line.plain
    begin = len(f"{line.elapsed:9.3f} {line.mark or ' '} ")
    end = begin + 3 if line.mark == "<" else len(whole)
    if not line.kind:
        return in_html(whole)
    painted = f'<span class="{line.kind}">{in_html(whole[begin:end])}</span>'
    return f"{in_html(whole[:begin])}{painted}{in_html(whole[end:])}"


def _unfolding(head: str, lines: Iterable[str]) -> str:
    folded = "\n".join(map(in_html, lines))
    return f"<details><summary>{in_html(head)}</summary><pre>{folded}</pre></details>"


def _one_by_one(head: str, found: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    if found:
        yield f"<details><summary>{in_html(head)}</summary>"
        yield from (_unfolding(about, lines) for about, lines in found)
        yield "</details>"


def _difference(found: Difference, heading: str) -> Iterator[str]:
    yield f"<{heading}>{in_html(sentence(found))}</{heading}>"
    yield from _changes(found.records_gone, found.records_new)
    for word, kind, faults in (("new", "error", found.new), ("gone", "pass", found.gone)):
        yield from (f'<p><span class="{kind}">{word}</span> {_fault(fault)}</p>' for fault in faults)
    if found.same:
        names = "<br>".join(map(_fault, found.same))
        yield f"<details><summary>{len(found.same)} as before</summary><p>{names}</p></details>"


def _fault(fault: Fault) -> str:
    return in_html(f"{fault.severity.word} {fault.code} {fault.name}: {fault.message}")


def _changes(gone: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    """Lines that go and lines that come."""
    changes = [f'<del class="error">- {in_html(line)}</del>' for line in gone]
    changes += [f'<ins class="pass">+ {in_html(line)}</ins>' for line in new]
    if changes:
        yield f"<pre>{''.join(changes)}</pre>"


def _hosts(report: Report) -> Iterator[str]:
    rows = rows_of(report)
    if not rows:
        return
    head = (
        "#",
        "pref",
        "exchange",
        "address",
        "reverse name",
        "ttl",
        "provider" if any(r.provider for r in rows) else "",
    )
    yield f'<div class="scroll"><table><tr>{"".join(f"<th>{word}" for word in head if word)}</tr>'
    for row in rows:
        addresses = "<br>".join(in_html(address) for address, _ in row.addresses)
        names = "<br>".join(in_html(name) for _, name in row.addresses)
        cells = (row.place, row.preference, row.exchange)
        first = "".join(f"<td>{in_html(cell)}" for cell in cells)
        last = f"<td>{in_html(row.provider)}" if head[-1] else ""
        yield f"<tr>{first}<td>{addresses}<td>{names}<td>{in_html(row.ttl)}{last}</tr>"
    yield "</table></div>"


def table_lines(table: Table) -> Iterator[str]:
    """The table, which scrolls by itself where it is too wide."""
    yield f'<div class="scroll"><table><tr>{"".join(f"<th>{in_html(word)}" for word in table.headers)}</tr>'
    for row in table.rows:
        yield f"<tr>{''.join(f'<td>{in_html(cell)}' for cell in row)}</tr>"
    yield "</table></div>"
    if table.legend:
        yield f'<p class="quiet">{in_html(table.legend)}</p>'


def _failed(result: Result) -> Iterator[str]:
    word = result.severity.word
    where = in_html(str(result.check.references[0]))
    name = f"{result.check.code} {result.check.name}{waived_until(result)}"
    yield f'<h2><span class="{word}">{word}</span> {in_html(name)} <span class="quiet">{where}</span></h2>'
    for finding in result.findings:
        yield from finding_lines(finding)


def finding_lines(finding: Finding) -> Iterator[str]:
    """A fault: what it is, what shows it, where a provider writes of it, and what mends it."""
    yield f"<p>{prose(finding.message)}</p>"
    if finding.evidence:
        yield f"<pre>{chr(10).join(map(_evidence, finding.evidence))}</pre>"
    yield from (f'<p class="quiet">rule: {in_html(str(one))}</p>' for one in finding.references)
    if finding.fix is not None:
        yield from _fix(finding.fix)


def _evidence(evidence: Evidence) -> str:
    note = f'   <span class="quiet">{in_html(evidence.note)}</span>' if evidence.note else ""
    span = evidence.span
    if span is None:
        return f"{in_html(evidence.text)}{note}"
    before, part, after = evidence.text[: span.start], evidence.text[span.start : span.end], evidence.text[span.end :]
    return f"{in_html(before)}<mark>{in_html(part)}</mark>{in_html(after)}{note}"


def _fix(fix: Fix) -> Iterator[str]:
    yield f'<p><span class="pass">fix</span> {in_html(fix.action)}</p>'
    yield from _changes(fix.remove, map(str, fix.add))
    if fix.labels:
        yield f'<p class="quiet">name in the zone\'s form: {in_html(fix.labels)}</p>'


def _unknown(report: Report) -> Iterator[str]:
    for reasons, checks in report.unknown_by_reasons().items():
        names = ", ".join(check.name for check in checks)
        yield f'<p><span class="warning">?</span> could not be found out: {in_html(names)}<br>'
        yield f'<span class="quiet">{in_html("; ".join(reasons))}</span></p>'


def _folded(results: tuple[Result, ...], mark: str, word: str) -> Iterator[str]:
    if results:
        names = ", ".join(sorted(result.check.name for result in results))
        yield f"<details><summary>{mark} {len(results)} {word}</summary><p>{in_html(names)}</p></details>"
