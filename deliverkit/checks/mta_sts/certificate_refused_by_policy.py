"""The certificate of a mail host does not satisfy the MTA-STS policy that senders enforce.

## Why it matters
Senders that know MTA-STS, Google, Microsoft and Yahoo among them, demand a certificate for the host's name that leads
to a root that everybody trusts, and do not deliver without one. Where no other exchanger is left, mail waits and
bounces after days. Where a secure TLSA record names the certificate itself (DANE-EE), this is a note: senders that know
DANE deliver, whatever its name or dates, and only those that know MTA-STS alone still defer.

## Example
```world
like = "tls-good"
remove = ['_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}']

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "expired"
```

## Use instead
```world
like = "tls-good"
```

## References
- RFC 8461 §4.2: what the certificate has to be.
- RFC 8461 §5: in mode enforce senders must not deliver where it is not.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dealings import dealing_evidence
from deliverkit.checks.mta_sts.senders import by_host, judged_in, weight, what_follows
from deliverkit.checks.registry import check
from deliverkit.facts.dealings import DaneSenders, StsSenders
from deliverkit.facts.ruling import Fault
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS022", severity=Severity.ERROR, references=(rfc(8461, "4.2"), rfc(8461, "5")), since="0.1")
def certificate_refused_by_policy(senders: StsSenders, dane: DaneSenders | Absent) -> Iterator[Finding | Absent]:
    """In mode enforce, each host of the policy with a certificate that is not trusted, or for another name."""
    yield from judged_in(senders, Mode.ENFORCE)
    for host, dealings in by_host(senders, Mode.ENFORCE, Fault.CERTIFICATE):
        matters = weight(dealings, dane)
        yield Finding(
            f"the certificate of {host} does not satisfy the enforced MTA-STS policy, {what_follows(senders, matters)}",
            dealing_evidence(dealings),
            Fix(f"give it a certificate for {host} from an authority that everybody trusts, with the chain to it"),
            at_most=matters,
        )
