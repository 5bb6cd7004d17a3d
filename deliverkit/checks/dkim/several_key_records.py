"""A selector holds several key records.

## Why it matters
Which of them a verifier takes is not defined: many take the first that they are given, and servers change the order.
The signatures then pass or fail by chance.

## Example
```zone
$ORIGIN twice.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=MGWDRnV/vO9K5yWszSqxlDxjiqPxT0uGoNnN7XWv9Ms="
```

## Use instead
```zone
$ORIGIN twice.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.2.2: a selector holds one record; with several the result is undefined.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import record_excerpt, unjudged
from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("DKIM014", severity=Severity.WARNING, references=(rfc(6376, "3.6.2.2"),), since="0.1")
def several_key_records(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """More than one TXT record that is meant as a key."""
    yield from unjudged(keys)
    for key in keys.published:
        if len(key.records) > 1:
            pairs = zip(key.records, key.resource_records, strict=True)
            yield Finding(
                f"{key.name} holds {count(len(key.records), 'key record')}, and which is taken is chance",
                tuple(record_excerpt((key, record, source), None, "") for record, source in list(pairs)[:4]),
                Fix("keep the record of the key that is signed with, and give another key a selector of its own"),
            )
