"""The policy is not written as it has to be.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
body = '''
version: STSv1
mode: enforced
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
- RFC 8461 §3.2: how the policy is written.
- RFC 8461 §5.1: without a policy senders go on as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import MOST, fetched, line_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("STS013", severity=Severity.WARNING, references=(rfc(8461, "3.2"), rfc(8461, "5.1")), since="0.1")
def policy_syntax_error(records: MtaStsRecords, found: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """Any defect for which senders do not use it."""
    exchange, policy = fetched(records, found), found.policy
    if isinstance(exchange, Absent):
        yield exchange
    elif policy is None:
        yield not_applicable("there is no policy to read")
    elif policy.fatal:
        first, host = policy.fatal[0], exchange.request.host
        reason = first.reason if first.name else f"a line of it {first.reason}"
        yield Finding(
            f"senders do not use the policy at {host}: {reason}",
            tuple(line_evidence(policy.text, defect.span, defect.reason) for defect in policy.fatal[:MOST]),
            Fix("write version, mode, mx and max_age, each on a line of its own behind its colon"),
        )
