"""The domain does not exist in the DNS, so every message to it bounces at once.

## Why it matters
NXDOMAIN is a final answer. A sender does not wait and does not retry: the message goes back with "host or
domain name not found". The usual causes are a typing error, a registration that ran out, and a delegation
that was never made.

## Example
```world
target = "forgotten.example"

[[zones]]
origin = "example"
text = "other TXT here"
```

## Use instead
```zone
$ORIGIN forgotten.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: a name that does not resolve is reported as an error, not retried.
- RFC 8020 §2: NXDOMAIN means that nothing exists at the name or below it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts import MxLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status


@check("MX001", severity=Severity.ERROR, references=(rfc(5321, "5.1"), rfc(8020, "2")), since="0.1")
def domain_does_not_exist(mx: MxLookup) -> Iterator[Finding | Absent]:
    """NXDOMAIN for the domain."""
    answer = mx.lookup.answer
    if mx.failure:
        yield unknown(mx.failure)
    elif answer.status is Status.NXDOMAIN:
        end = f" (the end of its alias chain, {answer.aliases[-1].data})" if answer.aliases else ""
        where = f": the zone {answer.zone} has no such name" if answer.zone not in {None, ".", mx.domain} else ""
        yield Finding(
            f"{mx.domain} does not exist{end}{where}",
            tuple(Evidence(str(alias)) for alias in answer.aliases),
            Fix("check the spelling first; if it is right, renew the registration or make the delegation"),
        )
