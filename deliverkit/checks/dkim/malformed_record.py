"""The key record is no list of tags, lacks p=, or gives a tag twice.

## Why it matters
A record that is no tag list is discarded by verifiers; without p= there is no key in it.

## Example
```zone
$ORIGIN tags.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g=; k=ed25519" )
```

## Use instead
```zone
$ORIGIN tags.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.2: tag=value pairs, separated by semicolons, each tag once.
- RFC 6376 §3.6.1: p= is required.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind


@check("DKIM010", severity=Severity.ERROR, references=(rfc(6376, "3.2"), rfc(6376, "3.6.1")), since="0.1")
def malformed_record(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Parts that are no tags, missing and doubled ones."""
    yield from unjudged(keys)
    yield from defective(
        keys,
        DefectKind.TAG,
        "cannot be read",
        "write it as tags with semicolons between, each once: v=DKIM1; k=rsa; p=…",
    )
