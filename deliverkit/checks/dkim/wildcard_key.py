"""A wildcard makes every selector exist.

## Why it matters
A key by a wildcard is valid under every selector: none can be revoked alone, and looking a selector up says nothing
of whether anybody signs with it. One that holds an empty key is meant: it says that nothing is signed.

## Example
```zone
$ORIGIN star.example.
@             MX   10 mx1
mx1           A    11.0.1.25
*._domainkey     TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN star.example.
@             MX   10 mx1
mx1           A    11.0.1.25
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 4592 §2.1.1: a wildcard answers for every name that does not exist.
- RFC 6376 §3.6.2.1: wildcards and selectors.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import record_evidence
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.dkim.key_record import parse_key_record
from deliverkit.standards.txt import text_of


@check("DKIM015", severity=Severity.NOTE, references=(rfc(4592, "2.1.1"), rfc(6376, "3.6.2.1")), since="0.1")
def wildcard_key(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """What a selector that nobody made answers."""
    made_up = keys.ground.made_up
    if made_up.failure:
        yield unknown(made_up.failure)
        return
    records = [r for r in made_up.answer.records if parse_key_record(text_of(r.data)).is_meant]
    meant = [r for r in records if not parse_key_record(text_of(r.data)).is_revoked]
    if meant:
        source = (made_up.answer.aliases or tuple(meant))[0]
        yield Finding(
            f"every selector below _domainkey.{keys.domain} has a key by a wildcard",
            (record_evidence(source, source.data[:40], "for a selector that nobody made"),),
            Fix("publish the key at its own selector, in place of the wildcard"),
        )
