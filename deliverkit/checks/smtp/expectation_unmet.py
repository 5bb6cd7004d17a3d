"""A host did not say what the script expects.

## Why it matters
A script is a test: each of its lines that begins with < says what a host has to reply. One that is not met is what the
script was written to find.

## Example
```world
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
replies = { QUIT = "451 4.3.0 stay" }
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.3.2: the replies that each command may have.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.smtp import Conversations
from deliverkit.model import Absent, Evidence, Finding, Severity, rfc


@check("SMTP002", severity=Severity.ERROR, references=(rfc(5321, "4.3.2"),), since="0.1")
def expectation_unmet(conversations: Conversations) -> Iterator[Finding | Absent]:
    """Each expectation that was not met, of the hosts that took the connection."""
    for one in conversations.held:
        for unmet in one.transcript.unmet if one.is_connected else ():
            yield Finding(
                f"{one.host.endpoint} does not say what the script {conversations.conversing.name} expects",
                (Evidence(f"line {unmet.line} wants {unmet.wanted}", note=f"got {unmet.got}"),),
            )
