"""The key record says that DKIM is being tested.

## Why it matters
With t=y a verifier may treat mail whose signature fails as unsigned mail. It is meant for the first days, and is
often forgotten.

## Example
```zone
$ORIGIN trying.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=ed25519; t=y; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g=" )
```

## Use instead
```zone
$ORIGIN trying.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: the flag y: the domain is testing DKIM.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DKIM016", severity=Severity.NOTE, references=(rfc(6376, "3.6.1"),), since="0.1")
def testing_flag(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """The flag y."""
    yield from unjudged(keys)
    for entry, _ in readable(keys):
        if "y" in entry[1].flags:
            yield Finding(
                f"the key of {entry[0].selector} is marked as a test (t=y)",
                (record_excerpt(entry, tag_span(entry[1], "t"), "testing"),),
                Fix("take y out of t= once signatures verify"),
            )
