"""The null MX has a preference other than 0.

## Why it matters
The standard writes a null MX as ``0 .`` and most senders look at the dot alone. One that compares the whole
record sees a broken host instead, and retries for days before it gives up.

## Example
```zone
$ORIGIN closed.example.
@  MX  10 .
```

## Use instead
```zone
$ORIGIN closed.example.
@  MX  0 .
```

## References
- RFC 7505 §3: a null MX has the preference number 0.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, proposal, record_evidence
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc


@check("MX007", severity=Severity.NOTE, references=(rfc(7505, "3"),), since="0.1")
def null_mx_preference(mx: MxSet) -> Iterator[Finding]:
    """``10 .`` in place of ``0 .``."""
    if mx.is_null and mx.records[0].preference != 0:
        preference = str(mx.records[0].preference)
        yield Finding(
            f"the null MX of {mx.domain} has preference {preference} and not 0",
            (record_evidence(mx.resource_records[0], preference, "should be 0"),),
            Fix("set the preference to 0", lines(mx.resource_records), (proposal(mx, "MX", "0 ."),)),
        )
