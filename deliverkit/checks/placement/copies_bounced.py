"""Seed copies were accepted and bounced later.

## Why it matters
The host that took the copy and the one that decided are two: what the sender's log calls delivered was not.

## Example
```placement
Gmail = { inbox = 5, bounced = 1 }
```

## Use instead
```placement
Gmail = { inbox = 6 }
```

## References
- RFC 3464 §2.3.3: the action failed means that the message was not delivered.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.placement.wording import by_provider
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Fate, Placement
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("PLACE005", severity=Severity.WARNING, references=(rfc(3464, "2.3.3"),), since="0.1")
def copies_bounced(placement: Placement) -> Iterator[Finding | Absent]:
    """By provider, with the first report."""
    for provider, found in by_provider(placement.copies, Fate.BOUNCED):
        said = f": {found[0].detail}" if found[0].detail else ""
        yield Finding(
            f"{found.number} for {provider} bounced{said}",
            fix=Fix('deliverkit explain "THE REPORT\'S DIAGNOSTIC CODE" says why, and whose job it is'),
            touches=(provider,),
        )
