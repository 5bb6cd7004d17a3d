"""The zone's name servers have different serial numbers.

## Why it matters
A change has not reached all of them. Some DNS hosts number each server's copy on their own; then it means nothing as
long as the answers are the same.

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
ns2  A   11.0.3.53
mx1  A   11.0.1.25
'''

[[servers]]
address = "11.0.2.53"

[[servers]]
address = "11.0.3.53"
serial = 2
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
- RFC 1034 §4.3.5: the serial number tells a secondary server that its copy is old.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import answer_evidence, uncompared
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("NS005", severity=Severity.NOTE, references=(rfc(1034, "4.3.5"),), since="0.1")
def serials_differ(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """More than one serial number among the servers that answer for the zone."""
    yield from uncompared(zone)
    serials = sorted({str(word.serial) for word in zone.good})
    if len(serials) > 1:
        yield Finding(
            f"the name servers of {zone.zone} have the serial numbers {listed(serials)}",
            tuple(answer_evidence(word.address, word.soa) for word in zone.good),
            Fix("nothing, if the answers are the same; else see why the zone does not reach every server"),
        )
