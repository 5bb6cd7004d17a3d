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
from deliverkit.checks.smtp.cut_off import cutting_off, is_cut_off_at, what_to_do
from deliverkit.checks.smtp.wording import talking, transcript_evidence, unheard
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("SMTP005", severity=Severity.WARNING, references=(rfc(5321, "3.8"), rfc(5321, "4.5.3.2")), since="0.1")
def conversation_cut_off(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host that ended a conversation, or let it end, before it was over."""
    yield from unheard(conversations)
    is_test = not conversations.conversing.is_greeting
    for one in talking(conversations):
        if is_test and _is_told_as_unmet(one):
            yield not_applicable(f"SMTP002 tells that {one.host.endpoint} {cutting_off(one)}")
        elif one.is_cut_off:
            does = f"{one.host.endpoint} {cutting_off(one)}"
            yield Finding(does, (transcript_evidence(one),), Fix(what_to_do(one)))


def _is_told_as_unmet(one: Conversation) -> bool:
    """Whether a script, which is a test, waited in vain for what came no more."""
    return any(is_cut_off_at(one, unmet) for unmet in one.transcript.unmet)
