"""A name server of the zone has no address that the internet reaches.

## Why it matters
It can never be asked. Resolvers lose time on it, and the zone has a server less than it seems to.

## Example
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
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"
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
- RFC 1912 §2.8: NS records name hosts that are there.
- RFC 1918 §3: private addresses mean nothing outside their network.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check("NS007", severity=Severity.WARNING, references=(rfc(1912, "2.8"), rfc(1918, "3")), since="0.1")
def server_without_address(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """Neither the DNS nor the delegation has an address for it, or only private ones."""
    for server in zone.servers:
        failures = [lookup.failure for lookup in server.lookups if lookup.failure]
        if server.addresses or (failures and not server.unroutable):
            yield from map(unknown, [] if server.addresses else failures)
            continue
        records = [record for lookup in server.lookups for record in lookup.answer.records]
        why = "has only addresses that the internet does not reach" if server.unroutable else "has no address"
        yield Finding(
            f"the name server {server.host} {why}",
            tuple(Evidence(str(record)) for record in records),
            Fix(f"publish an address for {server.host}, or take it out of the NS records and of the delegation"),
        )
