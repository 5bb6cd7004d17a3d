"""A mail host offers no TLS.

## Why it matters
Mail to it travels in the clear: everybody on the way can read and change it. Some senders and laws ask for TLS, and
such mail does not arrive at all.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = ""
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 3207 §4: a host names STARTTLS in its reply to EHLO.
- RFC 7435 §1: encryption without authentication is better than none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    each_of,
    reply_evidence,
    talking,
    unheard,
)
from deliverkit.checks.tls.wording import (
    verdicts,
    was_to_ask,
)
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("TLS001", severity=Severity.WARNING, references=(rfc(3207, "4"), rfc(7435, "1")), since="0.1")
def no_starttls(conversations: Conversations) -> Iterator[Finding | Absent]:
    """The hosts that say what they offer, and STARTTLS is not among it."""
    yield from unheard(conversations)
    bare: list[Conversation] = []
    for one in talking(conversations):
        advertised = verdicts(one).advertised
        if one.host.is_socket:
            yield not_applicable("what goes through a socket does not leave this machine")
        elif advertised.is_good is False:
            bare.append(one)
        elif advertised.is_good is None and (one.greets_in_the_clear or not was_to_ask(one)):
            yield not_applicable("the script does not come to ask what a host offers")
        elif advertised.is_good is None and not one.refusal:
            hello = one.after("EHLO")
            is_spoilt = hello is not None and hello.reply.code == 250
            said = "answers EHLO with a reply that is spoilt" if is_spoilt else "did not say what it offers"
            yield unknown(f"{one.host.endpoint} {said}")
    if bare:
        hellos = [(one, one.after("EHLO", secure=False)) for one in bare]
        yield Finding(
            f"{each_of(bare)} offers no STARTTLS: mail to it travels in the clear",
            tuple(reply_evidence(one, hello) for one, hello in hellos if hello),
            Fix("give the mail server a certificate, and switch STARTTLS on (Postfix: smtpd_tls_security_level)"),
        )
