"""A mechanism is written with an equals sign, so receivers take it for an unknown modifier and skip it.

## Why it matters
`ip4=11.0.1.25` breaks no rule and permits nobody: the sender that was meant fails.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4=11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §6: modifiers that are not known are ignored.
- RFC 7208 §12: mechanisms take a colon, modifiers an equals sign.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import replaced, term_evidence
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Finding, Severity, rfc
from deliverkit.standards.spf.parse import MECHANISMS


@check("SPF024", severity=Severity.ERROR, references=(rfc(7208, "6"), rfc(7208, "12")), since="0.1")
def mechanism_as_modifier(found: SpfRecord) -> Iterator[Finding]:
    """A modifier bears a mechanism's name."""
    for modifier in found.record.modifiers:
        if modifier.name in MECHANISMS:
            yield Finding(
                f"{modifier.text} in the SPF record of {found.domain} permits nobody: a colon has to stand there",
                term_evidence(found, modifier, "is skipped"),
                replaced(found, modifier, f"{modifier.name}:{modifier.value}", "write a colon"),
            )
