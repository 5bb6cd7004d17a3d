"""SARIF 2.1.0: findings as code scanners give them, for pipelines and editors that read it."""

from __future__ import annotations

import json
from collections.abc import Iterable

from deliverkit.model import Check, Finding, Outcome, Result
from deliverkit.render.junit import finding_text
from deliverkit.render.text import escape
from deliverkit.report import Report
from deliverkit.version import __version__

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

Json = dict[str, object]


def render_sarif(reports: Iterable[Report]) -> str:
    """One document with a run; a result for each finding, a notification for what could not be found out."""
    every = list(reports)
    rules = {result.check.code: result.check for report in every for result in report.results}
    run = {
        "tool": {
            "driver": {
                "name": "deliverkit",
                "version": __version__,
                "rules": [_rule(rules[code]) for code in sorted(rules)],
            }
        },
        "results": [
            _result(report, result, finding)
            for report in every
            for result in (*report.of(Outcome.FAIL), *report.of(Outcome.WAIVED))
            for finding in result.findings
        ],
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": [
                    _notification(report, result) for report in every for result in report.of(Outcome.UNKNOWN)
                ],
            }
        ],
    }
    return json.dumps({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2)


def _rule(check: Check) -> Json:
    return {
        "id": check.code,
        "name": check.name,
        "shortDescription": {"text": check.sentence},
        "fullDescription": {"text": "; ".join(map(str, check.references))},
        "help": {"text": check.doc.strip(), "markdown": check.doc.strip()},
        "defaultConfiguration": {"level": check.severity.word},
    }


def _result(report: Report, result: Result, finding: Finding) -> Json:
    return {
        "ruleId": result.check.code,
        "level": result.severity.word,
        "message": {"text": finding_text(finding)},
        "locations": [_location(report, finding)],
        "suppressions": _suppressions(result),
    }


def _suppressions(result: Result) -> list[Json]:
    if result.outcome is not Outcome.WAIVED or result.waiver is None:
        return []
    return [{"kind": "external", "justification": f"{result.waiver.reason} (until {result.waiver.until})"}]


def _location(report: Report, finding: Finding) -> Json:
    """The domain, and the record where one is the evidence."""
    location: Json = {"logicalLocations": [{"fullyQualifiedName": report.target.label, "kind": "domain"}]}
    physical: Json = {"artifactLocation": {"uri": f"dns/{report.target.label}"}}
    if finding.evidence:
        evidence = finding.evidence[0]
        region: Json = {"startLine": 1, "snippet": {"text": escape(evidence.text)}}
        if evidence.span is not None:
            region |= {"startColumn": evidence.span.start + 1, "endColumn": evidence.span.end + 1}
        physical["region"] = region
    return {**location, "physicalLocation": physical}


def _notification(report: Report, result: Result) -> Json:
    reasons = escape("; ".join(result.reasons))
    return {
        "descriptor": {"id": result.check.code},
        "level": "note",
        "message": {"text": f"{report.target.label}: {result.check.name} could not be found out: {reasons}"},
    }
