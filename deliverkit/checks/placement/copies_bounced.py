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
from deliverkit.checks.remedies import fix_for_text
from deliverkit.facts.placement import Fate, Placement
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.regexes import regex

_BY_POLICY = regex(r"\b5\.7\.\d")  # RFC 3463 §3.8: security or policy, rather than a full mailbox


@check("PLACE005", severity=Severity.WARNING, references=(rfc(3464, "2.3.3"),), since="0.1")
def copies_bounced(placement: Placement) -> Iterator[Finding | Absent]:
    """By provider, with the first report; first those that were refused by a policy."""
    found = [(provider, together, together[0]) for provider, together in by_provider(placement.copies, Fate.BOUNCED)]
    for provider, together, first in sorted(found, key=lambda one: not _BY_POLICY.search(one[2].detail)):
        said = f": {first.detail}" if first.detail else ""
        fix = fix_for_text(first.reply, first.address)
        yield Finding(f"{together.number} for {provider} bounced{said}", fix=fix, touches=(provider,))
