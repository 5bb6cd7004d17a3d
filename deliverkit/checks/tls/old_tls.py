"""A mail host speaks no version of TLS that still counts as safe.

## Why it matters
TLS 1.0 and 1.1 are broken in several ways, and by the standard no longer to be used. Senders that have switched them
off cannot shake hands with this host, and send in the clear or not at all; those that know MTA-STS or DANE, and find
that TLS is demanded, do not deliver.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
tls = "old"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 8996 §1: TLS 1.0 and 1.1 must not be used.
- RFC 9325 §3.1.1: TLS 1.2 must be there, and 1.3 should.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    version_words,
)
from deliverkit.checks.tls.wording import unsecured
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc


@check("TLS003", severity=Severity.WARNING, references=(rfc(8996, "1"), rfc(9325, "3.1.1")), since="0.1")
def old_tls(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host whose best version is older than TLS 1.2."""
    yield from unsecured(conversations)
    for one in conversations.held:
        shake = one.transcript.handshake
        if shake and shake.is_outdated:
            yield Finding(
                f"{one.host.endpoint} speaks {version_words(shake.version)} and nothing newer",
                (Evidence(f"{one.host.endpoint}: {version_words(shake.version)}, {shake.cipher}"),),
                Fix("update the TLS library of the mail server and allow TLS 1.2 and 1.3"),
            )
