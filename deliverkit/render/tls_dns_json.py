"""The key ``dns`` of ``tls`` in schema 1: what is published, record by record, and what DNSSEC says of it."""

from __future__ import annotations

from deliverkit.facts.dane import DaneHost, DaneHosts, TlsaRecord
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Absent
from deliverkit.observations import Answer
from deliverkit.report import Report

Json = dict[str, object]


def dns(report: Report) -> Json:
    """Each part null where it does not matter here, or is not known."""
    dane, records = report.fact(DaneHosts), report.fact(MtaStsRecords)
    return {
        "mx": _answer(dane, dane.mx) if isinstance(dane, DaneHosts) and dane.mx else None,
        "hosts": [_host(dane, host) for host in dane.hosts] if isinstance(dane, DaneHosts) else None,
        "dnssec_doubt": (dane.doubt or None) if isinstance(dane, DaneHosts) else None,
        "mta_sts": None if isinstance(records, Absent) else _mta_sts(records, report.fact(MtaStsPolicy)),
        "tls_rpt": _tls_rpt(report.fact(TlsRptRecords)),
    }


def _answer(found: DaneHosts, answer: Answer) -> Json:
    return {
        "name": answer.name,
        "type": answer.rdtype,
        "status": str(answer.status),
        "records": [record.data for record in answer.records],
        "security": str(found.security_of(answer)),
    }


def _host(found: DaneHosts, host: DaneHost) -> Json:
    return {
        "host": host.host,
        "addresses": [_answer(found, lookup.answer) for lookup in (host.ipv4, host.ipv6)],
        "tlsa": {**_answer(found, host.tlsa.answer), "records": [_tlsa(record) for record in host.records]},
        "security": str(found.security(host)),
    }


def _tlsa(record: TlsaRecord) -> Json:
    tlsa = record.tlsa
    return {
        "record": tlsa.text,
        "usage": tlsa.usage,
        "selector": tlsa.selector,
        "matching": tlsa.matching,
        "data": tlsa.data.hex(),
        "usable": tlsa.is_usable,
        "defect": tlsa.malformed or None,
    }


def _mta_sts(records: MtaStsRecords, found: MtaStsPolicy | Absent) -> Json:
    return {
        "name": f"_mta-sts.{records.domain}",
        "records": [text.text for text in records.texts],
        "id": records.valid.record.id or None if records.valid else None,
        "policy": None if isinstance(found, Absent) else _policy(found),
    }


def _policy(found: MtaStsPolicy) -> Json | None:
    """Null where its host has no address, or that is not known."""
    exchange, policy = found.exchange, found.policy
    if exchange is None:
        return None
    return {
        "url": exchange.request.url,
        "end": str(exchange.end),
        "code": exchange.code or None,
        "location": exchange.location or None,
        "mode": str(policy.mode) if policy and policy.mode else None,
        "max_age_s": policy.max_age if policy else None,
        "mx": list(policy.patterns) if policy else [],
        "usable": found.valid is not None,
        "defects": [defect.reason for defect in policy.defects] if policy else [],
    }


def _tls_rpt(found: TlsRptRecords | Absent) -> Json | None:
    if isinstance(found, Absent):
        return None
    return {
        "name": f"_smtp._tls.{found.domain}",
        "records": [text.text for text in found.texts],
        "rua": [uri.text for uri in found.valid.record.uris] if found.valid else [],
    }
