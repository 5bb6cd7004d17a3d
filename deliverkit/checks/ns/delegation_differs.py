"""The parent zone names other name servers than the zone itself.

## Why it matters
Resolvers start from the parent's list and may go on with the zone's own. A server that only one of the two names is
often forgotten when the zone changes, and then answers with old records.

## Example
```world
target = "good.example"
authoritative = true
delegations = { "good.example" = ["ns1.good.example", "ns9.good.example"] }

[[zones]]
origin = "good.example"
text = '''
@    NS  ns1
@    NS  ns2
@    MX  10 mx1
ns1  A   11.0.2.53
ns2  A   11.0.3.53
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"

[[servers]]
address = "11.0.3.53"
```

## Use instead
```world
target = "good.example"
authoritative = true

[[zones]]
origin = "good.example"
text = '''
@    NS  ns1
@    NS  ns2
@    MX  10 mx1
ns1  A   11.0.2.53
ns2  A   11.0.3.53
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"

[[servers]]
address = "11.0.3.53"
```

## References
- RFC 1034 §4.2.2: the NS records on both sides of a zone cut should be the same.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import ResourceRecord


@check("NS006", severity=Severity.WARNING, references=(rfc(1034, "4.2.2"),), since="0.1")
def delegation_differs(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """The two sets of NS names are not the same."""
    if isinstance(zone.delegation, Absent):
        yield zone.delegation
        return
    if not zone.apex.answer.records:
        yield unknown(zone.apex.failure or f"{zone.zone} publishes no NS records")
        return
    parent = [server.host for server in zone.servers if server.in_parent and not server.in_zone]
    own = [server.host for server in zone.servers if server.in_zone and not server.in_parent]
    if parent or own:
        yield Finding(
            f"the zone above {zone.zone} names other name servers than {zone.zone} itself: {_both(parent, own)}",
            (
                *_evidence(zone.delegation.referral, "the parent"),
                *_evidence(zone.apex.answer.records, "the zone"),
            ),
            Fix("name the same servers at the registrar and in the zone"),
        )


def _evidence(records: Iterable[ResourceRecord], who: str) -> Iterator[Evidence]:
    """The NS records, in an order of their own: servers shuffle them."""
    yield from (
        Evidence(line, None, who) for line in sorted(str(record) for record in records if record.rdtype == "NS")
    )


def _both(parent: list[str], own: list[str]) -> str:
    parts = [f"{listed(hosts)} only {where}" for hosts, where in ((parent, "above"), (own, "in the zone")) if hosts]
    return ", ".join(parts)
