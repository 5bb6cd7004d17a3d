"""The host of the policy gives no answer over HTTPS.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "hangs-up"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: the policy is fetched over HTTPS.
- RFC 8461 §5.1: without a policy senders go on as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import END_WORDS, exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd

_UNREACHABLE = {HttpEnd.REFUSED, HttpEnd.TLS_FAILED, HttpEnd.SILENT, HttpEnd.HUNG_UP, HttpEnd.BROKEN}


@check("STS006", severity=Severity.WARNING, references=(rfc(8461, "3.3"), rfc(8461, "5.1")), since="0.1")
def policy_unreachable(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """Refused, ended in the middle, without TLS, or silent once connected."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.end in _UNREACHABLE:
        why = END_WORDS[exchange.end]
        said = f" ({exchange.detail})" if exchange.detail else ""
        yield Finding(
            f"senders find no policy at {exchange.request.host}: {why}",
            (exchange_evidence(exchange, f"{why}{said}"),),
            Fix("have the web server answer on port 443 with the policy"),
        )
