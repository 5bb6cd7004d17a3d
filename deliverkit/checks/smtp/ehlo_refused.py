"""A mail host refuses EHLO, though it takes HELO.

## Why it matters
EHLO is how a host says what it can do. Without it there is no TLS, no size that is known before, no 8-bit mail, no
delivery reports on demand. Often it is a firewall between that hides the word. Where the reply is about the name that
the host was greeted with, nothing is said of what it offers to others.

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
- RFC 5321 §4.1.1.1: the name that a client greets with.
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

_INSPECTED = "have the mail server take EHLO, and switch off SMTP inspection in the firewall before it"
_OWN_NAME = (
    "greet with the real name of this machine, which has an address and is its reverse name: --helo NAME; if that is "
    "refused, too, ask from a machine that sends mail"
)


@check(
    "SMTP009",
    severity=Severity.WARNING,
    references=(rfc(5321, "2.2.1"), rfc(5321, "4.1.1.1"), rfc(5321, "3.2")),
    since="0.1",
)
def ehlo_refused(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host that said no to EHLO and yes to HELO: as it does not know EHLO, or because of who says it."""
    yield from unheard(conversations)
    for one in talking(conversations):
        refused = one.after("EHLO")
        if refused is None or not one.refuses_ehlo_alone:
            continue
        does = f"{one.host.endpoint} refuses EHLO{' for now' if refused.reply.severity == 4 else ''} and takes HELO"
        if one.takes_helo_alone:
            yield Finding(
                f"{does}: it offers no extension, TLS among them", (reply_evidence(one, refused),), Fix(_INSPECTED)
            )
        else:
            yield Finding(
                f"{does}, which may be because of who greets: what it offers to others is not known",
                (reply_evidence(one, refused),),
                Fix(_OWN_NAME),
            )
