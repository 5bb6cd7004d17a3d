"""The certificate of the policy's host is not good for its name.

## Why it matters
Senders that have no policy kept from earlier deliver as if there were none: mail goes without its protection. A web
server that has a certificate for www alone is the usual cause.

## Example
```world
like = "transport-good"

[[https]]
address = "11.0.9.81"
do = "wrong-name"
```

## Use instead
```world
like = "transport-good"
```

## References
- RFC 8461 §3.3: the certificate has to be valid for the host mta-sts before the domain, and no sender may take another.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.mta_sts.wording import exchange_evidence, fetched
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.https import CertificateFault, HttpExchange


@check("STS007", severity=Severity.WARNING, references=(rfc(8461, "3.3"),), since="0.1")
def bad_policy_certificate(records: MtaStsRecords, policy: MtaStsPolicy) -> Iterator[Finding | Absent]:
    """Expired, for another name, self-signed, or from nobody that is known."""
    exchange = fetched(records, policy)
    if isinstance(exchange, Absent):
        yield exchange
        return
    if exchange.fault is not None:
        yield Finding(
            f"senders refuse the policy at {exchange.request.host}: its certificate {_why(exchange, exchange.fault)}",
            (exchange_evidence(exchange, f"certificate: {exchange.fault} ({exchange.detail})"),),
            Fix(f"give the web server a certificate for {exchange.request.host} from a public authority"),
        )


def _why(exchange: HttpExchange, fault: CertificateFault) -> str:
    match fault:
        case CertificateFault.EXPIRED:
            return f"has expired{f' on {exchange.until}' if exchange.until else ''}"
        case CertificateFault.WRONG_NAME:
            return f"is for {listed(exchange.names)}" if exchange.names else "is for another name"
        case CertificateFault.NOT_YET_VALID:
            return "is not valid yet"
        case CertificateFault.SELF_SIGNED:
            return "is self-signed"
        case CertificateFault.UNTRUSTED:
            return "leads to no authority that is known"
        case _:
            return "is not valid"
