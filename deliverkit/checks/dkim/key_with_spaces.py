"""White space stands inside the key.

## Why it matters
The standard allows it, and it is the trace of pasting a key in lines. Some verifiers and some forms do not take it.

## Example
```zone
$ORIGIN spaces.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawt uCYk1FSDuvgiEUavPGp2g="
```

## Use instead
```zone
$ORIGIN spaces.example.
mail._domainkey  TXT  "v=DKIM1; k=ed25519; p=r2djxHw3CdZ0rsZrObaawtuCYk1FSDuvgiEUavPGp2g="
```

## References
- RFC 6376 §3.6.1: white space may stand inside p=, and is ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dkim.wording import entries, record_excerpt, replaced, unjudged
from deliverkit.checks.registry import check
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Absent, Finding, Severity, rfc


@check("DKIM020", severity=Severity.NOTE, references=(rfc(6376, "3.6.1"),), since="0.1")
def key_with_spaces(keys: DkimKeys) -> Iterator[Finding | Absent]:
    """Spaces in p=."""
    yield from unjudged(keys)
    for entry in entries(keys):
        key, record, _ = entry
        if record.spaces and not record.defects:
            text = str(record)
            for span in reversed(record.spaces):
                text = f"{text[: span.start]}{text[span.end :]}"
            yield Finding(
                f"the key of {key.selector} has white space in it",
                (record_excerpt(entry, record.spaces[0], "a space"),),
                replaced(keys, entry, text, "enter the key in one piece"),
            )
