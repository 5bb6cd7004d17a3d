"""The policy is larger than senders read.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "huge"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: senders may limit the size, and 64 kilobytes are suggested.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd


@check("STS010", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def policy_too_large(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """More than 64 kilobytes."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.end is HttpEnd.TOO_LARGE:
        yield Finding(
            f"the policy at {exchange.request.host} has more than 64 kilobytes, so senders give it up",
            (exchange_evidence(exchange, "more than 65536 octets"),),
            Fix("serve a file of a few lines there: the policy and nothing else"),
        )
