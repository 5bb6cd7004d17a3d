"""A tag has a value that it cannot have, so that its default holds.

## Why it matters
``adkim``, ``aspf``, ``fo``, ``psd`` and ``t`` fall back to their defaults: what the record seems to say does not hold.

## Example
```zone
$ORIGIN strict.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; adkim=strict; rua=mailto:dmarc@strict.example"
```

## Use instead
```zone
$ORIGIN strict.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@strict.example"
```

## References
- RFC 9989 §4.8: a value that cannot be read gives way to the default.
- RFC 9989 §4.7: the values of each tag, and its default.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind

_DEFAULTS = {"adkim": "r", "aspf": "r", "fo": "0", "psd": "u", "t": "n"}  # RFC 9989 §4.7


@check("DMARC020", severity=Severity.WARNING, references=(rfc(9989, "4.8"), rfc(9989, "4.7")), since="0.1")
def ignored_value(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Values outside of what the tag may say."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.VALUE):
        spans = [defect.span for defect in defects]
        for defect in defects:
            yield Finding(
                f"receivers take {defect.tag}={_DEFAULTS[defect.tag]} for {found.policy_domain}: {defect.reason}",
                (text_evidence(text, defect.span, defect.reason),),
                replacement(
                    found, text, rewritten(record, without=spans), "leave it out, which is what receivers do today"
                ),
            )
