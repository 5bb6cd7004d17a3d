"""One key stands under several selectors.

## Why it matters
Whoever holds its private half signs under all of them, and revoking one of them revokes nothing. After a rotation it
means that the key itself was not changed.

## Example
```zone
$ORIGIN shared.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
default._domainkey TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN shared.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
default._domainkey TXT  "v=DKIM1; k=ed25519; p=MGWDRnV/vO9K5yWszSqxlDxjiqPxT0uGoNnN7XWv9Ms="
```

## References
- RFC 6376 §3.1: selectors are there so that a domain can have several keys.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import Entry, readable, record_excerpt, tag_span, unjudged
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DKIM017", severity=Severity.NOTE, references=(rfc(6376, "3.1"),), since="0.1")
def shared_key(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Equal keys at names of their own; aliases that lead to one name are one key on purpose."""
    yield from unjudged(keys)
    places: dict[bytes, dict[str, Entry]] = {}
    for entry, key in readable(keys):
        places.setdefault(key.octets, {}).setdefault(entry[2].name, entry)
    for found in places.values():
        if len(found) > 1:
            entries = list(found.values())
            yield Finding(
                f"the selectors {listed([entry[0].selector for entry in entries])} share one key",
                tuple(record_excerpt(entry, tag_span(entry[1], "p"), "the same key") for entry in entries[:3]),
                Fix("make a key of its own for each selector that is signed with, and revoke the others"),
            )
