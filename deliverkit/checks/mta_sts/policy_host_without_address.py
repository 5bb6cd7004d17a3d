"""The record promises a policy, and its host has no address.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection.

## Example
```world
like = "transport-good"
remove = ["mta-sts.good.example. A 11.0.9.81"]
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: the policy is at the host mta-sts before the domain.
- RFC 8461 §5.1: without a policy senders go on as if there were none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.txt import text_evidence
from deliverkit.facts.mta_sts import PATH, MtaStsPolicy, MtaStsRecords, policy_host
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("STS005", severity=Severity.WARNING, references=(rfc(8461, "3.3"), rfc(8461, "5.1")), since="0.1")
def policy_host_without_address(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """A record, and neither A nor AAAA at the host."""
    if not records.published:
        yield not_applicable(f"{records.domain} has no MTA-STS record")
    elif policy.exchange is None and policy.failure:
        yield unknown(policy.failure)
    elif policy.exchange is None:
        host = policy_host(records.domain)
        source = records.published[0]
        yield Finding(
            f"{host} has no address, so senders find no policy",
            (text_evidence(source.resource_record, source.text, note="promises a policy"),),
            Fix(f"serve the policy at https://{host}{PATH}, or take the record away"),
        )
