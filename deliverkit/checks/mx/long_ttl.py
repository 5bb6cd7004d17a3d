"""The MX records may be cached for more than a week.

## Why it matters
After a change of provider, senders go on delivering to the old exchangers until their caches run out. Many
resolvers cap the time at a day or a week, others do not.

## Example
```zone
$ORIGIN steady.example.
@    2419200  MX  10 mx1
mx1  A        11.0.1.25
```

## Use instead
```zone
$ORIGIN steady.example.
@    86400  MX  10 mx1
mx1  A      11.0.1.25
```

## References
- RFC 1912 §2.2: TTLs of one to five days for records that seldom change.
- RFC 2181 §8: what a TTL is, and its range.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, republished
from deliverkit.facts import MxSet
from deliverkit.model import Evidence, Finding, Fix, Severity, rfc

DAY = 86400  # seconds
LONG = 7 * DAY


@check("MX026", severity=Severity.NOTE, references=(rfc(1912, "2.2"), rfc(2181, "8")), since="0.1")
def long_ttl(mx: MxSet) -> Iterator[Finding]:
    """Over seven days."""
    ttl = mx.answer.ttl
    if ttl is not None and ttl > LONG:
        yield Finding(
            f"the MX records of {mx.domain} may be cached for {ttl // DAY} days, also after a move",
            tuple(Evidence(str(record)) for record in mx.resource_records[:3]),
            Fix(
                "lower the TTL to a day",
                remove=lines(mx.resource_records),
                add=republished(mx, DAY),
            ),
        )
