"""An exchanger is not in the policy that senders enforce.

## Why it matters
Senders that know MTA-STS, Google, Microsoft and Yahoo among them, do not deliver to it. Where no other exchanger is
left, mail waits and bounces after days. A change of provider is the usual cause.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: enforce
mx: mx1.good.example
max_age: 604800
'''
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §4.1: an exchanger's name has to match one of the policy's.
- RFC 8461 §5: in mode enforce senders must not deliver to one that does not match.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import in_mode, match_evidence, mx_lines
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.mta_sts import MtaStsMatch
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS018", severity=Severity.ERROR, references=(rfc(8461, "4.1"), rfc(8461, "5")), since="0.1")
def exchanger_refused_by_policy(match: MtaStsMatch) -> Iterator[Finding | Absent]:
    """In mode enforce."""
    yield from in_mode(match, Mode.ENFORCE)
    unmatched = match.unmatched
    if match.mode is not Mode.ENFORCE or not unmatched:
        return
    are = "is" if len(unmatched) == 1 else "are"
    what = "so mail is being deferred" if unmatched == match.exchanges else "so senders pass over it"
    yield Finding(
        f"{listed(unmatched)} {are} not in the enforced MTA-STS policy of {match.domain}, {what}",
        match_evidence(match),
        Fix(f"add {mx_lines(unmatched)} to the file, and give the record a new id"),
    )
