"""An SPF record uses the mechanism ptr, which the standard asks not to use.

## Why it matters
It is slow, it loads the servers of the reverse zones, and when these fail the sender is not recognised. Some large
receivers skip it.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ptr -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §5.5: the mechanism should not be published.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import term_evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Fix, Severity, rfc


@check("SPF010", severity=Severity.WARNING, references=(rfc(7208, "5.5"),), since="0.1")
def ptr_mechanism(found: SpfRecord) -> Iterator[Finding]:
    """The domain's own record has ptr."""
    for mechanism in found.record.mechanisms:
        if mechanism.name == "ptr":
            yield Finding(
                f"the SPF record of {found.domain} uses ptr, which is slow, fails easily, and is skipped by some",
                term_evidence(found, mechanism),
                Fix("name the senders as ip4, ip6, a or mx, and remove ptr"),
            )
