"""Mail hosts refused seed copies for good.

## Why it matters
A 5xx is the receiver's last word on the copy: the same message from the same sender is refused again, for every
reader there, until the cause is mended.

## Example
```placement
Gmail = { inbox = 5, rejected = 1 }
```

## Use instead
```placement
Gmail = { inbox = 6 }
```

## References
- RFC 5321 §4.2.1: a 5yz reply is permanent.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.placement.wording import by_provider
from deliverkit.checks.registry import check
from deliverkit.checks.remedies import fix_for_text
from deliverkit.facts.placement import Fate, Placement
from deliverkit.model import Absent, Finding, Severity, rfc


@check("PLACE003", severity=Severity.WARNING, references=(rfc(5321, "4.2.1"),), since="0.1")
def copies_refused(placement: Placement) -> Iterator[Finding | Absent]:
    """By provider, with the first reply."""
    for provider, found in by_provider(placement.copies, Fate.REJECTED):
        said = f": {found[0].detail}" if found[0].detail else ""
        yield Finding(
            f"{found.number} for {provider} {'was' if len(found) == 1 else 'were'} refused{said}",
            fix=fix_for_text(found[0].reply, found[0].address),
            touches=(provider,),
        )
