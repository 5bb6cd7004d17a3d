"""The key is not valid base64.

## Why it matters
Verifiers cannot decode the key, and every signature with this selector fails.

## Example
```zone
$ORIGIN letters.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaa-wtuCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN letters.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: p= holds the key in base64.
- RFC 4648 §4: the characters of base64, which come in fours.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind


@check("DKIM006", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"), rfc(4648, "4")), since="0.1")
def bad_base64(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Foreign characters, and a bad end."""
    yield from unjudged(keys)
    yield from defective(
        keys,
        DefectKind.BASE64,
        "is not valid base64",
        "copy the key again from the signer, whole and from a plain-text view",
    )
