"""The policy is not served as plain text.

## Why it matters
Some senders do not take it: for them there is no policy. Others do not look.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "wrong-type"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: senders should check that the media type is text/plain.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import HttpEnd


@check("STS012", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def policy_media_type(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """A media type that is not text/plain, whatever its parameters."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.end is not HttpEnd.DONE or exchange.code != 200:
        return
    media_type = exchange.media_type.partition(";")[0].strip().lower()  # RFC 9110 §8.3.1
    if media_type != "text/plain":
        shown = media_type or "no media type"
        yield Finding(
            f"the policy at {exchange.request.host} is served as {shown}, which some senders do not take",
            (exchange_evidence(exchange, f"Content-Type: {exchange.media_type}"),),
            Fix("serve it with Content-Type: text/plain"),
        )
