"""There are several MTA-STS records.

## Why it matters
Senders act on none of them: the policy has no effect, and mail goes without its protection.

## Example
```world
like = "transport-good"
add = '_mta-sts TXT "v=STSv1; id=20250101000000Z"'
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.1: unless exactly one record remains, senders assume that there is no policy.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import text_evidence
from deliverkit.checks.wording import count
from deliverkit.facts.mta_sts import MtaStsRecords
from deliverkit.model import Finding, Fix, Severity, rfc


@check("STS002", severity=Severity.WARNING, references=(rfc(8461, "3.1"),), since="0.1")
def several_mta_sts_records(records: MtaStsRecords) -> Iterator[Finding]:
    """More than one that begins with the version."""
    texts = records.published
    if len(texts) < 2:
        return
    owner = texts[0].resource_record.name
    kept = max(texts, key=lambda text: (text.record.is_valid, text.record.id))
    yield Finding(
        f"{owner} holds {count(len(texts), 'MTA-STS record')}, so senders act on none of them",
        tuple(text_evidence(text.resource_record, text.text) for text in texts[:4]),
        Fix(
            f"keep one of them, such as {kept.text!r}",
            remove=tuple(str(text.resource_record) for text in texts if text is not kept),
        ),
    )
