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
from deliverkit.checks.wording import record_evidence
from deliverkit.facts import MxLookup, WebHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Answer, Status


@check("MX001", severity=Severity.ERROR, references=(rfc(5321, "5.1"), rfc(8020, "2")), since="0.1", decides=True)
def domain_does_not_exist(mx: MxLookup, web: WebHosts) -> Iterator[Finding | Absent]:
    """NXDOMAIN for the domain."""
    answer = mx.lookup.answer
    if mx.failure:
        yield unknown(mx.failure)
    elif answer.status is Status.NXDOMAIN:
        yield _contradiction(mx, web) or _denial(answer, mx.domain)


def _denial(answer: Answer, domain: str) -> Finding:
    evidence = tuple(Evidence(str(alias)) for alias in answer.aliases)
    if answer.aliases:
        target = answer.aliases[-1].data.removesuffix(".")
        return Finding(
            f"{domain} is an alias of {target}, which does not exist, so mail to it bounces",
            evidence,
            Fix(f"correct the alias, or have {target} made"),
        )
    where = f": the zone {answer.zone} has no such name" if answer.zone not in {None, ".", domain} else ""
    action = "check the spelling first; if it is right, renew the registration or make the delegation"
    return Finding(f"{domain} does not exist{where}", evidence, Fix(action))


def _contradiction(mx: MxLookup, web: WebHosts) -> Finding | None:
    """A name that has an address and is denied all the same: its name servers are wrong (RFC 8020 §2)."""
    own = [record for record in web.addresses if record.name == mx.domain]
    if not own:
        return None
    return Finding(
        f"the name servers of {mx.domain} deny its existence when asked for MX, so mail to it bounces",
        (record_evidence(own[0], own[0].data, "is there all the same"),),
        Fix("mend the name servers (or the load balancer before them): a name that exists is answered NODATA"),
    )
