"""The certificate of a mail host is signed by itself.

## Why it matters
Senders that encrypt whenever they can do not look at certificates, so mail arrives all the same. Those that demand a
good one, by MTA-STS or by their own policy, do not deliver here.

A certificate that a secure TLSA record names (DANE-EE) passes, whatever its name and dates and whoever signed it. What
an enforced MTA-STS policy demands of it beside that has a check of its own.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "self-signed"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5280 §6.1: a path leads from a trusted root to the certificate.
- RFC 7435 §3: without authentication nothing is refused.
- RFC 7672 §3.1.1: of a certificate that DANE-EE names, neither name nor dates are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    judged_certificates,
    unseen,
)
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("TLS006", severity=Severity.NOTE, references=(rfc(5280, "6.1"), rfc(7435, "3"), rfc(7672, "3.1.1")), since="0.1")
def certificate_self_signed(conversations: Conversations, senders: DaneSenders | Absent) -> Iterator[Finding | Absent]:
    """Each untrusted certificate of a host that is its own issuer."""
    yield from unseen(conversations)
    for one, certificate in judged_certificates(conversations, senders):
        shake = one.transcript.handshake
        if certificate.is_self_signed and shake and shake.untrusted:
            yield Finding(
                f"the certificate of {one.host.endpoint} is signed by itself and by no authority",
                (certificate_evidence(one, certificate),),
                Fix("get one from an authority that everybody trusts (by ACME it is free), or publish it with DANE"),
            )
