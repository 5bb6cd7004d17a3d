"""JSON, schema 1. This module is the schema: it spells out every key, so that no inner change reaches a reader.

The keys ``smtp``, ``tls``, ``spf``, ``dmarc``, ``placement`` and ``this_machine`` have modules of their own.

Times are in seconds or milliseconds as the key says. Keys may be added under the same number; a key that goes
away or changes its meaning makes a new number.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import accumulate

from deliverkit.difference import Comparison, Difference, Fault
from deliverkit.facts import HostAddress, MailHost, MailHosts, MxSet
from deliverkit.facts.authority import Compared, ServerWord, ZoneServers
from deliverkit.model import Absent, Evidence, Finding, Fix, Result, Verdict
from deliverkit.observations import CHOSEN, Answer, Asked
from deliverkit.render.dkim import dkim_keys
from deliverkit.render.dmarc_json import dmarc
from deliverkit.render.placement_json import placement
from deliverkit.render.resolver_json import this_machine
from deliverkit.render.smtp_json import smtp
from deliverkit.render.spf_json import spf
from deliverkit.render.tls_json import tls
from deliverkit.report import Report, Trace
from deliverkit.standards.names import to_unicode
from deliverkit.version import __version__

SCHEMA = 1
MOST_RECORDS = 16_000  # characters of the records of one answer

Json = dict[str, object]


def render_json(ended: Iterable[tuple[Report, Difference | None]]) -> str:
    """One document with all reports, each with what differs from today where records were proposed."""
    reports = [report_json(report, difference) for report, difference in ended]
    return safe(json.dumps({"schema": SCHEMA, "deliverkit": __version__, "reports": reports}, indent=2))


def render_jsonl(report: Report, difference: Difference | None = None) -> str:
    """One line for one report."""
    return safe(json.dumps({"schema": SCHEMA, "deliverkit": __version__, **report_json(report, difference)}))


def render_comparison_json(found: Comparison) -> str:
    """One document with all differences, and the domains that are in one case alone."""
    return safe(json.dumps({"schema": SCHEMA, "deliverkit": __version__, **differences(found)}, indent=2))


def differences(found: Comparison) -> Json:
    """All differences, and the domains that are in one case alone."""
    return {"differences": [_difference(difference) for difference in found.differences], **_alone(found)}


def render_comparison_jsonl(found: Comparison) -> str:
    """One line for each difference, and one more where domains are in one case alone."""
    lines = [_difference(difference) for difference in found.differences]
    if found.only_before or found.only_after:
        lines.append(_alone(found))
    return safe("\n".join(json.dumps({"schema": SCHEMA, "deliverkit": __version__, **line}) for line in lines))


def safe(text: str) -> str:
    """The JSON text without any control character: it escapes all control characters but one."""
    return text.replace("\x7f", "\\u007f")


def report_json(report: Report, difference: Difference | None = None) -> Json:
    """A report, every key of it."""
    domain = report.target.domain
    return {
        "target": {"domain": domain, "unicode": to_unicode(domain), "given": report.target.given},
        "profile": report.profile,
        "started": report.started.moment.isoformat(),
        "verdict": _verdict(report.overall) if report.overall else None,
        "verdicts": {area: _verdict(verdict) for area, verdict in report.verdicts.items()},
        "results": [_result(result) for result in report.results],
        "mail_hosts": _mail_hosts(report),
        "smtp": smtp(report),
        "tls": tls(report),
        "spf": spf(report),
        "dmarc": dmarc(report),
        "zone_servers": _zone_servers(report),
        "resolvers": _compared(report),
        "dkim_keys": dkim_keys(report),
        "this_machine": this_machine(report),
        "placement": placement(report),
        "trace": _trace(report.trace),
        "difference": _difference(difference) if difference else None,
    }


def _difference(found: Difference) -> Json:
    return {
        "domain": found.domain,
        "records_gone": list(found.records_gone),
        "records_new": list(found.records_new),
        "new": [_fault(fault) for fault in found.new],
        "gone": [_fault(fault) for fault in found.gone],
        "same": [_fault(fault) for fault in found.same],
        "scripts": list(found.scripts) if found.scripts else None,
    }


def _alone(found: Comparison) -> Json:
    return {"only_before": list(found.only_before), "only_after": list(found.only_after)}


def _fault(fault: Fault) -> Json:
    return {"code": fault.code, "name": fault.name, "severity": fault.severity.word, "message": fault.message}


def _verdict(verdict: Verdict) -> Json:
    return {"sentence": verdict.sentence, "way": verdict.way}


def _result(result: Result) -> Json:
    return {
        "code": result.check.code,
        "name": result.check.name,
        "area": result.check.area,
        "severity": result.severity.word,
        "outcome": str(result.outcome),
        "references": [str(reference) for reference in result.check.references],
        "findings": [finding_json(finding) for finding in result.findings],
        "reasons": list(result.reasons),
        "waiver": waiver_json(result),
    }


def waiver_json(result: Result) -> Json | None:
    """The waiver of a fault, be its day over; null without one."""
    waiver = result.waiver
    return {"reason": waiver.reason, "until": waiver.until.isoformat()} if waiver else None


def finding_json(finding: Finding) -> Json:
    """A fault, with what shows it and what mends it."""
    return {
        "message": finding.message,
        "evidence": [_evidence(evidence) for evidence in finding.evidence],
        "fix": _fix(finding.fix) if finding.fix else None,
        "references": [str(reference) for reference in finding.references],
    }


def _evidence(evidence: Evidence) -> Json:
    span = evidence.span
    return {
        "text": evidence.text,
        "start": span.start if span else None,
        "end": span.end if span else None,
        "note": evidence.note,
    }


def _fix(fix: Fix) -> Json:
    return {
        "action": fix.action,
        "remove": list(fix.remove),
        "add": [{"name": r.name, "label": r.label, "ttl_s": r.ttl, "type": r.rdtype, "data": r.data} for r in fix.add],
    }


def _mail_hosts(report: Report) -> Json | None:
    """The exchangers in sending order; null where there is nothing to try or nothing is known."""
    mx, hosts = report.fact(MxSet), report.fact(MailHosts)
    if not isinstance(mx, MxSet) or not isinstance(hosts, MailHosts):
        return None
    preferences = {exchange: group.preference for group in mx.order for exchange in group.exchanges}
    return {
        "is_implicit": hosts.is_implicit,
        "ttl_s": mx.answer.ttl,
        "hosts": [_host(host, preferences.get(host.host)) for host in hosts.hosts],
        "left_out": hosts.left_out,
    }


def _host(host: MailHost, preference: int | None) -> Json:
    provider = host.provider
    return {
        "preference": preference,
        "exchange": host.host,
        "ipv4_status": str(host.ipv4.answer.status),
        "ipv6_status": str(host.ipv6.answer.status),
        "aliases": [str(alias) for alias in host.aliases],
        "addresses": [_address(found) for found in host.addresses],
        "provider": {"name": provider.name, "kind": str(provider.kind)} if provider else None,
    }


def _address(found: HostAddress) -> Json:
    reverse = found.reverse
    if isinstance(reverse, Absent):
        return {
            "address": str(found.address),
            "ttl_s": found.record.ttl,
            "reverse_names": [],
            "confirmed": [],
        }
    return {
        "address": str(found.address),
        "ttl_s": found.record.ttl,
        "reverse_status": str(reverse.lookup.answer.status),
        "reverse_names": list(reverse.names),
        "confirmed": list(reverse.confirmed),
    }


def _zone_servers(report: Report) -> Json | None:
    """The name servers of the domain's zone, each asked itself; null where they were not."""
    zone = report.fact(ZoneServers)
    if not isinstance(zone, ZoneServers):
        return None
    return {
        "zone": zone.zone,
        "servers": [
            {"host": server.host, "in_parent": server.in_parent, "in_zone": server.in_zone} for server in zone.servers
        ],
        "addresses": [
            {
                "host": word.host,
                "address": word.address,
                "standing": _standing(word),
                "serial": word.serial if word.is_good else None,
                "answers": [_said(answer) for answer in word.answers],
            }
            for word in zone.words
        ],
        "left_out": zone.left_out,
    }


