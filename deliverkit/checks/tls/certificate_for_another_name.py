"""The certificate of a mail host is for another name.

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
certificate = "wrong-name"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 9525 §6.3: the name in the certificate is the one that was asked for.
- RFC 8461 §4.2: a sender with a policy demands it.
- RFC 7672 §3.1.1: of a certificate that DANE-EE names, neither name nor dates are looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    judged_certificates,
    names_of,
    unseen,
)
from deliverkit.facts.dealings import DaneSenders
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check(
    "TLS005", severity=Severity.NOTE, references=(rfc(9525, "6.3"), rfc(8461, "4.2"), rfc(7672, "3.1.1")), since="0.1"
)
def certificate_for_another_name(
    conversations: Conversations, senders: DaneSenders | Absent
) -> Iterator[Finding | Absent]:
    """Each certificate that is not for the exchanger's name; where a host was named by its address, none is judged."""
    yield from unseen(conversations)
    shown = judged_certificates(conversations, senders)
    if shown and not any(one.transcript.certified_name for one, _ in shown):
        yield not_applicable("the host was named by its address, so its certificate's name is not judged")
    for one, certificate in shown:
        wanted = one.transcript.certified_name
        if wanted and not certificate.is_for(wanted):
            asked = f", and not for {wanted}, which was asked for" if wanted != one.host.name else ""
            yield Finding(
                f"the certificate of {one.host.endpoint} is for {names_of(certificate)}{asked}",
                (certificate_evidence(one, certificate),),
                Fix(f"get one that is for {wanted}, too{', and have it shown to who asks for that' if asked else ''}"),
            )
