"""The key ``spf`` of the JSON schema."""

from __future__ import annotations

from deliverkit.checks.spf.departures import disagreement
from deliverkit.facts.spf import SenderTest, SenderTests, SpfHosts, SpfRecord
from deliverkit.facts.spf_networks import Permitted, overlaps, permitted
from deliverkit.render.spf_tables import MOST_ROWS, addresses, rows_of
from deliverkit.report import Report
from deliverkit.standards.spf.trace import Evaluation

Json = dict[str, object]


def spf(report: Report) -> Json | None:
    """The record, its tree, the networks and the senders; null where there is no one record, or it is not known."""
    record, hosts = report.fact(SpfRecord), report.fact(SpfHosts)
    if not isinstance(record, SpfRecord) or not isinstance(hosts, SpfHosts):
        return None
    ipv4, ipv6 = addresses(hosts)
    senders = report.fact(SenderTests)
    return {
        "record": record.record.text,
        "lookups_worst_case": hosts.tree.cost(record.domain),
        "terms": [
            {
                "level": row.level,
                "record_of": row.owner,
                "term": row.term,
                "lookups": row.cost,
                "running": row.running,
                "void_running": row.voids,
                "owner": row.service or None,
                "note": row.note,
            }
            for row in rows_of(hosts)[: MOST_ROWS * 10]
        ],
        "networks": [_network(found) for found in permitted(hosts)],
        "flattened": [str(network) for network in (*ipv4, *ipv6)],
        "ipv4_addresses": sum(network.num_addresses for network in ipv4),
        "overlaps": [
            {**_network(found.inner), "within": _network(found.outer)} for found in overlaps(hosts)[: MOST_ROWS * 10]
        ],
        "senders": [_sender(test) for test in (senders.tests if isinstance(senders, SenderTests) else ())],
    }


def _network(found: Permitted) -> Json:
    return {"network": str(found.network), "record_of": found.owner, "term": found.term.text}


def _sender(test: SenderTest) -> Json:
    return {
        "address": str(test.client.address),
        "mail_from": test.client.sender,
        "helo": test.client.helo,
        **_evaluation(test.evaluation),
        "second_opinion": test.second_opinion.result if test.second_opinion else None,
        "second_opinion_differs": disagreement(test) or None,
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
