r"""Quotes or backslashes were pasted into the key record.

## Why it matters
In a zone file they stand around the text and are no part of it; in most forms they are taken for the text itself. The
record then does not begin with v=DKIM1, and the key is not read.

## Example
```zone
$ORIGIN quoted.example.
mail._domainkey  TXT  "\"v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g=\""
```

## Use instead
```zone
$ORIGIN quoted.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: the form of a key record.
- RFC 1035 §5.1: the quotes around text in a zone file.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import defective, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dkim.key_record import DefectKind, KeyRecord, without_quotes


@check("DKIM004", severity=Severity.ERROR, references=(rfc(6376, "3.6.1"), rfc(1035, "5.1")), since="0.1")
def record_quoted(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Quotes of every kind, and backslashes."""
    yield from unjudged(keys)
    yield from defective(
        keys,
        DefectKind.QUOTE,
        "has quotes in it that belong to the zone file",
        "enter the text without quotes and backslashes",
        _unquoted,
    )


def _unquoted(record: KeyRecord) -> str:
    return without_quotes(str(record))
