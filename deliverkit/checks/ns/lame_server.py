"""A name server to which the zone is delegated answers, but not for the zone (lame delegation).

## Why it matters
A resolver that happens to ask this server gets nothing and has to try the next one: lookups are slow, some resolvers
give up, and mail is deferred now and then, in a way that is hard to find.

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
zones = ["other.example"]

[[zones]]
origin = "other.example"
text = "@ NS ns2.good.example."
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
- RFC 1912 §2.8: a server must not be named that does not answer for the zone with authority.
- RFC 9499 §7: what a lame delegation is.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.answers import uncompared, word_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.authority import ZoneServers
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations import Answer


@check("NS002", severity=Severity.WARNING, references=(rfc(1912, "2.8"), rfc(9499, "7")), since="0.1")
def lame_server(zone: ZoneServers) -> Iterator[Finding | Absent]:
    """It answers without the AA bit, refers elsewhere, refuses or fails."""
    yield from uncompared(zone)
    for word in zone.words if zone.good else ():
        if word.is_lame:
            yield Finding(
                f"{word} does not answer for {zone.zone}: {_how(word.soa)}",
                (word_evidence(word),),
                Fix(f"load the zone {zone.zone} on {word.host}, or take it out of the NS records and the delegation"),
            )


def _how(soa: Answer) -> str:
    if soa.status.is_definite:
        return "it has no SOA record of it" if soa.authoritative else "its answer is not authoritative"
    return f"it says {soa.status}"
