"""The id of the MTA-STS record is missing, or is none.

## Why it matters
Senders do not act on the record: the policy has no effect, and mail goes without its protection.

## Example
```world
like = "transport-good"
remove = ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"']
add = '_mta-sts TXT "v=STSv1; id=2026-11-22"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.1: the id is one to 32 letters and digits, and changes whenever the policy does.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, new_id, record_line
from deliverkit.checks.registry import check
from deliverkit.checks.txt import replaced, text_evidence
from deliverkit.facts.mta_sts import MtaStsRecords
from deliverkit.model import Absent, Finding, Severity, not_applicable, rfc
from deliverkit.observations import Instant


@check("STS004", severity=Severity.WARNING, references=(rfc(8461, "3.1"),), since="0.1")
def bad_mta_sts_id(records: MtaStsRecords, now: Instant) -> Iterator[Finding | Absent]:
    """No id of one to 32 letters and digits."""
    if not records.published:
        yield not_applicable(f"{records.domain} has no MTA-STS record")
    for text in records.published[:MOST]:
        for defect in text.record.defects:
            if defect.name == "id":
                source = text.resource_record
                yield Finding(
                    f"senders do not act on the MTA-STS record at {source.name}: its {defect.reason}",
                    (text_evidence(source, text.text, defect.span, note=defect.reason),),
                    replaced(source, record_line(records, new_id(now)), action="give it the time of the last change"),
                )
