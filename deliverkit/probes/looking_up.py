"""The question that most probes ask."""

from __future__ import annotations

from deliverkit.facts import Lookup
from deliverkit.observations import Resolver, Status


async def look_up(resolver: Resolver, name: str, rdtype: str) -> Lookup:
    """The answer; after SERVFAIL asked once more with checking disabled, to tell DNSSEC from a dead server."""
    answer = await resolver.query(name, rdtype)
    if answer.status is not Status.SERVFAIL:
        return Lookup(answer)
    return Lookup(answer, await resolver.query(name, rdtype, checking_disabled=True))
