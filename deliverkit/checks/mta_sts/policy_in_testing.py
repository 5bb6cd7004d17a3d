"""The policy is in mode testing.

## Why it matters
Senders report what does not fit and deliver all the same. Nothing is protected yet.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: testing
mx: mx1.good.example
mx: mx2.good.example
max_age: 604800
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §5: in mode testing senders deliver, and report.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import new_id, record_line
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsMatch, MtaStsRecords
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.observations import Instant
from deliverkit.standards.mta_sts.policy import Mode


@check("STS015", severity=Severity.NOTE, references=(rfc(8461, "5"),), since="0.1")
def policy_in_testing(records: MtaStsRecords, match: MtaStsMatch, now: Instant) -> Iterator[Finding]:
    """Mode testing."""
    if match.mode is not Mode.TESTING:
        return
    yield Finding(
        f"the MTA-STS policy of {match.domain} is in mode testing, which protects nothing yet",
        (),
        Fix(
            "once reports show no failures, set mode: enforce in the file and give the record a new id",
            tuple(str(text.resource_record) for text in records.published),
            (record_line(records, new_id(now)),),
        ),
    )
