"""Facts built by hand, in the shape that the probes give them, and what a check makes of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from ipaddress import ip_address
from itertools import pairwise

from deliverkit.facts import (
    Expectations,
    HostAddress,
    Lookup,
    MailHost,
    MailHosts,
    MxLookup,
    MxSet,
    ReverseName,
    WebHosts,
    WildcardMx,
    addresses_of,
)
from deliverkit.knowledge.providers import provider_of
from deliverkit.model import Absent, Check, Evidence, Finding, Fix, Result, not_applicable
from deliverkit.observations import Answer, ExtendedError, ResourceRecord, Status
from deliverkit.profiles import choose
from deliverkit.run import judge
from deliverkit.standards.addresses import unroutable_kind
from deliverkit.standards.mx import parse_mx, sending_order

DOMAIN = "good.example"
TTL = 3600
SILENT = (Status.TIMEOUT, Status.REFUSED)  # answers that say nothing of what is published


def lookup(
    name: str,
    rdtype: str,
    *data: str,
    status: Status = Status.NODATA,
    unchecked: Status | None = None,
    aliases: Iterable[str] = (),
) -> Lookup:
    """The data at the end of the chain of aliases (the data of its CNAMEs); the status where there is none."""
    chain = [name, *aliases]
    end = chain[-1].removesuffix(".").lower()
    answer = Answer(
        name,
        rdtype,
        Status.NOERROR if data else status,
        records=tuple(ResourceRecord(end, rdtype, TTL, text) for text in data),
        aliases=tuple(
            ResourceRecord(owner.removesuffix(".").lower(), "CNAME", TTL, target) for owner, target in pairwise(chain)
        ),
    )
    return Lookup(answer, None if unchecked is None else Answer(name, rdtype, unchecked, checking_disabled=True))


def withheld(found: Lookup) -> Lookup:
    """The same from a resolver that says that it withholds the answer (RFC 8914 §4.16)."""
    return replace(found, answer=found.answer._replace(extended_errors=(ExtendedError(15, ""),)))


def mx_lookup(
    status: Status,
    *,
    unchecked: Status | None = None,
    zone: str | None = None,
    aliases: Iterable[str] = (),
    said: Iterable[ExtendedError] = (),
) -> MxLookup:
    """The question for the MX of the domain; ``said`` are the resolver's own words."""
    found = lookup(DOMAIN, "MX", status=status, unchecked=unchecked, aliases=aliases)
    answer = found.answer._replace(
        soa=ResourceRecord(zone, "SOA", TTL, "ns.example. host.example. 1 7200 900 1209600 300") if zone else None,
        extended_errors=tuple(said),
    )
    return MxLookup(DOMAIN, replace(found, answer=answer), zone)


def verified(found: MxLookup) -> MxLookup:
    """The same from a resolver that says that it checked the signatures (the AD bit)."""
    answer = found.lookup.answer._replace(authenticated=True)
    return replace(found, lookup=replace(found.lookup, answer=answer))


def mx_set(
    *data: str,
    domain: str = DOMAIN,
    zone: str | None = DOMAIN,
    ttl: int = TTL,
    aliases: Iterable[str] = (),
    authoritative: bool = False,
) -> MxSet:
    """The MX records of a domain, from their data; ``authoritative``: as a name server of the zone gives them."""
    answer = lookup(domain, "MX", *data, aliases=aliases).answer
    published = tuple(record._replace(ttl=ttl) for record in answer.records)
    answer = answer._replace(records=published, authoritative=authoritative)
    parsed = [(found, record) for record in answer.records if (found := parse_mx(record.data))]
    pairs = sorted(parsed, key=lambda pair: (pair[0].preference, pair[0].exchange))
    records = tuple(found for found, _ in pairs)
    return MxSet(domain, zone, answer, records, tuple(record for _, record in pairs), sending_order(records))


