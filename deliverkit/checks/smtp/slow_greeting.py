"""A mail host lets a sender wait before it greets.

## Why it matters
Some hosts wait on purpose, because programs that send spam do not: a few seconds cost little. A longer time is often
a lookup that fails, a blocklist or a reverse name, and each message is late by as much; impatient senders hang up.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "tarpit at CONNECT"
seconds = 5.5
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.5.3.2.1: a sender should wait five minutes for the greeting.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    reply_evidence,
    talking,
    unheard,
)
from deliverkit.checks.wording import format_duration
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

SLOW = 5.0  # seconds


@check("SMTP006", severity=Severity.NOTE, references=(rfc(5321, "4.5.3.2.1"),), since="0.1")
def slow_greeting(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host whose greeting takes longer than `SLOW` seconds."""
    yield from unheard(conversations)
    for one in talking(conversations):
        if one.greeting and one.greeting.took > SLOW:
            yield Finding(
                f"{one.host.endpoint} greets after {format_duration(round(one.greeting.took))}",
                (reply_evidence(one, one.greeting),),
                Fix("if that is no delay against spam, look for the lookup that the host waits for"),
            )
