"""The record has no ``p`` tag.

## Why it matters
With an address for reports receivers act as if it said ``p=none``; without one they ignore the record altogether, and
older receivers may do so either way.

## Example
```zone
$ORIGIN vague.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; rua=mailto:dmarc@vague.example"
```

## Use instead
```zone
$ORIGIN vague.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@vague.example"
```

## References
- RFC 9989 §4.10.1: without p a record counts as p=none if it has a usable rua, else not at all.
- RFC 9989 §4.7: p is recommended.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC006", severity=Severity.WARNING, references=(rfc(9989, "4.10.1"), rfc(9989, "4.7")), since="0.1")
def missing_policy(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """No p at all."""
    yield from without_record(found)
    for text, record, [defect] in judged_defects(found, DefectKind.NO_POLICY):
        effect = "receivers take it for p=none" if record.applies else "receivers ignore the record"
        yield Finding(
            f"{text.resource_record.name} names no policy, so {effect}",
            (text_evidence(text, defect.span, "p belongs behind it"),),
            replacement(found, text, rewritten(record), "name the policy: p=none changes nothing for any message"),
        )
