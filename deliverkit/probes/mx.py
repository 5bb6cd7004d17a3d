"""What the DNS says of how a domain receives mail.

The chain is MX, then addresses, then reverse names, then their addresses; all lookups that do not depend on
each other start at once.
"""

from __future__ import annotations

from functools import partial
from itertools import chain, islice

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import (
    HostAddress,
    Lookup,
    MailHost,
    MailHosts,
    MisplacedMx,
    MxLookup,
    MxSet,
    WebHosts,
    WildcardMx,
    addresses_of,
)
from deliverkit.knowledge.providers import provider_of
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Answer, Resolver, ResourceRecord, Status
from deliverkit.probes.looking_up import look_up, look_up_own
from deliverkit.probes.made_up import made_up_label
from deliverkit.probes.reversing import reverse_name_of
from deliverkit.standards.addresses import Address, is_synthesized
from deliverkit.standards.mx import ExchangeForm, form_of, parse_mx, sending_order

# A hostile zone may name hundreds of hosts with hundreds of addresses: no sender tries more than these.
MAX_RECORDS = 256
MAX_HOSTS = 32
MAX_ADDRESSES = 32


async def learn_mx_lookup(domain: str, clients: Clients) -> MxLookup:
    """The answer to the question for MX, the zone's apex, and what a failure means."""
    return await look_up_own(MxLookup, domain, "MX", clients.resolver)


async def learn_mx_set(domain: str, clients: Clients, found: MxLookup) -> MxSet | Absent:  # noqa: ARG001
    """The MX records that the domain publishes; Absent where that is not known, or there is no such domain."""
    if found.failure:
        return unknown(found.failure)
    answer = found.lookup.answer
    if answer.status is Status.NXDOMAIN:
        return not_applicable(f"{domain} does not exist")
    found_records = [(parsed, record) for record in answer.records[:MAX_RECORDS] if (parsed := parse_mx(record.data))]
    pairs = sorted(found_records, key=lambda pair: (pair[0].preference, pair[0].exchange))  # servers shuffle them
    records = tuple(parsed for parsed, _ in pairs)
    return MxSet(
        domain=domain,
        zone=found.zone,
        answer=answer,
        records=records,
        resource_records=tuple(record for _, record in pairs),
        order=sending_order(records),
        left_out=max(0, len(answer.records) - MAX_RECORDS),
    )


async def learn_mail_hosts(domain: str, clients: Clients, mx: MxSet) -> MailHosts | Absent:
    """The hosts that a sender would try; Absent where the domain takes no mail."""
    if mx.is_null:
        return not_applicable(f"{domain} takes no mail (null MX)")
    exchanges = chain.from_iterable(group.exchanges for group in mx.order)
    named = [exchange for exchange in exchanges if form_of(exchange) is not ExchangeForm.ADDRESS]
    names = named if mx.records else [domain]  # RFC 5321 §5.1: no MX, so the domain itself
    hosts = await together(partial(_learn_host, clients.resolver, name) for name in names[:MAX_HOSTS])
    return MailHosts(mx=mx, hosts=tuple(hosts), is_implicit=not mx.records, left_out=max(0, len(names) - MAX_HOSTS))


async def learn_wildcard_mx(domain: str, clients: Clients) -> WildcardMx:
    """What a name below the domain that nobody made answers to MX."""
    lookup = await look_up(clients.resolver, f"{made_up_label(domain)}.{domain}", "MX")
    return WildcardMx(lookup=lookup, records=lookup.answer.records)


async def learn_web_hosts(domain: str, clients: Clients) -> WebHosts:
    """The addresses of the domain and of its www name."""
    lookups = await together(
        partial(look_up, clients.resolver, name, rdtype)
        for name in (domain, f"www.{domain}")
        for rdtype in ("A", "AAAA")
    )
    records = chain.from_iterable(lookup.answer.records for lookup in lookups)
    return WebHosts(addresses=tuple(records), lookups=tuple(lookups))


async def learn_misplaced_mx(domain: str, clients: Clients, mx: MxSet) -> MisplacedMx:
    """MX records at the doubled name and at ``www``; only asked for where the domain has none."""
    if mx.records:
        return MisplacedMx(records=(), lookups=())
    places = (f"{domain}.{domain}", f"www.{domain}")
    lookups = await together(partial(look_up, clients.resolver, place, "MX") for place in places)
    own = chain.from_iterable(lookup.answer.records for lookup in lookups if not lookup.answer.aliases)
    return MisplacedMx(records=tuple(own), lookups=tuple(lookups))


async def _learn_host(resolver: Resolver, host: str) -> MailHost:
    (ipv4, in_ipv4), (ipv6, in_ipv6) = await together(
        partial(_learn_addresses, resolver, host, rdtype) for rdtype in ("A", "AAAA")
    )
    end = _canonical_name(ipv4.answer) or _canonical_name(ipv6.answer) or host
    return MailHost(
        host=host,
        ipv4=ipv4,
        ipv6=ipv6,
        addresses=(*in_ipv4, *in_ipv6),
        provider=provider_of(host) or provider_of(end),
        left_out=sum(max(0, len(lookup.answer.records) - MAX_ADDRESSES) for lookup in (ipv4, ipv6)),
    )


def _canonical_name(answer: Answer) -> str:
    return answer.aliases[-1].data.removesuffix(".").lower() if answer.aliases else ""


async def _learn_addresses(resolver: Resolver, host: str, rdtype: str) -> tuple[Lookup, list[HostAddress]]:
    lookup = await look_up(resolver, host, rdtype)
    published = (pair for pair in addresses_of(lookup) if not is_synthesized(pair[0]))
    found = sorted(islice(published, MAX_ADDRESSES), key=lambda pair: int(pair[0]))  # servers shuffle them
    return lookup, await together(partial(_learn_address, resolver, address, record) for address, record in found)


async def _learn_address(resolver: Resolver, address: Address, record: ResourceRecord) -> HostAddress:
    return HostAddress(address, record, await reverse_name_of(resolver, address))
