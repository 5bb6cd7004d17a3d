"""Markdown, for tickets and merge requests: the verdict, what is wrong, the checklist folded."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.difference import Comparison, Difference, Fault
from deliverkit.model import Finding, Outcome, Result
from deliverkit.regexes import regex
from deliverkit.render import smtp
from deliverkit.render.all_tables import notes_of, one_by_one, tables_of
from deliverkit.render.difference import alone, sentence
from deliverkit.render.findings import figures, waived_until
from deliverkit.render.look import Look
from deliverkit.render.markup import in_html
from deliverkit.render.tables import Table
from deliverkit.render.text import escape
from deliverkit.report import Report

_MARKUP = regex(r"([\\`*_{}\[\]<>#|!~])")
_WORDS = {
    Outcome.PASS: "passed, free of",
    Outcome.NOT_APPLICABLE: "do not apply",
    Outcome.UNKNOWN: "could not be found out",
}


def render_markdown(ended: Iterable[tuple[Report, Difference | None]]) -> str:
    """One document, a section for each target; where records were proposed, first what differs from today."""
    return "\n\n".join("\n".join(section(report, difference)) for report, difference in ended)


def render_comparison_markdown(found: Comparison) -> str:
    """One document, a section for each domain, and the domains that are in one case alone."""
    sections = [
        "\n".join([f"## {plain(difference.domain)}", "", *_difference(difference)]).rstrip()
        for difference in found.differences
    ]
    return "\n\n".join([*sections, *map(plain, alone(found))])


def plain(text: str) -> str:
    """Text from the network, with nothing left that Markdown or HTML would obey."""
    return _MARKUP.sub(r"\\\1", escape(text))


def section(report: Report, difference: Difference | None = None) -> Iterator[str]:
    """The whole of a report."""
    yield f"## {plain(report.target.label)}"
    yield ""
    if difference is not None:
        yield from _difference(difference)
        yield "With the proposed records:"
        yield ""
    for verdict in report.sentences:
        yield f"**{plain(verdict.sentence)}**"
        yield ""
        if verdict.way:
            yield plain(verdict.way)
            yield ""
    yield from _tables(report)
    for result in report.of(Outcome.FAIL):
        yield from _failed(result)
    for result in report.of(Outcome.WAIVED):
        yield f"Waived{plain(waived_until(result))}: {result.check.code} {result.check.name}"
        yield ""
    for outcome, word in _WORDS.items():
        yield from _others(report.of(outcome), word)
    yield from _one_by_one(*one_by_one(report))
    yield f"_{figures(report, Look())}_"


def _tables(report: Report) -> Iterator[str]:
    """What servers and hosts said: tables, and conversations folded."""
    for table in tables_of(report):
        yield from _table(table)
    notes = [f"- {plain(note)}" for note in notes_of(report)]
    yield from (*notes, "") if notes else ()
    for head, lines in smtp.dialogues_of(report):
        yield from _details(head, [line.plain for line in lines])


def _table(table: Table) -> Iterator[str]:
    for row in (table.headers, ("---",) * len(table.headers), *table.rows):
        yield f"| {' | '.join(map(plain, row))} |"
    yield ""
    if table.legend:
        yield f"_{plain(table.legend)}_"
        yield ""


def _difference(found: Difference) -> Iterator[str]:
    yield f"**{plain(sentence(found))}**"
    yield ""
    changes = [*(f"- {line}" for line in found.records_gone), *(f"+ {line}" for line in found.records_new)]
    if changes:
        yield from _fenced("diff", changes)
    changed = [*(("new", fault) for fault in found.new), *(("gone", fault) for fault in found.gone)]
    yield from (f"- {word}: {_fault(fault)}" for word, fault in changed)
    if changed:
        yield ""
    if found.same:
        yield f"<details><summary>{len(found.same)} as before</summary>"
        yield ""
        yield from (f"- {_fault(fault)}" for fault in found.same)
        yield ""
        yield "</details>"
        yield ""


def _fault(fault: Fault) -> str:
    return f"{fault.severity.word} {fault.code} {fault.name}: {plain(fault.message)}"


def _failed(result: Result) -> Iterator[str]:
    name = plain(f"{result.check.name}{waived_until(result)}")
    yield f"### {result.severity.word}: {result.check.code} {name} ({result.check.references[0]})"
    yield ""
    for finding in result.findings:
        yield from finding_lines(finding)


def finding_lines(finding: Finding) -> Iterator[str]:
    """A fault: what it is, what shows it, where a provider writes of it, and what mends it."""
    yield plain(finding.message)
    yield ""
    if finding.evidence:
        yield from _fenced("text", (_evidence(evidence.text, evidence.note) for evidence in finding.evidence))
    for reference in finding.references:
        yield f"Rule: {plain(str(reference))}"
        yield ""
    if finding.fix is not None:
        yield f"Fix: {plain(finding.fix.action)}"
        yield ""
        if finding.fix.changes:
            yield from _fenced("diff", finding.fix.changes)
        if finding.fix.labels:
            yield f"Name in the zone's form: {plain(finding.fix.labels)}"
            yield ""


def _evidence(text: str, note: str) -> str:
    return f"{text}   ; {note}" if note else text


def _fenced(kind: str, lines: Iterable[str]) -> Iterator[str]:
    """A block of code that no line from the network can end."""
    yield f"```{kind}"
    for line in lines:
        yield escape(line).replace("```", "` ` `")
    yield "```"
    yield ""


def _details(head: str, lines: Iterable[str]) -> Iterator[str]:
    """A block that is folded under its head."""
    yield f"<details><summary>{in_html(head)}</summary>"  # within HTML a backslash escapes nothing
    yield ""
    yield from _fenced("text", lines)
    yield "</details>"
    yield ""


def _one_by_one(head: str, found: Sequence[tuple[str, list[str]]]) -> Iterator[str]:
    if found:
        yield f"<details><summary>{head}</summary>"
        yield ""
        for about, lines in found:
            yield from _details(about, lines)
        yield "</details>"
        yield ""


def _others(results: tuple[Result, ...], word: str) -> Iterator[str]:
    if not results:
        return
    yield f"<details><summary>{len(results)} {word}</summary>"
    yield ""
    for result in sorted(results, key=lambda result: result.check.code):
        reason = f": {plain('; '.join(result.reasons))}" if result.reasons else ""
        yield f"- {result.check.code} {result.check.name}{reason}"
    yield ""
    yield "</details>"
    yield ""
