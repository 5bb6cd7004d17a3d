"""JUnit XML: a suite for each target, a case for each check, so that a pipeline shows them as it shows its tests."""

from __future__ import annotations

from collections.abc import Iterable
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from deliverkit.model import Finding, Outcome, Result, Severity
from deliverkit.render.findings import waived_until
from deliverkit.render.smtp_junit import Expected, expectations_of, met_dialogues_of
from deliverkit.render.text import escape
from deliverkit.report import Report


def render_junit(reports: Iterable[Report], fail_on: Severity | None) -> str:
    """One document; a fault below ``fail_on`` is told in the case and does not fail it."""
    root = Element("testsuites", name="deliverkit")
    for report in reports:
        add_suite(root, report, name=report.target.label, fail_on=fail_on)
    return written(root)


def written(root: Element) -> str:
    """The document as text."""
    indent(root)
    return tostring(root, encoding="unicode", xml_declaration=True)


def add_suite(root: Element, report: Report, *, name: str, fail_on: Severity | None) -> None:
    """The suite of a report, under a name of its own."""
    suite = SubElement(root, "testsuite", name=escape(name))
    suite.set("timestamp", report.started.moment.isoformat())
    suite.set("time", f"{report.trace.elapsed:.3f}")
    for verdict in report.sentences:
        SubElement(suite, "system-out").text = escape(f"{verdict.sentence} {verdict.way}".rstrip())
    for dialogue in met_dialogues_of(report):
        SubElement(suite, "system-out").text = dialogue
    for result in report.results:
        _case(suite, result, name, fail_on)
    for expected in expectations_of(report):
        _expectation(suite, expected, name, fail_on)
    count_cases(suite)


def count_cases(suite: Element) -> None:
    """Set how many cases the suite has, and how they ended."""
    for word, tag in (("tests", "testcase"), ("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
        suite.set(word, str(sum(1 for _ in suite.iter(tag))))


def _case(suite: Element, result: Result, target: str, fail_on: Severity | None) -> None:
    case = SubElement(suite, "testcase", name=f"{result.check.code} {result.check.name}")
    case.set("classname", escape(f"{target}.{result.check.area}"))
    counts = fail_on is not None and result.severity >= fail_on
    reasons = escape("; ".join(result.reasons))
    if result.outcome is Outcome.FAIL and counts:
        text = "\n\n".join(map(finding_text, result.findings))
        message = f"{escape(result.findings[0].message)}{waived_until(result)}"
        SubElement(case, "failure", type=result.severity.word, message=message).text = text
    elif result.outcome is Outcome.FAIL:
        SubElement(case, "system-out").text = "\n\n".join(map(finding_text, result.findings))
    elif result.outcome is Outcome.UNKNOWN and counts:
        SubElement(case, "error", type="unknown", message=f"could not be found out: {reasons}")
    elif result.outcome is Outcome.WAIVED:
        SubElement(case, "skipped", message=f"waived{waived_until(result)}")
    elif result.outcome is not Outcome.PASS:
        word = "could not be found out" if result.outcome is Outcome.UNKNOWN else "does not apply"
        SubElement(case, "skipped", message=f"{word}: {reasons}")


def _expectation(suite: Element, expected: Expected, target: str, fail_on: Severity | None) -> None:
    """An expectation of a script: what was not met fails the case, what was never reached is skipped."""
    case = SubElement(suite, "testcase", name=escape(f"line {expected.line}: {expected.wanted}"))
    case.set("classname", escape(f"{target}.script.{expected.endpoint}"))
    message = escape(f"wanted {expected.wanted}, got {expected.got}")
    counts = fail_on is not None and expected.severity >= fail_on
    told = [expected.dialogue] if expected.dialogue else []
    if expected.got is not None and counts:
        SubElement(case, "failure", type="unmet", message=message)
    elif expected.got is not None:
        told.insert(0, message)
    elif not expected.is_reached:
        SubElement(case, "skipped", message="the conversation did not come to it")
    if told:
        SubElement(case, "system-out").text = "\n".join(told)


def finding_text(finding: Finding) -> str:
    """A finding as plain lines: the fault, the evidence, where a provider writes of it, the fix."""
    lines = [escape(finding.message)]
    lines += [f"  {escape(f'{evidence.text}   {evidence.note}'.rstrip())}" for evidence in finding.evidence]
    lines += [f"rule: {escape(str(reference))}" for reference in finding.references]
    if finding.fix is not None:
        lines.append(f"fix: {escape(finding.fix.action)}")
        lines += [f"  {escape(line)}" for line in finding.fix.changes]
    return "\n".join(lines)
