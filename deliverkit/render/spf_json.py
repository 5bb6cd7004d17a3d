"""The key ``spf`` of the JSON schema."""

from __future__ import annotations

from deliverkit.facts.spf import SenderTest, SenderTests, SpfHosts, SpfRecord, SpfTree, permitted
from deliverkit.render.spf import MOST_ROWS, rows_of
from deliverkit.report import Report
from deliverkit.standards.spf.trace import Evaluation

Json = dict[str, object]


def spf(report: Report) -> Json | None:
    """The record, its tree, the networks and the senders; null where there is no one record, or it is not known."""
    record, tree, hosts = report.fact(SpfRecord), report.fact(SpfTree), report.fact(SpfHosts)
    if not isinstance(record, SpfRecord) or not isinstance(tree, SpfTree):
        return None
    senders = report.fact(SenderTests)
    return {
        "record": record.record.text,
        "lookups_worst_case": tree.cost(record.domain),
        "terms": [
            {
                "level": row.level,
                "record_of": row.owner,
                "term": row.term,
                "lookups": row.cost,
                "running": row.running,
                "note": row.note,
            }
            for row in rows_of(tree)[: MOST_ROWS * 10]
        ],
        "networks": [
            {"network": str(found.network), "record_of": found.owner, "term": found.term.text}
            for found in (permitted(hosts) if isinstance(hosts, SpfHosts) else ())
        ],
        "senders": [_sender(test) for test in (senders.tests if isinstance(senders, SenderTests) else ())],
    }


def _sender(test: SenderTest) -> Json:
    return {
        "address": str(test.client.address),
        "mail_from": test.client.sender,
        "helo": test.client.helo,
        **_evaluation(test.evaluation),
        "second_opinion": test.second_opinion,
        "helo_result": str(test.helo.result) if test.helo else None,
    }


def _evaluation(found: Evaluation) -> Json:
    return {
        "result": str(found.result),
        "why": found.why,
        "lookups": found.lookups,
        "void_lookups": found.voids,
        "explanation": found.explanation,
        "steps": [
            {
                "level": step.level,
                "record_of": step.domain,
                "term": step.term.text,
                "target": step.target,
                "matched": step.matched,
                "why": step.why,
            }
            for step in found.steps
        ],
    }
