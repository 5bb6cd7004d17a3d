"""What the DNS says of a domain's DMARC policy. All names of the tree walk are asked for at once."""

from __future__ import annotations

from functools import partial
from itertools import chain

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Lookup, MxLookup
from deliverkit.facts.dmarc import (
    DmarcDiscovery,
    DmarcLookup,
    DmarcText,
    MisplacedDmarc,
    ReportDestination,
    ReportDestinations,
)
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Resolver, Status
from deliverkit.probes.appended import appended_zones
from deliverkit.probes.looking_up import look_up, texts_of
from deliverkit.standards.dmarc.addresses import ReportAddress
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import looks_like_dmarc
from deliverkit.standards.dmarc.tree_walk import TreeWalk, names_of_walk
from deliverkit.standards.names import is_within

# A hostile zone may hold hundreds of records, and name hundreds of addresses in each.
MAX_DESTINATIONS = 16


async def learn_dmarc_lookup(domain: str, clients: Clients) -> DmarcLookup:
    """The answers for every name of the walk; a name above an end of the walk is asked for in vain."""
    names = names_of_walk(domain)
    found = await together(partial(look_up, clients.resolver, f"_dmarc.{name}", "TXT") for name in names)
    return DmarcLookup(domain, dict(zip(names, found, strict=True)))


async def learn_dmarc_discovery(
    domain: str,
    clients: Clients,  # noqa: ARG001 - every probe has them
    found: DmarcLookup,
    mx: MxLookup,
) -> DmarcDiscovery | Absent:
    """The walk over the answers; Absent where one that it needs is not known."""
    if mx.resolver_fails:
        return unknown(mx.failure)
    walk = TreeWalk(domain)
    texts: dict[str, tuple[DmarcText, ...]] = {}
    while (name := walk.next_name) is not None:
        lookup = found.lookups[name]
        if lookup.failure and lookup.answer.status is not Status.ILLEGAL:  # at a name too long for the DNS is nothing
            return unknown(lookup.failure)
        texts[name] = dmarc_texts(lookup)
        walk = walk.take([text.text for text in texts[name]])
    answered = {name: lookup for name, lookup in found.lookups.items() if not lookup.failure}
    above = {name: dmarc_texts(lookup) for name, lookup in answered.items() if name not in texts}
    exists = mx.lookup.answer.status is not Status.NXDOMAIN
    return DmarcDiscovery(domain, mx.zone, exists, walk, texts | above)


async def learn_report_destinations(
    domain: str,
    clients: Clients,
    found: DmarcDiscovery,
) -> ReportDestinations | Absent:
    """Whether each address for reports may get them, and whether its domain takes mail."""
    published = found.published
    if published is None:
        return not_applicable(f"no DMARC record applies to {domain}")
    record = published.record
    wanted = [("rua", address) for address in record.valid_rua] + [("ruf", address) for address in record.valid_ruf]
    kept = wanted[:MAX_DESTINATIONS]
    destinations = await together(partial(_learn_destination, clients.resolver, found, *pair) for pair in kept)
    return ReportDestinations(found.policy_domain, tuple(destinations), max(0, len(wanted) - MAX_DESTINATIONS))


async def learn_misplaced_dmarc(domain: str, clients: Clients, found: DmarcDiscovery) -> MisplacedDmarc:
    """DMARC records at the domain itself, at ``dmarc.`` without underscore, and where a form appended the zone."""
    if any(looks_like_dmarc(text.text) for text in found.texts[domain]):
        return MisplacedDmarc((), ())
    doubled = (f"_dmarc.{domain}.{zone}" for zone in appended_zones(domain, found.zone))
    places = (domain, f"dmarc.{domain}", *doubled)
    lookups = await together(partial(look_up, clients.resolver, place, "TXT") for place in places)
    own = chain.from_iterable(dmarc_texts(lookup) for lookup in lookups if not lookup.answer.aliases)
    return MisplacedDmarc(tuple(text for text in own if looks_like_dmarc(text.text)), tuple(lookups))


async def _learn_destination(
    resolver: Resolver, found: DmarcDiscovery, tag: str, address: ReportAddress
) -> ReportDestination:
    # RFC 9990 §4: no leave is needed within the Organizational Domain of the policy's domain
    own = found.policy_domain if found.is_inherited else found.walk.organizational_domain
    is_external = not is_within(address.domain, own)
    name = f"{found.policy_domain}._report._dmarc.{address.domain}" if is_external else ""
    asked = [(address.domain, "MX"), *([(name, "TXT")] if is_external else [])]
    mx, *leave = await together(partial(look_up, resolver, *question) for question in asked)
    return ReportDestination(
        tag=tag,
        address=address,
        authorization=leave[0] if leave else None,
        authorization_name=name,
        mx=mx,
        hosts=await _learn_hosts(resolver, address.domain, mx),
        # RFC 9990 §4: any record that begins with the version, a wildcard's too
        is_authorized=not leave or any(parse(text.text).is_record for text in dmarc_texts(leave[0])),
    )


async def _learn_hosts(resolver: Resolver, domain: str, mx: Lookup) -> tuple[Lookup, ...]:
    """The domain's own addresses, which take its mail where there is no MX (RFC 5321 §5.1)."""
    if mx.answer.status is not Status.NODATA:
        return ()
    return tuple(await together(partial(look_up, resolver, domain, rdtype) for rdtype in ("A", "AAAA")))


def dmarc_texts(lookup: Lookup) -> tuple[DmarcText, ...]:
    """The texts of the first TXT records, in one order."""
    return tuple(DmarcText(record, text) for record, text in texts_of(lookup))
