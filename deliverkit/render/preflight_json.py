"""The gate's answer as JSON, schema 1; `deliverkit.render.json` says what that promises, and has the reports' keys."""

from __future__ import annotations

import json

from deliverkit.gate import Gate, Reason
from deliverkit.model import Outcome, Result
from deliverkit.render.json import SCHEMA, Json, finding_json, report_json, safe, waiver_json
from deliverkit.render.preflight import still_holds, why
from deliverkit.standing import Standing, standing_json
from deliverkit.version import __version__


def render_preflight_json(gate: Gate, standing: Standing | None = None) -> str:
    """One document. What `--since` reads of it are the keys of `standing_json`."""
    document: Json = {
        "schema": SCHEMA,
        "deliverkit": __version__,
        "campaign": gate.name,
        **standing_json(gate.answer, gate.decided, gate.until, gate.basis),
        "sentence": f"{gate.answer}: {why(gate)}",
        "reach": gate.reach,
        "reasons": [_reason(one) for one in gate.blockers],
        "open_ends": [_reason(one) for one in gate.open_ends],
        "unfinished": list(gate.unfinished),
        "untested": list(gate.untested),
        "waived": [_waived(subject, result) for subject, result in gate.waived],
        "counts": {str(outcome): gate.count(outcome) for outcome in Outcome},
        "since": _standing(standing) if standing else None,
        "reports": [report_json(report) for report in gate.reports],
    }
    return safe(json.dumps(document, indent=2))


def _reason(reason: Reason) -> Json:
    check = reason.result.check
    return {
        "code": check.code,
        "name": check.name,
        "area": check.area,
        "subject": reason.subject,
        "message": reason.message,
        "touches": list(reason.touches),
        "reach": reason.reach,
        "references": [str(reference) for reference in check.references],
        "findings": [finding_json(finding) for finding in reason.result.findings],
        "waiver": waiver_json(reason.result),
    }


def _waived(subject: str, result: Result) -> Json:
    assert result.waiver is not None
    return {
        "code": result.check.code,
        "name": result.check.name,
        "subject": subject,
        "message": result.message,
        "reason": result.waiver.reason,
        "until": result.waiver.until.isoformat(),
    }


def _standing(standing: Standing) -> Json:
    """What became of an earlier answer; ``holds`` is null where that could not be found out."""
    earlier = standing.earlier
    return {
        "answer": earlier.answer,
        "decided": earlier.decided.isoformat(),
        "valid_until": earlier.until.isoformat(),
        "holds": standing.holds,
        "sentence": still_holds(standing),
        "is_over": standing.is_over,
        "changed": list(standing.given),
        "changed_dns": list(standing.dns),
        "unasked_dns": list(standing.unasked),
    }
