"""A name of the policy means no exchanger of the domain.

## Why it matters
It does no harm to mail. It may be left over from a provider who could still take the domain's mail with it.

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
mx: *.old-provider.example
max_age: 604800
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.2: mx names the exchangers of the domain.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, line_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.mta_sts.policy import Mode, matches


@check("STS020", severity=Severity.NOTE, references=(rfc(8461, "3.2"),), since="0.1")
def pattern_without_exchanger(match: MtaStsMatch) -> Iterator[Finding | Absent]:
    """A pattern that matches no exchanger."""
    if match.mode is Mode.NONE:
        yield not_applicable("the policy is in mode none")
        return
    entries = [entry for entry in match.policy.entries if entry.key == "mx"]
    idle = [entry for entry in entries if not any(matches(entry.value, exchange) for exchange in match.exchanges)]
    if idle:
        yield Finding(
            f"{listed([entry.value for entry in idle])} in the MTA-STS policy of {match.domain} means no exchanger",
            tuple(line_evidence(match.policy.text, entry.span, "matches none") for entry in idle[:MOST]),
            Fix("take it out if it is none of yours, and give the record a new id"),
        )
