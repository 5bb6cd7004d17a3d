"""No chain leads from the certificate of a mail host to a root that is trusted here.

## Why it matters
Senders that encrypt whenever they can do not look at certificates, so mail arrives all the same. Those that demand a
good one, by MTA-STS or by their own policy, do not deliver here. Most often the host leaves out the certificate
between its own and the root.

A certificate that a secure TLSA record names (DANE-EE) passes, whatever its name and dates and whoever signed it. What
an enforced MTA-STS policy demands of it beside that has a check of its own.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "no-chain"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5280 §6.1: a path leads from a trusted root to the certificate.
- RFC 8446 §4.4.2: a host sends the certificates between its own and the root.
- RFC 7672 §3.1.1: of a certificate that DANE-EE names, neither name nor dates are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    bounded,
)
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    judged_certificates,
    unseen,
)
from deliverkit.checks.wording import count
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations import Instant


@check(
    "TLS007", severity=Severity.NOTE, references=(rfc(5280, "6.1"), rfc(8446, "4.4.2"), rfc(7672, "3.1.1")), since="0.1"
)
def certificate_not_trusted(
    conversations: Conversations, senders: DaneSenders | Absent, now: Instant
) -> Iterator[Finding | Absent]:
    """Each certificate that is untrusted for another reason than its dates, and that is not self-signed."""
    yield from unseen(conversations)
    for one, certificate in judged_certificates(conversations, senders):
        shake = one.transcript.handshake
        is_told = certificate.is_self_signed or not certificate.is_valid_at(now.moment)
        if shake and shake.untrusted and not is_told:
            yield Finding(
                f"the certificate of {one.host.endpoint} is not trusted here: {bounded(shake.untrusted)}",
                (certificate_evidence(one, certificate, f"{count(len(one.certificates), 'certificate')} sent"),),
                Fix('have the host send its own certificate and those between it and the root ("full chain")'),
            )
