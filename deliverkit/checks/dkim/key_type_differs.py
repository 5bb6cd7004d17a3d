"""The key is not of the type that k= announces, or of none that verifiers know.

## Why it matters
Verifiers read the key as the type that is announced, RSA where there is none. Of another type it cannot be read, and
records of unknown types are passed over.

## Example
```zone
$ORIGIN kind.example.
mail._domainkey  TXT  "v=DKIM1; k=rsa; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN kind.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: k= names the type, rsa is the default, unknown types are ignored.
- RFC 8463 §4.2: the type ed25519, and what p= holds then.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind


@check("DKIM008", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"), rfc(8463, "4.2")), since="0.1")
def key_type_differs(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """k= held against the key."""
    yield from unjudged(keys)
    yield from defective(
        keys, DefectKind.TYPE, "has another key type than k= says, or an unknown one", "let k= name the type of the key"
    )
