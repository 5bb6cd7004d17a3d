"""A mail host goes on talking after its reply to QUIT.

## Why it matters
The conversation is over with the reply to QUIT, and senders have hung up by then. What comes later does no harm, but
no mail server should have it to say.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "talkative at QUIT"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.1.1.10: a host says 221 and closes.
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
from deliverkit.model import Absent, Finding, Severity, rfc


@check("SMTP011", severity=Severity.NOTE, references=(rfc(5321, "4.1.1.10"),), since="0.1")
def talks_after_quit(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host with what it said after the reply to QUIT."""
    yield from unheard(conversations)
    for one in talking(conversations):
        more = one.after_quit
        if more:
            yield Finding(f"{one.host.endpoint} goes on talking after QUIT", (reply_evidence(one, more[0]),))
