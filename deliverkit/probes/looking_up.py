"""The question that most probes ask, and the control before the blame."""

from __future__ import annotations

from functools import partial
from typing import TypeVar

from deliverkit.clients.trace import together
from deliverkit.facts import DomainLookup, Lookup
from deliverkit.observations import Resolver, ResourceRecord, Status
from deliverkit.probes.made_up import made_up_label
from deliverkit.standards.txt import text_of

F = TypeVar("F", bound=DomainLookup)
MAX_TEXTS = 32  # of a name that are read


async def look_up(resolver: Resolver, name: str, rdtype: str) -> Lookup:
    """The answer; after SERVFAIL asked once more with checking disabled, to tell DNSSEC from a dead server."""
    answer = await resolver.query(name, rdtype)
    if answer.status is not Status.SERVFAIL:
        return Lookup(answer)
    return Lookup(answer, await resolver.query(name, rdtype, checking_disabled=True))


async def look_up_own(kind: type[F], domain: str, rdtype: str, resolver: Resolver) -> F:
    """The answer for a domain's own records as a fact of that kind, the zone's apex, and what a failure means."""
    lookup, soa = await together(partial(look_up, resolver, domain, asked) for asked in (rdtype, "SOA"))
    zone = soa.answer.zone or lookup.answer.zone
    return kind(domain, lookup, zone, resolver_fails=await _resolver_fails(resolver, lookup))


def texts_of(lookup: Lookup) -> list[tuple[ResourceRecord, str]]:
    """The first TXT records, each with the text that its strings make, in one order: servers shuffle them."""
    records = sorted(lookup.answer.records, key=lambda record: record.data)[:MAX_TEXTS]
    return [(record, text_of(record.data)) for record in records]


async def _resolver_fails(resolver: Resolver, lookup: Lookup) -> bool:
    """Whether a resolver that has no answer has none for an unrelated name either.

    The name is one that does not exist and that nobody has asked for before: the resolver has to go and see, and
    to come back with a denial as it should be. Captive portals, filters and resolvers without an uplink do not.
    """
    answer = lookup.answer
    if not answer.is_bare_denial and (answer.status is not Status.SERVFAIL or lookup.is_bogus):
        return False
    control = await resolver.query(f"{made_up_label(answer.name)}.com", "SOA")
    return control.status is not Status.NXDOMAIN or control.is_bare_denial
