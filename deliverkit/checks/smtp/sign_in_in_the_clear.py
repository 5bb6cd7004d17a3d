"""A submission host offers to sign in before TLS.

## Why it matters
A mail program that is not set up with care sends its password over the open network, where everybody on the way can
read it. A host that offers AUTH only inside TLS keeps it from that.

## Example
```world
like = "smtp-good"
port = 587

[[smtp]]
address = "11.0.1.25"
port = 587
name = "mx1.good.example"
auth = ["PLAIN", "LOGIN"]
```

## Use instead
```world
like = "smtp-good"
port = 587

[[smtp]]
address = "11.0.1.25"
port = 587
name = "mx1.good.example"
```

## References
- RFC 4954 §4: a host can be set up to take no password in the clear.
- RFC 8314 §3.3: submission is to use TLS.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    talking,
    unheard,
)
from deliverkit.checks.wording import listed
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.smtp.target import SUBMISSION_PORT

_SHOWING = frozenset({"PLAIN", "LOGIN", "XOAUTH2", "OAUTHBEARER"})


@check("SMTP014", severity=Severity.WARNING, references=(rfc(4954, "4"), rfc(8314, "3.3")), since="0.1")
def sign_in_in_the_clear(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host on port 587 that offers a mechanism in the clear which shows the password."""
    yield from unheard(conversations)
    submission = [one for one in talking(conversations) if one.host.port == SUBMISSION_PORT]
    if not submission and talking(conversations):
        yield not_applicable(f"no host was spoken to on port {SUBMISSION_PORT}")
    for one in submission:
        hello = one.after("EHLO", secure=False)
        shown = [word for word in one.extensions.get("AUTH", "").upper().split() if word in _SHOWING]
        if hello and shown:
            yield Finding(
                f"{one.host.endpoint} offers to sign in with {listed(shown)} before TLS",
                (Evidence(f"250-AUTH {' '.join(shown)}", note="in the clear"),),
                Fix("offer AUTH only inside TLS (Postfix: smtpd_tls_auth_only = yes)"),
            )
