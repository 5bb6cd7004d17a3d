"""Phrases and evidence that several checks share, and how much of a finding's is shown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from deliverkit.classes import replace
from deliverkit.facts import HostAddress, MailHost, MailHosts, MxSet, ReverseName
from deliverkit.model import Absent, Evidence, Finding, Fix, Span, ZoneLine, not_applicable, unknown
from deliverkit.observations import ResourceRecord
from deliverkit.standards.addresses import Address, generic_part, unroutable_kind
from deliverkit.standards.names import is_within, relative_label

SHOWN = 3  # names in a phrase before the rest is counted
_DAY, _HOUR, _MINUTE = 86400, 3600, 60
MOST_WORDS = 1000  # characters of a message, a note or what to do
MOST_TEXT = 2000  # of evidence: what a record that works needs is a fraction
MOST_LINE = 6000  # of a line to paste: the name and every octet spelt out of a record of that size
_BEFORE = MOST_TEXT // 4  # what is kept before the part that matters
_TOO_LONG = " (the record is too long to be shown)"


def count(number: int, noun: str) -> str:
    """``1 exchanger``, ``2 exchangers``, ``1 address``, ``2 addresses``, ``1 copy``, ``2 copies``."""
    if number == 1:
        return f"1 {noun}"
    if noun[-1] == "y" and noun[-2] not in "aeiou":
        return f"{number:,} {noun[:-1]}ies"
    return f"{number:,} {noun}es" if noun.endswith(("s", "x")) else f"{number:,} {noun}s"


def every(number: int, noun: str) -> str:
    """``all 3 addresses``, ``both addresses``; ``the address`` of one."""
    whole = count(number, noun)
    return {1: f"the {noun}", 2: f"both {whole.partition(' ')[2]}"}.get(number, f"all {whole}")


def joined(names: Sequence[str]) -> str:
    """All the names: ``a``, ``a and b``, ``a, b and c``."""
    return " and ".join([", ".join(names[:-1]), names[-1]]) if len(names) > 1 else "".join(names)


def listed(names: Sequence[str]) -> str:
    """The first few names, the rest as a number."""
    if len(names) <= SHOWN:
        return joined(names)
    return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"


def format_duration(seconds: float) -> str:
    """A time as people say it: ``128 ms``, ``8 s``, ``1 h``, ``2 d``; the largest unit that says it exactly."""
    if 0 < seconds < 1:
        return f"{seconds * 1000:.0f} ms"
    whole = round(seconds)
    for size, unit in ((_DAY, "d"), (_HOUR, "h"), (_MINUTE, "min")):
        if whole >= size and whole % size == 0:
            return f"{whole // size} {unit}"
    if whole >= _HOUR:
        return f"{whole // _HOUR} h {whole % _HOUR // _MINUTE} min"
    if whole >= _MINUTE:
        return f"{whole // _MINUTE} min {whole % _MINUTE} s"
    return f"{seconds:.1f} s" if seconds < 10 and seconds != whole else f"{whole} s"


def record_evidence(record: ResourceRecord, part: str, note: str) -> Evidence:
    """The record as a zone line, with the part of its data underlined."""
    line = str(record)
    start = line.find(part, len(line) - len(record.data))
    return Evidence(line, Span(start, start + len(part)) if start >= 0 else None, note)


def exchange_evidence(mx: MxSet, exchange: str, note: str) -> tuple[Evidence, ...]:
    """The MX records that name the exchange, with its name underlined."""
    return tuple(
        record_evidence(source, record.text[record.exchange_span.start : record.exchange_span.end], note)
        for record, source in zip(mx.records, mx.resource_records, strict=True)
        if record.exchange == exchange
    )


def exchange_records(mx: MxSet, exchange: str) -> tuple[ResourceRecord, ...]:
    """The MX records that name the exchange."""
    return tuple(
        source for record, source in zip(mx.records, mx.resource_records, strict=True) if record.exchange == exchange
    )


def proposal(mx: MxSet, rdtype: str, data: str, *, name: str | None = None) -> ZoneLine:
    """A record to publish for the name (where the MX stands if none is given), with its label for the zone's form."""
    own = mx.resource_records[0].name if mx.resource_records else mx.domain  # the end of an alias chain
    owner = own if name is None else name
    return ZoneLine(owner, label_in_zone(mx, owner), mx.ttl, rdtype, data)


def label_in_zone(mx: MxSet, name: str) -> str:
    """The label to type at the zone's DNS host; the full name with a dot where the zone is not known."""
    zone = mx.zone
    return relative_label(name, zone) if zone is not None and is_within(name, zone) else f"{name}."


