"""Seed copies were accepted and are in no folder.

## Why it matters
A host took them, and they are in no folder that can be read, and no bounce came: a quarantine that only an
administrator sees, silent discarding, or a long delay.

## Example
```placement
Gmail = { inbox = 5, missing = 1 }
```

## Use instead
```placement
Gmail = { inbox = 6 }
```

## References
- RFC 5321 §6.1: who accepts a message is responsible for delivering or reporting it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.placement.wording import by_provider
from deliverkit.checks.registry import check
from deliverkit.facts.placement import Fate, Placement
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("PLACE004", severity=Severity.WARNING, references=(rfc(5321, "6.1"),), since="0.1")
def copies_missing(placement: Placement) -> Iterator[Finding | Absent]:
    """By provider."""
    for provider, found in by_provider(placement.copies, Fate.MISSING):
        place = "in no folder that can be read; quarantine or delay cannot be excluded"
        yield Finding(
            f"{found.number} for {provider} {'is' if len(found) == 1 else 'are'} {place}",
            fix=Fix("have the mailbox's administrator look for a quarantine; deliverkit seed watch looks again"),
            touches=(provider,),
        )
