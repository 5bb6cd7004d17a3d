"""The policy's address leads to another one.

## Why it matters
Senders may not follow it. Senders that have no policy kept from earlier deliver as if there were none: mail goes
without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "redirect"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: redirects must not be followed.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd


@check("STS008", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def policy_redirected(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """A code of 300 and some."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.end is HttpEnd.DONE and 300 <= exchange.code < 400:
        target = f" to {exchange.location}" if exchange.location else ""
        yield Finding(
            f"the policy at {exchange.request.host} is a redirect, which senders may not follow",
            (exchange_evidence(exchange, f"{exchange.code}{target}"),),
            Fix("serve the policy at this very address, with code 200"),
        )
