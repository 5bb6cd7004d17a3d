"""A term stands twice in an SPF record.

## Why it matters
The second one permits nobody new, and where it looks something up it costs one of the ten lookups.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 a:mx1.good.example a:mx1.good.example -all"
mx1  A  11.0.1.25
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 a:mx1.good.example -all"
mx1  A  11.0.1.25
```

## References
- RFC 7208 §4.6.2: terms are taken from left to right, and the first that matches decides.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import and_more, evidence, without
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc


@check("SPF015", severity=Severity.NOTE, references=(rfc(7208, "4.6.2"),), since="0.1")
def duplicate_term(found: SpfRecord) -> Iterator[Finding]:
    """The same mechanism with the same qualifier comes again."""
    seen: set[str] = set()
    again = []
    for mechanism in found.record.reached:
        key = mechanism.text.lower().removeprefix("+")
        (again.append(mechanism) if key in seen else seen.add(key))
    if again:
        yield Finding(
            f"{again[0].text}{and_more(again)} {'stands' if len(again) == 1 else 'stand'} in the SPF record of "
            f"{found.domain} more than once",
            tuple(evidence(found.record.text, term.span, "stands before already") for term in again[:5]),
            without(found, again, "remove what is there twice"),
        )
