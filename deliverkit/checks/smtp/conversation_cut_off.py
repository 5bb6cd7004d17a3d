"""A mail host hangs up, or falls silent, in the middle of a conversation.

## Why it matters
A sender cannot know whether its mail was taken, so it sends it again later, perhaps twice. A host that has to end a
conversation says 421 first.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "drop at EHLO"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §3.8: a host may close only after QUIT, after 421, or when it has waited long enough.
- RFC 5321 §4.5.3.2: how long each step may take; of a message whose reply does not come, two copies may arrive.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import MAYBE_TAKEN, talking, transcript_evidence, unheard, where
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.smtp import ALERT, End

_WORDS = {
    End.HUNG_UP: "hangs up",
    End.RESET: "resets the connection",
    End.SILENT: "falls silent",
    End.STUCK: "stops reading",
    End.TLS_FAILED: "breaks TLS off",
}


@check("SMTP005", severity=Severity.WARNING, references=(rfc(5321, "3.8"), rfc(5321, "4.5.3.2")), since="0.1")
def conversation_cut_off(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host that ended a conversation, or let it end, before it was over."""
    yield from unheard(conversations)
    for one in talking(conversations):
        if one.is_cut_off:
            taken = f"; {MAYBE_TAKEN}, and a sender sends it again" if one.may_have_taken else ""
            yield Finding(
                f"{one.host.endpoint} {_WORDS[one.transcript.end]} {where(one)}{taken}",
                (transcript_evidence(one),),
                _advice(one),
            )


def _advice(one: Conversation) -> Fix:
    if one.transcript.detail == f"{ALERT}certificate required":  # RFC 8446 §6.2
        return Fix(
            "it demands a certificate of senders, which few have: have it demand none (Postfix: smtpd_tls_req_ccert = "
            "no); --client-cert shows it one"
        )
    if one.transcript.end is not End.SILENT:
        return Fix("look in the host's log for why it ends: a crash, a limit, or a firewall that reads along")
    # RFC 5321 §4.5.3.2: a sender waits for 5 minutes at most steps, and for 10 after the message
    return Fix("see whether it is only slow, with --patience 300 as senders have; look in the host's log for why")
