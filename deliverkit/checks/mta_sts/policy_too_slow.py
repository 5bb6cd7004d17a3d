"""The policy does not come to its end in time.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "drip"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: senders limit the time, and one minute is suggested.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd


@check("STS011", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def policy_too_slow(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """A response that began and did not end."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.end is HttpEnd.SLOW:
        yield Finding(
            f"the policy at {exchange.request.host} does not end in {exchange.elapsed:.0f} s, and senders give it up",
            (exchange_evidence(exchange, f"not whole after {exchange.elapsed:.1f} s"),),
            Fix("serve it as a plain file"),
        )
