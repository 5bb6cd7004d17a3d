"""The MTA-STS record is not written as it has to be.

## Why it matters
Senders do not act on it: the policy has no effect, and mail goes without its protection.

## Example
```world
like = "transport-good"
remove = ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"']
add = '_mta-sts TXT "v=STSv1 id=20261122090000Z"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.1: how the record is written; one that cannot be read counts as none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, new_id, record_line
from deliverkit.checks.registry import check
from deliverkit.checks.txt import replaced, text_evidence
from deliverkit.facts.mta_sts import MtaStsRecords
from deliverkit.model import Finding, Severity, rfc
from deliverkit.observations import Instant
from deliverkit.standards.fields import Defect


@check("STS003", severity=Severity.WARNING, references=(rfc(8461, "3.1"),), since="0.1")
def malformed_mta_sts_record(records: MtaStsRecords, now: Instant) -> Iterator[Finding]:
    """Anything wrong but the id."""
    for text in records.texts[:MOST]:
        defects = [defect for defect in text.record.defects if defect.name != "id"]
        if not defects:
            continue
        source = text.resource_record
        yield Finding(
            f"senders do not act on the MTA-STS record at {source.name}: {_reason(defects[0])}",
            tuple(text_evidence(source, text.text, defect.span, note=defect.reason) for defect in defects[:3]),
            replaced(source, record_line(records, text.record.id or new_id(now)), action="write it so"),
        )


def _reason(defect: Defect) -> str:
    return defect.reason if defect.reason.startswith(("it", "two")) else f"a part of it {defect.reason}"