def _standing(word: ServerWord) -> str:
    if word.is_good:
        return "good"
    return "silent" if word.is_silent else "lame" if word.is_lame else "unknown"


def _compared(report: Report) -> list[Json] | None:
    """The resolvers that were compared, with their answers; null where none were."""
    compared = report.fact(Compared)
    if not isinstance(compared, Compared):
        return None
    return [{"server": word.server, "answers": [_said(answer) for answer in word.answers]} for word in compared.words]


def _said(answer: Answer) -> Json:
    return {
        "name": answer.name,
        "type": answer.rdtype,
        "status": str(answer.status),
        **_records(answer),
        "lifetime_s": answer.lifetime,
    }


def _records(answer: Answer) -> Json:
    """The records as far as they are of a size that means something; how many follow."""
    every = [str(record) for record in (*answer.aliases, *answer.records)]
    sizes = accumulate(map(len, every))
    shown = sum(size <= MOST_RECORDS for size in sizes)
    return {"records": every[:shown], "records_left_out": len(every) - shown}


def _trace(trace: Trace) -> Json:
    return {
        "queries": len(trace.asked),
        "round_trips": trace.round_trips,
        "elapsed_ms": round(trace.elapsed * 1000, 3),
        "questions": [_asked(asked) for asked in trace.asked],
    }


def _asked(asked: Asked) -> Json:
    answer = asked.answer
    return {
        "name": answer.name,
        "type": answer.rdtype,
        "checking_disabled": answer.checking_disabled,
        "status": str(answer.status),
        **_records(answer),
        "authenticated": answer.authenticated,
        "server": answer.server,
        "asked_itself": answer.at != CHOSEN,
        "round_trip": asked.depth,
        "elapsed_ms": round(answer.elapsed * 1000, 3),
    }
