"""The gate's answer as JUnit XML: a suite for each report, and one with a single case, the gate."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement

from deliverkit.gate import Answer, Gate, Reason
from deliverkit.model import Severity
from deliverkit.render.findings import waived_until
from deliverkit.render.junit import add_suite, count_cases, finding_text, written
from deliverkit.render.preflight import rules, touched, untested, waivers, why
from deliverkit.render.text import escape


def render_preflight_junit(gate: Gate) -> str:
    """One document; only what stops the campaign fails a case."""
    root = Element("testsuites", name="deliverkit")
    _gate(root, gate)
    for report in gate.reports:
        add_suite(root, report, name=report.target.given, fail_on=Severity.ERROR)
    return written(root)


def _gate(root: Element, gate: Gate) -> None:
    suite = SubElement(root, "testsuite", name="preflight")
    suite.set("timestamp", gate.decided.isoformat())
    case = SubElement(suite, "testcase", name="gate", classname=escape(f"{gate.name}.preflight"))
    sentence = f"{gate.answer}: {why(gate)}"
    if gate.answer is Answer.NO_GO:
        SubElement(case, "failure", type=gate.answer, message=sentence).text = "\n\n".join(map(_reason, gate.blockers))
    elif gate.answer is Answer.CANNOT_TELL:
        open_ends = [*map(escape, gate.unfinished), *map(_reason, gate.open_ends)]
        SubElement(case, "error", type=gate.answer, message=sentence).text = "\n\n".join(open_ends)
    lines = [sentence, *waivers(gate), *([untested(gate)] if gate.untested else [])]
    SubElement(case, "system-out").text = "\n".join(lines)
    count_cases(suite)


def _reason(reason: Reason) -> str:
    check = reason.result.check
    said = finding_text(reason.finding) if reason.finding else escape(reason.message)
    head = f"{check.code} {check.name}{waived_until(reason.result)}  {escape(reason.subject)}  {touched(reason)}"
    return f"{head}\n{said}\n{escape(rules(reason))}"
