"""Senders pass over a value of the policy.

## Why it matters
What it was meant to say does not hold: of equal keys the first counts, and a policy is kept for a year at the most.

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
mode: testing
max_age: 604800
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.2: the first of equal keys counts, but for mx; max_age is 31557600 at the most.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, line_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Finding, Fix, Severity, rfc


@check("STS014", severity=Severity.NOTE, references=(rfc(8461, "3.2"),), since="0.1")
def ignored_policy_value(match: MtaStsMatch) -> Iterator[Finding]:
    """A key that stood before, or a time longer than a year."""
    for defect in match.policy.defects[:MOST]:
        yield Finding(
            f"senders pass over a value of the policy of {match.domain}: {defect.reason}",
            (line_evidence(match.policy.text, defect.span, defect.reason),),
            Fix("take the line out, or write what is meant"),
        )
