"""No mail host takes a connection.

## Why it matters
Every sender keeps the mail in its queue, tries again for four to five days, and then returns it.

## Example
```world
like = "resolver-well"
profile = "domain"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §4.5.4.1: a sender tries again for four to five days.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import doubt, transcript_evidence
from deliverkit.facts.smtp import Conversations, WayOut
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown

_FAR = "start the mail server, and open its port in every firewall on the way"
_NEAR = "start the mail server on this machine, and have it listen there"


@check("SMTP001", severity=Severity.ERROR, references=(rfc(5321, "4.5.4.1"),), since="0.1")
def no_host_answers(conversations: Conversations, way_out: WayOut) -> Iterator[Finding | Absent]:
    """Not one address takes the connection, though unrelated hosts do."""
    held = conversations.held
    if conversations.nobody:
        yield Finding(
            f"{conversations.nobody}: there is nobody to talk to",
            (),
            Fix("check the spelling; if it is right, give the domain an MX record, and its hosts addresses"),
        )
        return
    if any(one.is_connected for one in held):
        return
    doubts = [doubt(conversations, way_out, version) for version in (4, 6) if conversations.over(version)]
    lost = [f"the case file does not hold what was said with {one.host.endpoint}" for one in held if one.is_unrecorded]
    reasons = (*conversations.reasons, *lost)
    if held and not all(doubts) and not reasons:
        others = ", though unrelated mail hosts answer from here" if way_out.tests else ""
        number = len({one.host for one in held})
        takes = "its only address takes no" if number == 1 else f"none of {number} addresses takes a"
        yield Finding(
            f"{takes} connection{others}",
            tuple(transcript_evidence(one) for one in held),
            Fix(_NEAR if all(one.host.is_here for one in held) else _FAR),
        )
        return
    yield from (unknown(reason) for reason in (*filter(None, doubts), *reasons))
