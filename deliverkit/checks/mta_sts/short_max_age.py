"""Senders may keep the policy for less than a week.

## Why it matters
Somebody on the way who keeps a sender from fetching the policy need not wait long until it is forgotten.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: enforce
mx: mx1.good.example
mx: mx2.good.example
max_age: 86400
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.2: max_age is expected to be in the range of weeks or more.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import line_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import format_duration
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.mta_sts.policy import Mode

WEEK = 604800  # seconds


@check("STS017", severity=Severity.NOTE, references=(rfc(8461, "3.2"),), since="0.1")
def short_max_age(match: MtaStsMatch) -> Iterator[Finding | Absent]:
    """Less than a week, unless the policy is on its way out."""
    if match.mode is Mode.NONE:
        yield not_applicable("the policy is in mode none")
        return
    age = match.policy.max_age or 0
    if age < WEEK:
        spans = [entry.span for entry in match.policy.entries if entry.key == "max_age"][:1]
        yield Finding(
            f"the MTA-STS policy of {match.domain} is kept for {format_duration(age)} alone",
            tuple(line_evidence(match.policy.text, span, "seconds") for span in spans),
            Fix("set max_age: 604800 or more, and give the record a new id"),
        )
