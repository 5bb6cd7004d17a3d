"""A mail host does not satisfy the MTA-STS policy that senders try.

## Why it matters
Mail arrives while the mode is testing, and senders report the fault. Under enforce they would not deliver to the host:
its certificate, or its TLS, has to be put right first. Where a secure TLSA record names the certificate itself
(DANE-EE), this is a note: senders that know DANE would deliver, and only those that know MTA-STS alone would defer.

## Example
```world
like = "tls-good"
remove = ['_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}']

[[https]]
address = "11.0.9.81"
host = "mta-sts.good.example"
body = '''
version: STSv1
mode: testing
mx: mx1.good.example
mx: mx2.good.example
max_age: 604800
'''

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "expired"
```

## Use instead
```world
like = "tls-good"

[[https]]
address = "11.0.9.81"
host = "mta-sts.good.example"
body = '''
version: STSv1
mode: testing
mx: mx1.good.example
mx: mx2.good.example
max_age: 604800
'''
```

## References
- RFC 8461 §4.2: what the certificate has to be.
- RFC 8461 §5: in mode testing senders deliver, and report.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dealings import dealing_evidence
from deliverkit.checks.mta_sts.senders import by_host, judged_in, weight
from deliverkit.checks.registry import check
from deliverkit.facts.dealings import DaneSenders, StsSenders
from deliverkit.facts.ruling import Fault
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.mta_sts.policy import Mode


@check("STS024", severity=Severity.WARNING, references=(rfc(8461, "4.2"), rfc(8461, "5")), since="0.1")
def tested_policy_not_met(senders: StsSenders, dane: DaneSenders | Absent) -> Iterator[Finding | Absent]:
    """In mode testing, each host of the policy without TLS that may be used, or with a certificate that is not good."""
    yield from judged_in(senders, Mode.TESTING)
    for host, dealings in by_host(senders, Mode.TESTING, Fault.TLS, Fault.CERTIFICATE):
        matters = weight(dealings, dane)
        whose = "mail from senders that know MTA-STS and not DANE" if matters is Severity.NOTE else "mail"
        yield Finding(
            f"{host} does not satisfy the MTA-STS policy, and would get no {whose} under enforce",
            dealing_evidence(dealings),
            Fix(f"give it TLS with a certificate for {host} that everybody trusts, before the mode becomes enforce"),
            at_most=matters,
        )
