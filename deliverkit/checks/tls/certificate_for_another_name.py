"""The certificate of a mail host is for another name.

## Why it matters
Senders that encrypt whenever they can do not look at certificates, so mail arrives all the same. Those that demand a
good one, by MTA-STS or by their own policy, do not deliver here.

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
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.tls.wording import (
    certificate_evidence,
    names_of,
    shown_certificates,
    unseen,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("TLS005", severity=Severity.NOTE, references=(rfc(9525, "6.3"), rfc(8461, "4.2")), since="0.1")
def certificate_for_another_name(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each certificate that is not for the exchanger's name; where a host was named by its address, none is judged."""
    yield from unseen(conversations)
    shown = shown_certificates(conversations)
    if shown and not any(one.host.is_named for one, _ in shown):
        yield not_applicable("the host was named by its address, so its certificate's name is not judged")
    for one, certificate in shown:
        if one.host.is_named and not certificate.is_for(one.host.name):
            yield Finding(
                f"the certificate of {one.host.endpoint} is for {names_of(certificate)}",
                (certificate_evidence(one, certificate),),
                Fix(f"get one that is for {one.host.name}, too"),
            )
