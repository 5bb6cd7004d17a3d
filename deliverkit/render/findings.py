"""Findings as text: the fault, its evidence underlined, the fix ready to paste, and where the rule stands."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from deliverkit.checks.wording import count, format_duration
from deliverkit.model import Evidence, Finding, Fix, Outcome, Result, Severity
from deliverkit.render.look import Detail, Look
from deliverkit.render.text import cut_middle, escape, wrap
from deliverkit.report import Report

FOLDED = 5  # findings of one check that are shown in full
EVIDENCE = 6  # pieces of it that are shown of a finding
REASONS = 3  # reasons for not knowing that are shown
MARGIN = " " * 8  # of evidence
_LINES = 5  # of a piece of evidence that is a sentence
_AFTER = 12  # characters that are kept behind the part that matters


def framed(report: Report, look: Look, between: Iterable[str]) -> str:
    """A command's text: the verdict, the blocks of its own, findings and figures; with -q the verdict alone."""
    blocks = ["\n".join(verdict_lines(report, look))]
    if look.detail > Detail.VERDICT:
        blocks += between
        blocks.append("\n".join([*finding_lines(report, look), *_looked_at(report, look), figures(report, look)]))
    return look.finish("\n\n".join(block for block in blocks if block))


def _looked_at(report: Report, look: Look) -> Iterator[str]:
    """With -v the checks that passed, and those that do not apply and why."""
    if look.detail is Detail.EVERYTHING:
        from deliverkit.render.checklist import checklist_lines  # which takes its findings from here

        yield from checklist_lines(report, look)


def verdict_lines(report: Report, look: Look) -> Iterator[str]:
    """The verdict: on the whole where there is one, of which the areas' are the parts; and what a sender will do."""
    if report.overall:
        yield look.paint(wrap(escape(report.overall.sentence), look.columns), "bold")
        if look.detail > Detail.VERDICT:
            yield ""
    if report.overall and look.detail is Detail.VERDICT:
        return
    for verdict in report.verdicts.values():
        yield look.paint(wrap(escape(verdict.sentence), look.columns), "" if report.overall else "bold")
        if verdict.way and look.detail > Detail.VERDICT:
            yield look.paint(wrap(escape(verdict.way), look.columns), "dim")


def finding_lines(report: Report, look: Look) -> Iterator[str]:
    """What failed, the worst first, then what could not be found out."""
    said = _said(report)
    for result in report.of(Outcome.FAIL):
        if result.severity > Severity.NOTE or look.detail is Detail.EVERYTHING:
            yield from _in_full(result, look, said)
        else:
            yield _folded(result, look)
    yield from (_waived(result, look) for result in report.of(Outcome.WAIVED))
    yield from _unknown_lines(report, look)


def figures(report: Report, look: Look) -> str:
    """One quiet line: what came of the checks, and what it cost."""
    counts = [f"{len(report.of(Outcome.PASS))} passed"]
    for severity in sorted(Severity, reverse=True):
        number = sum(result.severity is severity for result in report.of(Outcome.FAIL))
        if number:
            counts.append(f"{number} {severity.word}{'s' if number > 1 else ''}")
    counts += [
        f"{number} {word}"
        for outcome, word in ((Outcome.UNKNOWN, "cannot tell"), (Outcome.WAIVED, "waived"))
        if (number := len(report.of(outcome)))
    ]
    trace = report.trace
    cost = [
        count(len(trace.asked), "query"),
        count(trace.round_trips, "round trip"),
        format_duration(trace.elapsed),
    ]
    left, right = " · ".join(counts), " · ".join(cost)
    gap = look.columns - len(left) - len(right) if look.columns else 4
    between = " " * gap if gap >= 2 else "\n"
    return look.paint(f"{left}{between}{right}", "dim")


def _folded(result: Result, look: Look) -> str:
    head = f"{result.severity.word:<7} {result.check.code} {result.check.name}{waived_until(result)}: "
    return wrap(f"{head}{escape(result.message)}", look.columns, rest=MARGIN)


def _waived(result: Result, look: Look) -> str:
    head = f"waived  {result.check.code} {result.check.name}{waived_until(result)}: "
    return look.paint(wrap(f"{head}{escape(result.findings[0].message)}", look.columns, rest=MARGIN), "dim")


def waived_until(result: Result) -> str:
    """``until 2027-03-31 (why)``, or that the waiver is over; empty without one."""
    waiver = result.waiver
    if waiver is None:
        return ""
    if result.outcome is Outcome.WAIVED:
        return f" until {waiver.until} ({escape(waiver.reason)})"
    return f" (its waiver was over on {waiver.until})"


def _said(report: Report) -> frozenset[str]:
    """The messages that a verdict has said already, be it with a capital letter or with "it" for the domain."""
    sentences = " ".join(verdict.sentence for verdict in report.verdicts.values())
    messages = [finding.message for result in report.results for finding in result.findings]
    return frozenset(m for m in messages if m.removeprefix(report.target.domain)[1:] in sentences)


def _in_full(result: Result, look: Look, said: frozenset[str]) -> Iterator[str]:
    yield _heading(result, look)
    shown = result.findings if look.detail is Detail.EVERYTHING else result.findings[:FOLDED]
    merged = _merged([finding.fix for finding in shown if finding.fix is not None])
    for finding in shown:
        yield from _finding(finding, look, is_said=finding.message in said)
        if finding.fix is not None and merged is None:
            yield from _fix(finding.fix, look)
    if merged is not None:
        yield from _fix(merged, look)
    if len(shown) < len(result.findings):
        yield f"{MARGIN}and {len(result.findings) - len(shown)} more (-v shows them)"


