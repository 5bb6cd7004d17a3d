"""What the DNS, and the policy behind it, say of TLS to a domain's hosts: record by record, with what DNSSEC says."""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import END_WORDS
from deliverkit.checks.smtp.wording import bounded
from deliverkit.checks.wording import count, format_duration
from deliverkit.facts.dane import DaneHost, DaneHosts, Security, TlsaRecord
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.facts.tlsrpt import TlsRptRecords
from deliverkit.model import Absent, Outcome
from deliverkit.observations import Answer
from deliverkit.observations.https import HttpEnd
from deliverkit.render.tables import Table
from deliverkit.render.text import cut_middle, escape
from deliverkit.report import Report

_ALL = 1000  # digits of a digest, and records of a name: more than anybody reads
_DIGITS = 17
_RECORDS = 4
_SECURITY = {Security.SECURE: "✓ secure", Security.INSECURE: "– not signed", Security.UNKNOWN: "? cannot tell"}
_LEGEND = "DANE counts where MX, addresses and TLSA are all secure"
Row = tuple[str, str, str, str]


def dns_side(report: Report) -> Table:
    """All that was published, whole."""
    return _table(report, digits=_ALL, most=_ALL)


def dns_side_in_short(report: Report) -> Table:
    """The same with long digests cut, and the first records of a name."""
    return _table(report, digits=_DIGITS, most=_RECORDS)


def _table(report: Report, *, digits: int, most: int) -> Table:
    dane = report.fact(DaneHosts)
    rows = [*(_dane(dane, digits, most) if isinstance(dane, DaneHosts) else ()), *_policy(report), *_reports(report)]
    return Table(("record", "at", "DNSSEC", "says"), tuple(rows), _legend(dane) if isinstance(dane, DaneHosts) else "")


def _legend(found: DaneHosts) -> str:
    if _is_unasked(found):
        return "DNSSEC was not looked at: no TLSA record is there for it to protect"
    return f"{_LEGEND}{f'; {escape(found.doubt)}' if found.doubt else ''}"


def _is_unasked(found: DaneHosts) -> bool:
    """Whether nobody asked what DNSSEC says, because it does not matter."""
    return found.validation is None and not found.protected


def _dnssec(found: DaneHosts, answer: Answer) -> str:
    return "–" if _is_unasked(found) else _SECURITY[found.security_of(answer)]


def _dane(found: DaneHosts, digits: int, most: int) -> Iterator[Row]:
    """The way to the TLSA records (RFC 7672 §2.2): MX, addresses, TLSA."""
    if found.mx is not None:
        texts = sorted((record.data.removesuffix(".") for record in found.mx.records), key=_preference)
        yield "MX", escape(found.domain), _dnssec(found, found.mx), _says(found.mx, texts)
    for host in found.hosts:
        yield from () if _is_unasked(found) else _addresses(found, host)
        answer = host.tlsa.answer
        says = [_tlsa(record, digits) for record in host.records]
        more = [f"and {len(says) - most} more (-v shows them)"] if len(says) > most else []
        place = escape(answer.name), _dnssec(found, answer)
        for number, text in enumerate([*says[:most], *more] or [_says(answer, [])]):
            yield ("TLSA", *place, text) if number == 0 else ("", "", "", text)
    if found.left_out:
        yield "", "", "", f"– and {count(found.left_out, 'exchanger')} more"


def _preference(text: str) -> tuple[int, str]:
    """In sending order (RFC 5321 §5.1)."""
    number = text.partition(" ")[0]
    return int(number) if number.isdecimal() else 0, text


def _addresses(found: DaneHosts, host: DaneHost) -> Iterator[Row]:
    for lookup in (host.ipv4, host.ipv6):
        answer = lookup.answer
        if answer.records or answer.aliases or not answer.status.is_definite:
            says = _says(answer, [record.data for record in answer.records])
            yield answer.rdtype, escape(host.host), _dnssec(found, answer), says


def _tlsa(record: TlsaRecord, digits: int) -> str:
    """Parameters and digest; why nobody can act on it, where that is so."""
    tlsa = record.tlsa
    if tlsa.malformed:
        return escape(f"{bounded(tlsa.text)} ({tlsa.malformed})")
    unusable = "" if tlsa.is_usable else f" ({tlsa.usage_word}: not for SMTP)"  # RFC 7672 §3.1.3
    return f"{tlsa.parameters} {cut_middle(tlsa.data.hex(), digits)}{unusable}"


def _says(answer: Answer, texts: list[str]) -> str:
    if texts:
        return escape(bounded(", ".join(texts)))
    return "none" if answer.status.is_definite else f"? {answer.status}"


def _policy(report: Report) -> Iterator[Row]:
    """The MTA-STS record and its policy (RFC 8461 §3.1, §3.2)."""
    records, found = report.fact(MtaStsRecords), report.fact(MtaStsPolicy)
    if isinstance(records, Absent):
        yield from _untold("MTA-STS", records)
        return
    name = escape(f"_mta-sts.{records.domain}")
    for text in records.texts:
        yield "MTA-STS", name, "", escape(bounded(text.text))
    if not records.texts:
        yield "MTA-STS", name, "", "none"
    if isinstance(found, MtaStsPolicy) and (found.exchange is not None or records.texts):
        yield "policy", escape(f"mta-sts.{found.domain}"), "", policy_words(found)


def policy_words(found: MtaStsPolicy) -> str:
    """The policy's values in a line, or what came in its place."""
    policy, exchange = found.policy, found.exchange
    if found.failure:
        return f"? {escape(bounded(found.failure))}"
    if exchange is None:
        return "none: its host has no address"
    if policy is None:
        if exchange.end is not HttpEnd.DONE:
            return f"none: {END_WORDS[exchange.end]}"
        where = f", and to look at {exchange.location}" if exchange.location else ""
        return escape(bounded(f"none: the web server says {exchange.code}{where}"))
    age = "" if policy.max_age is None else f"max_age {policy.max_age} ({format_duration(policy.max_age)})"
    names = f"mx {', '.join(policy.patterns)}" if policy.patterns else ""
    values = "; ".join(part for part in (f"mode {policy.mode}" if policy.mode else "", age, names) if part)
    unusable = "" if policy.is_valid else f" (not usable: {policy.fatal[0].reason})"
    return escape(bounded(f"{values}{unusable}".strip()))


def _reports(report: Report) -> Iterator[Row]:
    """The TLS-RPT record (RFC 8460 §3)."""
    records = report.fact(TlsRptRecords)
    if isinstance(records, Absent):
        yield from _untold("TLS-RPT", records)
        return
    for says in [escape(bounded(text.text)) for text in records.texts] or ["none"]:
        yield "TLS-RPT", escape(f"_smtp._tls.{records.domain}"), "", says


def _untold(record: str, why: Absent) -> Iterator[Row]:
    if why.outcome is Outcome.UNKNOWN:
        yield record, "", "", f"? {escape(bounded(why.reason))}"
