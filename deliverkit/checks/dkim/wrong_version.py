"""The v= tag of the key record is not DKIM1, or does not come first.

## Why it matters
Verifiers must discard such a record, and the signatures fail.

## Example
```zone
$ORIGIN version.example.
mail._domainkey  TXT  "k=ed25519; v=DKIM1; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN version.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: v= is DKIM1 and comes first, or is left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind, KeyRecord


@check("DKIM009", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"),), since="0.1")
def wrong_version(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Capitals count, and so does the place."""
    yield from unjudged(keys)
    yield from defective(
        keys, DefectKind.VERSION, "does not begin with v=DKIM1", "let the record begin with v=DKIM1", _mended
    )


def _mended(record: KeyRecord) -> str:
    """The tags in their order, behind the version."""
    others = "; ".join(f"{tag.name}={tag.value}" for tag in record.tags.tags if tag.name != "v")
    return f"v=DKIM1; {others}"
