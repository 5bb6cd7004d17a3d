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
from deliverkit.standards.tls.suites import BY_NUMBER, suite_name

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
    return [_version(one, has_ciphers=found.has_ciphers) for host in found.hosts for one in host]


def _version(tried: TlsVersion, *, has_ciphers: bool) -> Json:
    """``spoken`` is null where it is not known; ``outcome`` tells a refusal in TLS from a connection that closed.

    ``ciphers`` are in the order in which the host takes them; null where they were not asked for.
    """
    answer = tried.conversation.transcript.hello
    return {
        "endpoint": tried.conversation.host.endpoint,
        "version": tried.version,
        "spoken": tried.is_spoken,
        "outcome": str(tried.spoken),
        "cipher": suite_name(tried.suites[0]) if tried.is_spoken else None,
        "failure": answer.failure or None if answer else None,
        "ciphers": [_suite(number) for number in tried.suites] if has_ciphers else None,
        "ciphers_whole": tried.is_whole if has_ciphers and tried.is_spoken else None,
        "ciphers_order": str(tried.order) if has_ciphers and tried.is_spoken else None,
    }


def _suite(number: int) -> Json:
    """A suite of those that the host takes; null is what does not follow from a name that is not known."""
    suite = BY_NUMBER.get(number)
    return {
        "number": f"0x{number:04X}",
        "name": suite.name if suite else None,
        "weak": list(suite.weaknesses) if suite else None,
        "authenticated": suite.is_authenticated if suite else None,
        "forward_secrecy": suite.has_forward_secrecy if suite else None,
        "aead": suite.is_aead if suite else None,
    }


def _ruling(ruling: Ruling | Absent) -> Json:
    """``does`` is null where it is not known, or the standard does not matter here."""
    if isinstance(ruling, Absent):
        return {"does": None, "reason": ruling.reason, "fault": None}
    fault = str(ruling.fault)
    return {"does": str(ruling.does), "reason": ruling.reason, "fault": None if fault == "none" else fault}
