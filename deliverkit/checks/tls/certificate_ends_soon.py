"""The certificate of a mail host ends within 14 days.

## Why it matters
Certificates that renew themselves are usually renewed a month before they end. One that has two weeks left may be one
that nobody is going to renew. Of one that a secure TLSA record names (DANE-EE) nobody looks at the dates.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "ending"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5280 §4.1.2.5: a certificate is valid from one date to another.
- RFC 7672 §3.1.1: of a certificate that DANE-EE names, neither name nor dates are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    days_between,
    judged_certificates,
    unseen,
)
from deliverkit.checks.wording import count
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations import Instant

SOON = 14  # days


@check("TLS008", severity=Severity.NOTE, references=(rfc(5280, "4.1.2.5"), rfc(7672, "3.1.1")), since="0.1")
def certificate_ends_soon(
    conversations: Conversations, senders: DaneSenders | Absent, now: Instant
) -> Iterator[Finding | Absent]:
    """Each valid certificate that will not be so any more in `SOON` days."""
    yield from unseen(conversations)
    for one, certificate in judged_certificates(conversations, senders):
        left = days_between(now.moment, certificate.not_after)
        if certificate.is_valid_at(now.moment) and left < SOON:
            yield Finding(
                f"the certificate of {one.host.endpoint} ends in {count(left, 'day') if left else 'less than a day'}",
                (certificate_evidence(one, certificate),),
                Fix("renew it, and load it into the mail server"),
            )
