"""The key is not meant for e-mail.

## Why it matters
s= names the services for which the key may be used. Verifiers of mail ignore a key whose list holds neither email nor
an asterisk.

## Example
```zone
$ORIGIN service.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=ed25519; s=tlsrpt; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g=" )
```

## Use instead
```zone
$ORIGIN service.example.
mail._domainkey  TXT  (
    "v=DKIM1; k=ed25519; s=email; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g=" )
```

## References
- RFC 6376 §3.6.1: s= names the services, * is all of them.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import readable, record_excerpt, tag_span, unjudged, weight_of
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DKIM019", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"),), since="0.1")
def service_excludes_email(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """s= without email; keys for TLS reports alone have selectors that are not looked for."""
    yield from unjudged(keys)
    for entry, _ in readable(keys):
        if not {"*", "email"} & set(entry[1].services):
            yield Finding(
                f"the key of {entry[0].selector} is not meant for e-mail (s=)",
                (record_excerpt(entry, tag_span(entry[1], "s"), "neither email nor *"),),
                Fix("take s= away, or let it name email"),
                weight_of(entry[0]),
            )
