"""The MX records may be cached for less than five minutes only.

## Why it matters
Every sender asks anew for nearly every message, and a short outage of the name servers is felt at once. A short
TTL is right for the hour of a move and is often forgotten afterwards.

## Example
```world
target = "brief.example"

[resolver]
authoritative = true

[[zones]]
origin = "brief.example"
text = '''
@    60  MX  10 mx1
mx1  A   11.0.1.25
'''
```

## Use instead
```zone
$ORIGIN brief.example.
@    3600  MX  10 mx1
mx1  A     11.0.1.25
```

## References
- RFC 1912 §2.2: TTLs of days or hours; short ones only for records that are about to change.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, republished
from deliverkit.facts import DEFAULT_TTL, MxSet
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc

SHORT = 300  # seconds; large providers publish as little as this


@check("MX025", severity=Severity.NOTE, references=(rfc(1912, "2.2"),), since="0.1")
def short_ttl(mx: MxSet) -> Iterator[Finding | Absent]:
    """Under 300 seconds, from a server that does not count down."""
    answer = mx.answer
    if answer.ttl is None or answer.ttl >= SHORT:
        return
    if not answer.authoritative:  # a cache counts down: what is left says nothing of what was published
        yield not_applicable(f"{answer.ttl} s are left in the resolver's cache; only a server of the zone tells more")
        return
    yield Finding(
        f"the MX records of {mx.domain} may be cached for {answer.ttl} s only",
        tuple(Evidence(str(record)) for record in mx.resource_records[:3]),
        Fix(
            f"raise the TTL to {DEFAULT_TTL} s once no move is under way",
            remove=lines(mx.resource_records),
            add=republished(mx, DEFAULT_TTL),
        ),
    )
