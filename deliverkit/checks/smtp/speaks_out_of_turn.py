"""A mail host says a reply that nothing had asked for.

## Why it matters
A sender counts: the first reply after a command is that command's. With one reply too many it takes each for the
answer to the next command, and may believe that a message was taken which was not.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "early at CONNECT"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.2: each command has exactly one reply.
- RFC 5321 §4.3.1: a sender waits for the greeting, and a host for commands.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    each_of,
    gathered,
    reply_evidence,
    talking,
    unheard,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

MENDING = "mend the mail server, or the filter in front of it that answers in its place"


@check("SMTP008", severity=Severity.WARNING, references=(rfc(5321, "4.2"), rfc(5321, "4.3.1")), since="0.1")
def speaks_out_of_turn(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host with the first reply that came before its command, up to the reply to QUIT, in each conversation."""
    yield from unheard(conversations)
    early = ((one.host, (one, one.out_of_turn[0])) for one in talking(conversations) if one.out_of_turn)
    told = gathered(early)
    if not told:
        return
    from deliverkit.checks.varied import values_of  # which conversations that go well do without

    values = values_of(conversations.held)
    for _, same in told:
        notes = [
            ", ".join(filter(None, (values.get(one.transcript.call), f"{no.elapsed:.3f} s after the beginning")))
            for one, no in same
        ]
        evidence = [reply_evidence(one, no, note) for (one, no), note in zip(same, notes, strict=True)]
        yield Finding(
            f"{each_of([one for one, _ in same])} says a reply that nothing had asked for",
            tuple(evidence),
            Fix(MENDING),
        )
