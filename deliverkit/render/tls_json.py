"""The key ``tls`` of schema 1: for each address the six verdicts, kept apart."""

from __future__ import annotations

from deliverkit.checks.tls.wording import verdicts
from deliverkit.facts.ruling import Ruling
from deliverkit.facts.tls import TlsProtocols
from deliverkit.facts.tls_version import TlsVersion
from deliverkit.model import Absent
from deliverkit.render.tls import rulings_of
from deliverkit.render.tls_dns_json import dns
from deliverkit.report import Report

Json = dict[str, object]


def tls(report: Report) -> Json | None:
    """What senders do at the mail hosts, in sending order, and what is published; null where nobody asked either."""
    hosts = [
        {
            "endpoint": one.host.endpoint,
            "host": one.host.name,
            "address": one.host.address,
            **{name: {"good": word.is_good, "words": word.words} for name, word in verdicts(one).by_name.items()},
            "dane_sender": _ruling(dane),
            "mta_sts_sender": _ruling(policy),
        }
        for one, dane, policy in rulings_of(report)
    ]
    published = dns(report)
    is_asked = bool(hosts) or any(part is not None for part in published.values())
    return {"hosts": hosts, "protocols": _protocols(report), "dns": published} if is_asked else None


def _protocols(report: Report) -> list[Json] | None:
    """The versions of TLS that were tried, each alone; null where that was not asked for."""
    found = report.fact(TlsProtocols)
    if not isinstance(found, TlsProtocols):
        return None
    return [_version(one) for host in found.hosts for one in host]


def _version(tried: TlsVersion) -> Json:
    """``spoken`` is null where it is not known; ``outcome`` tells a refusal in TLS from a connection that closed."""
    shake = tried.conversation.transcript.handshake
    return {
        "endpoint": tried.conversation.host.endpoint,
        "version": tried.version,
        "spoken": tried.is_spoken,
        "outcome": str(tried.spoken),
        "cipher": shake.cipher if shake and tried.is_spoken else None,
        "failure": shake.failure or None if shake else None,
    }


def _ruling(ruling: Ruling | Absent) -> Json:
    """``does`` is null where it is not known, or the standard does not matter here."""
    if isinstance(ruling, Absent):
        return {"does": None, "reason": ruling.reason, "fault": None}
    fault = str(ruling.fault)
    return {"does": str(ruling.does), "reason": ruling.reason, "fault": None if fault == "none" else fault}
