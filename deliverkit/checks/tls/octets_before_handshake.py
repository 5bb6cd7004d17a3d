"""A mail host says something in the clear behind its reply to STARTTLS.

## Why it matters
What comes between the 220 and the handshake can be put there by anybody on the way. A program that keeps it takes it
for something that was said inside TLS (CVE-2011-0411). deliverkit throws it away; other senders may not.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "inject at STARTTLS"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 3207 §4.2: what was learnt before the handshake is forgotten.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    reply_evidence,
)
from deliverkit.checks.tls.wording import (
    unsecured,
)
from deliverkit.checks.wording import count
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("TLS010", severity=Severity.WARNING, references=(rfc(3207, "4.2"),), since="0.1")
def octets_before_handshake(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host of which octets were thrown away before the handshake."""
    yield from unsecured(conversations)
    for one in conversations.held:
        shake = one.transcript.handshake
        if shake and shake.discarded:
            yield Finding(
                f"{one.host.endpoint} says {count(shake.discarded, 'octet')} in the clear behind its reply to STARTTLS",
                tuple(reply_evidence(one, found) for found in one.discarded[:1]),
                Fix("update the mail server; if it is up to date, look for who changes the traffic on the way"),
            )
