"""A mail host says more than a conversation may hold.

## Why it matters
A reply without an end, or a line of a million octets, keeps a sender busy until it gives up; no mail gets through. It
is a fault of the host, or somebody answers there who means harm.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
do = "flood at CONNECT"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.5.3.1.5: a line of a reply has 512 octets at most.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    talking,
    transcript_evidence,
    unheard,
)
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.observations.smtp import End


@check("SMTP010", severity=Severity.WARNING, references=(rfc(5321, "4.5.3.1.5"),), since="0.1")
def endless_reply(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each host that was cut off because of how much it said."""
    yield from unheard(conversations)
    for one in talking(conversations):
        if one.transcript.end is End.FLOODED:
            yield Finding(
                f"{one.host.endpoint} says more than a conversation may hold: {one.transcript.detail}",
                (transcript_evidence(one),),
                Fix("look what answers at this address: it does not behave like a mail server"),
            )
