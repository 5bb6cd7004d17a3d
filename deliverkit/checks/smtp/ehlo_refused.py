"""A mail host refuses EHLO, though it takes HELO.

## Why it matters
EHLO is how a host says what it can do. Without it there is no TLS, no size that is known before, no 8-bit mail, no
delivery reports on demand. Often it is a firewall between that hides the word.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
replies = { EHLO = "502 5.5.1 not implemented" }
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §2.2.1: a host must take EHLO.
- RFC 5321 §3.2: a sender that is refused falls back to HELO.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    reply_evidence,
    talking,
    unheard,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("SMTP009", severity=Severity.WARNING, references=(rfc(5321, "2.2.1"), rfc(5321, "3.2")), since="0.1")
def ehlo_refused(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host that said no to EHLO and yes to HELO."""
    yield from unheard(conversations)
    for one in talking(conversations):
        refused, taken = one.after("EHLO"), one.after("HELO")
        if refused and refused.reply.severity in {4, 5} and taken and taken.reply.severity == 2:
            yield Finding(
                f"{one.host.endpoint} refuses EHLO and takes HELO: it offers no extension, TLS among them",
                (reply_evidence(one, refused),),
                Fix("have the mail server take EHLO, and switch off SMTP inspection in the firewall before it"),
            )
