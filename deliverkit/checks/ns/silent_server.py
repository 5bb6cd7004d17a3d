"""A name server of the zone does not answer at all.

## Why it matters
Resolvers lose seconds each time they ask it, and some give up: mail is slow or deferred now and then. If the others
go too, the domain is gone.

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
do = "silent"
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
- RFC 2182 §3: a zone has several servers so that one may fail; one that always does is none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import uncompared, unreachable, word_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("NS003", severity=Severity.WARNING, references=(rfc(2182, "3"),), since="0.1")
def silent_server(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """No answer to any question, while this machine reaches other servers over the same version of IP."""
    yield from uncompared(zone)
    yield from unreachable(zone)
    for word in zone.words if zone.good else ():
        if word.is_silent and word.is_reachable:
            yield Finding(
                f"{word} does not answer",
                (word_evidence(word),),
                Fix(f"bring {word.host} up and let UDP and TCP port 53 in, or take it out of the NS records"),
            )