def host(
    name: str,
    *addresses: str,
    ipv4: Status = Status.NODATA,
    ipv6: Status = Status.NODATA,
    aliases: Iterable[str] = (),
    reverse: Iterable[ReverseName] = (),
) -> MailHost:
    """A host with its addresses, or the status of the question; a reverse name that is not given is confirmed."""
    aliases = tuple(aliases)
    in_ipv4 = lookup(name, "A", *(text for text in addresses if ":" not in text), status=ipv4, aliases=aliases)
    in_ipv6 = lookup(name, "AAAA", *(text for text in addresses if ":" in text), status=ipv6, aliases=aliases)
    given = {found.lookup.answer.name: found for found in reverse}
    found = [pair for question in (in_ipv4, in_ipv6) for pair in addresses_of(question)]
    return MailHost(
        host=name,
        ipv4=in_ipv4,
        ipv6=in_ipv6,
        addresses=tuple(
            HostAddress(address, record, given.get(address.reverse_pointer) or _reverse(str(address), name))
            for address, record in found
        ),
        provider=provider_of(name) or provider_of([name, *aliases][-1].removesuffix(".")),
    )


def _reverse(address: str, name: str) -> ReverseName | Absent:
    kind = unroutable_kind(ip_address(address))
    return (
        not_applicable(f"{address} is a {kind} address")
        if kind
        else reverse_name(address, f"{name}.", confirmed=[name])
    )


def reverse_name(
    address: str,
    *data: str,
    status: Status = Status.NODATA,
    confirmed: Iterable[str] = (),
    unresolved: Iterable[str] = (),
) -> ReverseName:
    """The PTR records of an address, or the status of the question; ``unresolved`` names timed out."""
    return ReverseName(
        lookup(ip_address(address).reverse_pointer, "PTR", *data, status=status),
        names=tuple(text.removesuffix(".").lower() for text in data),
        confirmed=tuple(confirmed),
        unresolved=tuple(lookup(name, "A", status=Status.TIMEOUT) for name in unresolved),
    )


def mail_hosts(*hosts: MailHost, mx: MxSet | None = None) -> MailHosts:
    """The hosts, named by the given MX records; without these at 10, 20 and so on."""
    named = mx or mx_set(*(f"{number * 10} {host.host}." for number, host in enumerate(hosts, 1)))
    return MailHosts(named, hosts, is_implicit=not named.records)


def implicit(
    *addresses: str,
    ipv4: Status = Status.NODATA,
    ipv6: Status = Status.NODATA,
    reverse: Iterable[ReverseName] = (),
) -> MailHosts:
    """The domain itself as its only host, because it has no MX record."""
    return mail_hosts(host(DOMAIN, *addresses, ipv4=ipv4, ipv6=ipv6, reverse=reverse), mx=mx_set())


def wildcard(*data: str, status: Status = Status.NXDOMAIN, aliases: Iterable[str] = ()) -> WildcardMx:
    """What a name below the domain that nobody made answers to MX."""
    found = lookup(f"deliverkit-x.{DOMAIN}", "MX", *data, status=status, aliases=aliases)
    return WildcardMx(found, found.answer.records)


def web_hosts(*addresses: str, name: str = DOMAIN, status: Status = Status.NODATA) -> WebHosts:
    """The addresses of the web site, at the domain itself or at its www name."""
    ipv4 = lookup(name, "A", *(text for text in addresses if ":" not in text), status=status)
    ipv6 = lookup(name, "AAAA", *(text for text in addresses if ":" in text), status=status)
    return WebHosts(ipv4.answer.records + ipv6.answer.records, (ipv4, ipv6))


def judged(check: Check, *facts: object, profile: str = "domain") -> Result:
    """What becomes of the check in the profile."""
    chosen = choose(profile)
    return judge(check, chosen, {Expectations: chosen.expectations, **{type(fact): fact for fact in facts}})


def finding(check: Check, *facts: object, profile: str = "domain") -> Finding:
    """The one fault that the check finds."""
    [found] = judged(check, *facts, profile=profile).findings
    return found


def underlined(evidence: Evidence) -> str:
    """The part of the evidence that is marked."""
    assert evidence.span is not None
    return evidence.text[evidence.span.start : evidence.span.end]


def fix_of(found: Finding) -> Fix:
    """The fix, which has to be there."""
    assert found.fix is not None
    return found.fix


def added(found: Finding) -> list[tuple[str, str]]:
    """The records to publish: the label to type, and the whole line."""
    return [(line.label, str(line)) for line in fix_of(found).add]
