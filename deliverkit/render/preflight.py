"""The gate's answer on a terminal: the answer first, then what stops, what is open, and what was not tested."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deliverkit.checks.placement.wording import share
from deliverkit.facts.placement import Placement
from deliverkit.gate import Answer, Gate, Reason
from deliverkit.model import Finding, Outcome, Severity
from deliverkit.render.checklist import checklist_lines
from deliverkit.render.findings import MARGIN, evidence_lines, waived_until
from deliverkit.render.look import Detail, Look
from deliverkit.render.placement import bars, notes_of
from deliverkit.render.text import escape, wrap
from deliverkit.standing import Standing

_CLASS = {Answer.GO: "pass", Answer.NO_GO: "error", Answer.CANNOT_TELL: "warning"}
DIGITS = 12  # of the digest that are shown


def render_preflight(gate: Gate, look: Look, standing: Standing | None = None) -> str:
    """The whole answer; with -q its first sentence, with -v every check. First what became of an earlier one."""
    blocks = [wrap(escape(still_holds(standing)), look.columns)] if standing else []
    blocks.append(sentence(gate, look))
    if look.detail > Detail.VERDICT:
        found = ["\n".join(lines(gate, look)) for lines in (_verdicts, _where, _reasons, _rest)]
        is_go = gate.answer is Answer.GO  # which is worth what was tested: what was not stands right behind it
        blocks += [_untested(gate, look), *found] if is_go else [*found, _untested(gate, look)]
        blocks.append(look.paint(f"{figures(gate)}    digest {gate.basis.digest[:DIGITS]}", "dim"))
    return look.finish("\n\n".join(block for block in blocks if block))


def sentence(gate: Gate, look: Look) -> str:
    """The answer in one sentence."""
    return wrap(f"{look.paint(gate.answer.value, _CLASS[gate.answer])}: {why(gate)}", look.columns)


def why(gate: Gate) -> str:
    """Why the answer is what it is, as a sentence behind a colon; of GO also how long it holds."""
    if gate.answer is Answer.GO:
        until = f"{gate.until:%Y-%m-%d %H:%M} UTC"
        return f"{verdict(gate)}; valid until {until}, or until message, addresses, path or DNS change."
    return f"{verdict(gate)}."


def verdict(gate: Gate) -> str:
    """Why the answer is what it is, as a clause."""
    name = escape(gate.name)
    if gate.answer is Answer.GO:
        waived = f" but {_number(len(gate.let_through), 'fault')} that you waived" if gate.let_through else ""
        return f"no known blocker for {name}{waived}"
    if gate.answer is Answer.CANNOT_TELL:
        number = len(gate.open_ends) + len(gate.unfinished)
        each = "it" if number == 1 else "each"
        return f"{_number(number, 'thing')} about {name} could not be found out, and {each} could stop it"
    count = _number(len(gate.blockers), "reason")
    if gate.reach is None:
        return f"{count} against {name}"
    if not gate.reach:
        return f"{count} against {name}, and by [audience] none of your readers is touched"
    them = ", together they touch" if len(gate.blockers) > 1 else ", it touches"
    return f"{count}{them} {share(gate.reach)} of your audience"


def still_holds(standing: Standing) -> str:
    """What became of an earlier answer, as a sentence."""
    earlier = standing.earlier
    head = f"The {earlier.answer} of {earlier.decided:%Y-%m-%d %H:%M} UTC"
    if standing.holds:
        return f"{head} still holds, until {earlier.until:%Y-%m-%d %H:%M} UTC: nothing that it rests on has changed."
    clauses = [f"it was valid until {earlier.until:%Y-%m-%d %H:%M} UTC"] if standing.is_over else []
    clauses += [f"changed in the campaign: {', '.join(standing.given)}"] if standing.given else []
    clauses += [f"changed in the DNS: {', '.join(standing.dns)}"] if standing.dns else []
    clauses += [f"not asked or not answered this time: {', '.join(standing.unasked)}"] if standing.unasked else []
    if standing.holds is None:
        return f"Whether the {head.removeprefix('The ')} still holds cannot be told ({'; '.join(clauses)})."
    return f"{head} no longer holds ({'; '.join(clauses)})."


def _number(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _verdicts(gate: Gate, look: Look) -> Iterator[str]:
    """What the seed test and other areas of the campaign say, a sentence each; of domains only with -v."""
    for report in gate.reports:
        if look.detail is Detail.EVERYTHING or not report.target.domain:
            for verdict in report.verdicts.values():
                yield wrap(escape(verdict.sentence), look.columns)


def _where(gate: Gate, look: Look) -> Iterator[str]:
    """Where the seed copies landed, by provider, unless all is well; with -v also what became of each that is lost."""
    for report in gate.reports:
        placement = report.fact(Placement)
        if not isinstance(placement, Placement) or not placement.settled:
            continue
        if look.detail is Detail.EVERYTHING or gate.answer is not Answer.GO:
            yield from bars(report, look)
        if look.detail is Detail.EVERYTHING:
            yield from (wrap(line, look.columns, rest="  ") for line in notes_of(report, look.detail))


def _reasons(gate: Gate, look: Look) -> Iterator[str]:
    for number, reason in enumerate(gate.blockers, 1):
        yield from _blocker(number, reason, look)
    for clause in gate.unfinished:
        yield wrap(f"  ?  {escape(clause)}", look.columns, rest=MARGIN)
    yield from _open_ends(gate, look)


def _open_ends(gate: Gate, look: Look) -> Iterator[str]:
    """What could not be found out; checks that one cause leaves open share a line, and long lists are cut."""
    groups: dict[tuple[str, str], list[str]] = {}
    for reason in gate.open_ends:
        check = reason.result.check
        groups.setdefault((reason.subject, reason.message), []).append(f"{check.code} {check.name}")
    for (subject, message), names in groups.items():
        more = f" and {len(names) - 1} more" if len(names) > 1 else ""
        yield wrap(f"  ?  {names[0]}{more}  {escape(subject)}: {escape(message)}", look.columns, rest=MARGIN)


def _blocker(number: int, reason: Reason, look: Look) -> Iterator[str]:
    check = reason.result.check
    mark = look.paint("✗", "error")
    whom = look.paint(f"  {touched(reason)}", "dim")
    over = waived_until(reason.result)
    yield f"{number:>3}  {mark} {check.code} {check.name}{over}  {escape(reason.subject)}{whom}"
    yield wrap(escape(reason.message), look.columns, first=MARGIN, rest=MARGIN)
    if reason.finding is not None:
        yield from _evidence(reason.finding, look)
    yield look.paint(wrap(escape(rules(reason)), look.columns, first=MARGIN, rest=MARGIN), "dim")


def touched(reason: Reason) -> str:
    """Whom it touches: ``Gmail, Yahoo: 56 %``, ``everybody``."""
    if not reason.touches:
        return "everybody"
    names = ", ".join(map(escape, reason.touches))
    return names if reason.reach is None else f"{names}: {share(reason.reach)}"


def rules(reason: Reason) -> str:
    """Where it stands that it should not be so: the rule itself, and those that are not RFCs' but somebody's own."""
    first, *others = reason.result.check.references
    return " · ".join([str(first), *(str(one) for one in others if one.as_of is not None)])


def _evidence(finding: Finding, look: Look) -> Iterator[str]:
    for evidence in finding.evidence:
        yield from evidence_lines(evidence, look)
    if finding.fix is None:
        return
    action = wrap(escape(finding.fix.action), look.columns, first=MARGIN, rest=MARGIN).removeprefix(MARGIN)
    yield f"    {look.paint('fix', 'pass')} {action}"
    yield from (f"{MARGIN}{escape(line)}" for line in finding.fix.changes)


def _rest(gate: Gate, look: Look) -> Iterator[str]:
    """What stops nothing: warnings a line each, and with -v notes and every check."""
    least = Severity.NOTE if look.detail is Detail.EVERYTHING else Severity.WARNING
    for line in warnings(gate, least):
        yield wrap(line, look.columns, rest=MARGIN)
    for line in waivers(gate):
        yield look.paint(wrap(line, look.columns, rest=MARGIN), "dim")
    if look.detail is Detail.EVERYTHING:
        for report in gate.reports:
            yield from ["", f"{escape(report.target.given)}:", *checklist_lines(report, look)]


def warnings(gate: Gate, least: Severity = Severity.WARNING) -> Iterator[str]:
    """The faults that stop nothing, a line each, warnings before notes."""
    found = [(result, report) for report in gate.reports for result in report.of(Outcome.FAIL)]
    for result, report in sorted(found, key=lambda one: -one[0].severity):
        if least <= result.severity < Severity.ERROR:
            head = f"{result.severity.word:<7} {result.check.code} {result.check.name}{waived_until(result)}"
            yield f"{head}  {escape(report.target.given)}: {escape(result.message)}"


def waivers(gate: Gate) -> Iterator[str]:
    """The faults that are waived, a line each."""
    for subject, result in gate.waived:
        head = f"waived  {result.check.code} {result.check.name}{waived_until(result)}"
        yield f"{head}  {escape(subject)}: {escape(result.message)}"


def _untested(gate: Gate, look: Look) -> str:
    return look.paint(wrap(untested(gate), look.columns), "dim") if gate.untested else ""


def untested(gate: Gate) -> str:
    """What the answer says nothing about, as a sentence."""
    return f"Not tested: {'; '.join(map(escape, gate.untested))}."


def figures(gate: Gate) -> str:
    """How many checks came to what."""
    faults = [result for report in gate.reports for result in report.of(Outcome.FAIL)]
    weights = Counter(result.severity for result in faults)
    counts = (
        (gate.count(Outcome.PASS), "passed"),
        (weights[Severity.ERROR], "failed"),
        (weights[Severity.WARNING], "warnings" if weights[Severity.WARNING] > 1 else "warning"),
        (weights[Severity.NOTE], "notes" if weights[Severity.NOTE] > 1 else "note"),
        (gate.count(Outcome.UNKNOWN), "cannot tell"),
        (gate.count(Outcome.WAIVED), "waived"),
    )
    return " · ".join(f"{number} {word}" for number, word in counts if number)
