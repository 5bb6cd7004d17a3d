"""A part of the record between semicolons is no tag.

## Why it matters
Receivers ignore the part. What it was meant to say, an address for reports or a policy for subdomains, does not hold.

## Example
```zone
$ORIGIN broken.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@broken.example; quarantine"
```

## Use instead
```zone
$ORIGIN broken.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@broken.example"
```

## References
- RFC 9989 §4.8: a tag is a name, an equals sign and a value; syntax errors are ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC008", severity=Severity.WARNING, references=(rfc(9989, "4.8"),), since="0.1")
def malformed_tag(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Anything without an equals sign, or without a name."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.MALFORMED):
        yield Finding(
            f"a part of {text.resource_record.name} is no tag, so receivers ignore it: it {defects[0].reason}",
            tuple(text_evidence(text, defect.span, defect.reason) for defect in defects[:3]),
            replacement(found, text, rewritten(record), "write it as name=value, or leave it out"),
        )