def _heading(result: Result, look: Look) -> str:
    word = result.severity.word
    text = f"{result.check.code} {result.check.name}{waived_until(result)}"
    where = str(result.check.references[0])
    gap = look.columns - len(f"{word:<7} {text}{where}") if look.columns else 4
    place = f"{' ' * gap}{where}" if gap >= 2 else f"\n{MARGIN}{where}"
    return f"{look.paint(f'{word:<7}', word)} {text}{look.paint(place, 'dim')}"


def _finding(finding: Finding, look: Look, *, is_said: bool) -> Iterator[str]:
    if not is_said:
        yield wrap(escape(finding.message), look.columns, first=MARGIN, rest=MARGIN)
    is_whole = look.detail is Detail.EVERYTHING or len(finding.evidence) <= EVIDENCE + 1
    shown = finding.evidence if is_whole else finding.evidence[:EVIDENCE]
    for evidence in shown:
        yield from evidence_lines(evidence, look)
    if len(shown) < len(finding.evidence):
        yield f"{MARGIN}and {len(finding.evidence) - len(shown)} more (-v shows them)"
    if look.detail is Detail.EVERYTHING:
        references = (wrap(escape(str(one)), look.columns, first=MARGIN, rest=MARGIN) for one in finding.references)
        yield from (look.paint(reference, "dim") for reference in references)


def _merged(fixes: Sequence[Fix]) -> Fix | None:
    """One fix for findings that are mended in the same way; None where each has its own."""
    if len(fixes) < 2 or len({fix.action for fix in fixes}) > 1:
        return None
    from deliverkit.checks.merging import together  # few reports have two faults of one record

    return together(fixes)


def _fix(fix: Fix, look: Look) -> Iterator[str]:
    head = f"    {look.paint('fix', 'pass')} "
    yield head + wrap(escape(fix.action), look.columns, first=MARGIN, rest=MARGIN).removeprefix(MARGIN)
    yield from (f"{MARGIN}{escape(line)}" for line in fix.changes)
    if fix.labels:
        yield look.paint(f"{MARGIN}  name in the zone's form: {escape(fix.labels)}", "dim")


def _unknown_lines(report: Report, look: Look) -> Iterator[str]:
    """What could not be found out; checks that failed to judge for the same reasons share a line."""
    for reasons, checks in report.unknown_by_reasons().items():
        names = [f"{check.code} {check.name}" for check in checks]
        is_short = len(names) <= 2 or look.detail is Detail.EVERYTHING
        who = ", ".join(names) if is_short else f"{len(names)} checks (-v names them)"
        yield wrap(f"?       {who}: {_several(reasons)}", look.columns, rest=MARGIN)


def _several(reasons: tuple[str, ...]) -> str:
    shown = "; ".join(escape(reason) for reason in reasons[:REASONS])
    return f"{shown}; and {len(reasons) - REASONS} more" if len(reasons) > REASONS else shown


def evidence_lines(evidence: Evidence, look: Look) -> Iterator[str]:
    """The source, the line below it that marks the part, and the note where there is room."""
    note, room = escape(evidence.note), _room(look)
    if evidence.span is None:
        *lines, last = [escape(evidence.text)] if room is None else _in_lines(escape(evidence.text), room)
        fits = room is None or len(f"{last}   {note}") <= room
        yield from (f"{MARGIN}{line}" for line in lines)
        yield f"{MARGIN}{last}{f'   {note}' if note and fits else ''}"
        yield from [wrap(note, look.columns, first=MARGIN, rest=MARGIN)] if note and not fits else []
        return
    span = evidence.span
    before, part, after = _window(
        escape(evidence.text[: span.start]),
        escape(evidence.text[span.start : span.end]),
        escape(evidence.text[span.end :]),
        room,
    )
    yield f"{MARGIN}{before}{part}{after}"
    under = f"{MARGIN}{' ' * len(before)}{look.paint('^' * len(part), 'warning')}"
    fits = not note or look.columns is None or len(f"{MARGIN}{before}{part} {note}") <= look.columns
    below = f"\n{wrap(note, look.columns, first=MARGIN, rest=MARGIN)}"
    yield f"{under} {note}".rstrip() if fits else f"{under}{below}"


def _in_lines(text: str, room: int) -> list[str]:
    """A sentence in a few lines: its end says what matters. A word that is longer than a line loses its middle."""
    words = " ".join(cut_middle(word, room - 2) for word in cut_middle(text, _LINES * room).split(" "))
    return wrap(words, room, rest="  ", least=0).splitlines() or [""]


def _room(look: Look) -> int | None:
    """The columns of a line of evidence; None where it may be as long as it is."""
    return None if look.columns is None or look.detail is Detail.EVERYTHING else max(look.columns, 40) - len(MARGIN)


def _window(before: str, part: str, after: str, room: int | None) -> tuple[str, str, str]:
    """What stands before the part, the part and what stands behind it, cut to the room."""
    if room is None or len(before) + len(part) + len(after) <= room:
        return before, part, after
    part = cut_middle(part, room - 2)
    kept = min(len(after), _AFTER, room - len(part) - 1)
    if len(before) + len(part) + kept > room:
        lead = room - len(part) - kept - 1
        before = f"…{before[len(before) - lead :]}"
    left = room - len(before) - len(part)
    return before, part, after if len(after) <= left else f"{after[: left - 1]}…" if left else ""
