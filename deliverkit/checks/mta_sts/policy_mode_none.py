"""The policy is in mode none.

## Why it matters
It says that the domain gives MTA-STS up: senders forget the policy that they kept, and nothing is protected.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: none
max_age: 86400
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §8.3: how a policy is taken away: with mode none, until the old one has run out everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS016", severity=Severity.NOTE, references=(rfc(8461, "8.3"),), since="0.1")
def policy_mode_none(match: MtaStsMatch) -> Iterator[Finding]:
    """Mode none."""
    if match.mode is not Mode.NONE:
        return
    yield Finding(
        f"the MTA-STS policy of {match.domain} is in mode none, so it protects nothing",
        (),
        Fix("once the time of the policy before it is over, take the record and the file away, or name a mode"),
    )