def republished(mx: MxSet, ttl: int) -> tuple[ZoneLine, ...]:
    """The MX records with another TTL."""
    records = mx.resource_records
    return tuple(ZoneLine(r.name, label_in_zone(mx, r.name), ttl, "MX", r.data) for r in records)


def unjudged(hosts: MailHosts) -> Iterator[Absent]:
    """What a check that looks at the addresses of exchangers could not look at."""
    yield from (unknown(failure) for failure in hosts.failures)
    if not hosts.failures and not any(host.addresses for host in hosts.hosts):
        yield not_applicable("no exchanger has an address")


def routable(hosts: MailHosts) -> list[HostAddress]:
    """The addresses of exchangers that the Internet can reach."""
    every = (found for host in hosts.hosts for found in host.addresses)
    return [found for found in every if unroutable_kind(found.address) is None]


def own_machines(hosts: MailHosts) -> tuple[MailHost, ...]:
    """The hosts whose reverse names the customer can do something about: not those of a large provider."""
    return tuple(host for host in hosts.hosts if not host.is_large_provider)


def reversed_addresses(hosts: MailHosts) -> Iterator[tuple[MailHost, HostAddress, ReverseName]]:
    """The addresses whose reverse names are judged, each with its host."""
    for host in () if hosts.is_implicit else own_machines(hosts):
        for found in host.addresses:
            if isinstance(found.reverse, ReverseName) and not found.reverse.lookup.failure:
                yield host, found, found.reverse


def unreversed(hosts: MailHosts) -> Iterator[Absent]:
    """Why others are not: there is no MX, they are not known or special, or a large provider's own."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    yield from unjudged(hosts)
    reverses = [(found.address, found.reverse) for host in own_machines(hosts) for found in host.addresses]
    absent = [reverse for _, reverse in reverses if isinstance(reverse, Absent)]
    if len(absent) == len(reverses):
        yield from absent
    for address, reverse in reverses:
        if isinstance(reverse, ReverseName) and reverse.lookup.failure:
            yield unknown(f"reverse name of {address}: {reverse.lookup.failure}")
    if hosts.hosts and not own_machines(hosts):
        yield not_applicable("the exchangers are a large provider's own machines")


def generic_name(reverse: ReverseName, address: Address) -> str:
    """The first reverse name, where all of them look made up for the address; else empty."""
    is_generic = bool(reverse.names) and all(generic_part(name, address) for name in reverse.names)
    return reverse.names[0] if is_generic else ""


def generic_evidence(reverse: ReverseName, name: str, address: Address) -> Evidence:
    """The PTR record of that name, with the part underlined by which it looks made up."""
    records = reverse.lookup.answer.records
    line = str(next(record for record in records if record.data.lower().startswith(name)))
    at, span = line.lower().rfind(name), generic_part(name, address)
    return Evidence(line, Span(at + span[0], at + span[1]) if span else None, "looks made up for the address")


def lines(records: Sequence[ResourceRecord]) -> tuple[str, ...]:
    """The records as zone lines."""
    return tuple(str(record) for record in records)


def shortened(finding: Finding) -> Finding:
    """The finding, its texts cut where they are longer than anybody reads; a record to paste is whole or not there."""
    return replace(
        finding,
        message=cut(finding.message),
        evidence=tuple(map(_excerpt, finding.evidence)),
        fix=_pasteable(finding.fix) if finding.fix else None,
    )


def cut(text: str) -> str:
    """The text, its middle left out where it is too long."""
    return text if len(text) <= MOST_WORDS else f"{text[: MOST_WORDS // 2]}…{text[-MOST_WORDS // 4 :]}"


def _excerpt(evidence: Evidence) -> Evidence:
    """The evidence with what stands around the part that matters."""
    text, span = evidence.text, evidence.span or Span(0, 0)
    if len(text) <= MOST_TEXT:
        return replace(evidence, note=cut(evidence.note))
    start = max(0, min(span.start - _BEFORE, len(text) - MOST_TEXT))
    end = start + MOST_TEXT
    head, tail = ("…" if start else ""), ("…" if end < len(text) else "")
    shift = len(head) - start
    marked = Span(span.start + shift, min(span.end, end) + shift) if evidence.span else None
    return Evidence(f"{head}{text[start:end]}{tail}", marked, cut(evidence.note))


def _pasteable(fix: Fix) -> Fix:
    if all(len(line) <= MOST_LINE for line in fix.changes):
        return replace(fix, action=cut(fix.action))
    return Fix(cut(fix.action) + _TOO_LONG)
