"""There is no policy at the address where the record promises one.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "missing"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: senders take a policy from a response with code 200 alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd


@check("STS009", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def policy_not_found(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """Any code but 200 and those of redirects."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    is_redirect = 300 <= exchange.code < 400
    if exchange.end is HttpEnd.DONE and exchange.code != 200 and not is_redirect:
        yield Finding(
            f"there is no policy at {exchange.request.url}: the web server answers {exchange.code}",
            (exchange_evidence(exchange, str(exchange.code)),),
            Fix("put the policy there, or take the MTA-STS record away"),
        )
