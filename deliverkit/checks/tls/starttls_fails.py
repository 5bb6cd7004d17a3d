"""A mail host offers STARTTLS, and it does not work.

## Why it matters
Senders that find the promise broken do different things: some send in the clear, some try again for days and give up.
Those that demand TLS never get through.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
tls = "alert"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 3207 §4: 220 to STARTTLS, then the handshake.
- RFC 3207 §4.1: what follows where it fails.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    talking,
    unheard,
)
from deliverkit.checks.tls.wording import (
    verdicts,
    was_to_speak_tls,
)
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("TLS002", severity=Severity.WARNING, references=(rfc(3207, "4"), rfc(3207, "4.1")), since="0.1")
def starttls_fails(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host whose STARTTLS is refused, or whose handshake fails."""
    yield from unheard(conversations)
    tried = [one for one in talking(conversations) if one.offers_tls or one.transcript.handshake]
    if not tried and talking(conversations):
        yield not_applicable("no host offers TLS")
    for one in tried:
        handshake = verdicts(one).handshake
        if handshake.is_good is False:
            yield Finding(
                f"{one.host.endpoint} offers TLS, but it does not work: {handshake.words}",
                (Evidence(f"{one.host.endpoint}: {handshake.words}"),),
                Fix("look for it in the host's log: a certificate without its key, no common version or cipher"),
            )
        elif one.greets_in_the_clear:
            yield not_applicable("the script begins with TLS at a port that speaks plain SMTP")
        elif handshake.is_good is None and one.after("STARTTLS") and _went_with_more(one):
            yield not_applicable(f"{one.host.endpoint}: TLS was {handshake.words}")
        elif handshake.is_good is None and not was_to_speak_tls(one):
            yield not_applicable("the script does not speak TLS")
        elif handshake.is_good is None:
            yield unknown(f"{one.host.endpoint} offers TLS, which the conversation did not try")


def _went_with_more(one: Conversation) -> bool:
    from deliverkit.facts.starttls import goes_with_more  # which most conversations do without

    return goes_with_more(one)
