"""There is a policy, and no record that says so.

## Why it matters
Senders look for the record first: without it the policy has no effect, and mail goes without its protection.

## Example
```world
like = "transport-good"
remove = ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"']
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.1: the record says that there is a policy; without it senders do not look.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import new_id, record_line
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Evidence, Finding, Fix, Severity, rfc
from deliverkit.observations import Instant


@check("STS021", severity=Severity.WARNING, references=(rfc(8461, "3.1"),), since="0.1")
def policy_without_record(records: MtaStsRecords, policy: MtaStsPolicy, now: Instant) -> Iterator[Finding]:
    """A file that was meant as a policy, and nothing at _mta-sts."""
    if records.texts or not policy.is_there or policy.exchange is None:
        return
    yield Finding(
        f"{records.domain} has an MTA-STS policy but no record, so senders do not look for it",
        (Evidence(policy.exchange.request.url, None, "is there"),),
        Fix("publish the record", add=(record_line(records, new_id(now)),)),
    )
