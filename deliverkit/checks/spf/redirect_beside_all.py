"""A redirect stands beside an all, so it is never followed.

## Why it matters
Whoever wrote the record thinks that the other record counts. It does not: `all` decides first.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 redirect=_spf.good.example -all"
_spf  TXT  "v=spf1 ip4:11.0.2.0/24 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 include:_spf.good.example -all"
_spf  TXT  "v=spf1 ip4:11.0.2.0/24 -all"
```

## References
- RFC 7208 §6.1: a redirect is ignored where an all stands anywhere in the record.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import replaced, term_evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc


@check("SPF013", severity=Severity.WARNING, references=(rfc(7208, "6.1"),), since="0.1")
def redirect_beside_all(found: SpfRecord) -> Iterator[Finding]:
    """The record has both."""
    redirect = found.record.modifier("redirect")
    if redirect is not None and found.record.all is not None:
        yield Finding(
            f"the redirect in the SPF record of {found.domain} is never followed, because all decides first",
            term_evidence(found, redirect, "is ignored"),
            replaced(found, redirect, f"include:{redirect.value}", "include that record, or remove the all"),
        )
