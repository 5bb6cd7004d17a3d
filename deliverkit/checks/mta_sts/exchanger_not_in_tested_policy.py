"""An exchanger is not in the policy that senders try.

## Why it matters
Mail arrives while the mode is testing. Under enforce senders would not deliver to it.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: testing
mx: mx1.good.example
max_age: 604800
'''
```

## Use instead
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

## References
- RFC 8461 §4.1: an exchanger's name has to match one of the policy's.
- RFC 8461 §5: in mode testing senders deliver, and report.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import in_mode, match_evidence, mx_lines
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS019", severity=Severity.WARNING, references=(rfc(8461, "4.1"), rfc(8461, "5")), since="0.1")
def exchanger_not_in_tested_policy(match: MtaStsMatch) -> Iterator[Finding | Absent]:
    """In mode testing."""
    yield from in_mode(match, Mode.TESTING)
    unmatched = match.unmatched
    if match.mode is not Mode.TESTING or not unmatched:
        return
    are = "is" if len(unmatched) == 1 else "are"
    yield Finding(
        f"{listed(unmatched)} {are} not in the MTA-STS policy of {match.domain}, and would get no mail under enforce",
        match_evidence(match),
        Fix(f"add {mx_lines(unmatched)} to the file, and give the record a new id"),
    )
