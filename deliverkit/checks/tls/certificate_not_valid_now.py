"""The certificate of a mail host has expired, or is not valid yet.

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
certificate = "expired"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5280 §4.1.2.5: a certificate is valid from one date to another.
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
from deliverkit.observations import Instant


@check(
    "TLS004", severity=Severity.NOTE, references=(rfc(5280, "4.1.2.5"), rfc(7435, "3"), rfc(7672, "3.1.1")), since="0.1"
)
def certificate_not_valid_now(
    conversations: Conversations, senders: DaneSenders | Absent, now: Instant
) -> Iterator[Finding | Absent]:
    """Each certificate of a host that the moment is not within."""
    yield from unseen(conversations)
    for one, certificate in judged_certificates(conversations, senders):
        if certificate.is_valid_at(now.moment):
            continue
        is_over = certificate.not_after < now.moment
        when = (
            f"expired on {certificate.not_after:%Y-%m-%d}"
            if is_over
            else f"is not valid before {certificate.not_before:%Y-%m-%d}"
        )
        yield Finding(
            f"the certificate of {one.host.endpoint} {when}",
            (certificate_evidence(one, certificate),),
            Fix(
                "renew it, load it into the mail server, and see to it that both happen by themselves"
                if is_over
                else "set the host's clock, or wait with the certificate until it is valid"
            ),
        )
