"""The record has a tag that DMARC does not know.

## Why it matters
Receivers ignore it. Where it is a slip of the pen, what was meant does not hold.

## Example
```zone
$ORIGIN slip.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rau=mailto:dmarc@slip.example; rua=mailto:dmarc@slip.example"
```

## Use instead
```zone
$ORIGIN slip.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@slip.example"
```

## References
- RFC 9989 §4.8: unknown tags are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC019", severity=Severity.NOTE, references=(rfc(9989, "4.8"),), since="0.1")
def unknown_tag(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Any name that no standard of DMARC has."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.UNKNOWN):
        spans = [defect.span for defect in defects]
        yield Finding(
            f"receivers ignore a tag of {found.policy_domain}: {defects[0].reason}",
            tuple(text_evidence(text, defect.span, defect.reason) for defect in defects[:3]),
            replacement(found, text, rewritten(record, without=spans), "leave it out, or write the tag that is meant"),
        )
