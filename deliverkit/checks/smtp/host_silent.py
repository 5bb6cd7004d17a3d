"""A mail host takes no connection at one of its addresses, while others do.

## Why it matters
A sender that comes to this address first waits for half a minute or longer, and then goes on to the next. With every
message some time is lost, and a sender that tries one or two addresses alone keeps the mail in its queue.

## Example
```world
like = "resolver-well"
profile = "domain"

[[smtp]]
address = "11.0.1.25"
name = "mx1.good.example"
```

## Use instead
```world
like = "smtp-good"
```

## References
- RFC 5321 §5.1: a sender tries the addresses in turn until one takes the mail.
- RFC 5321 §4.5.3.2.1: a sender may wait five minutes for a host.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.smtp.wording import (
    doubt,
    talking,
    transcript_evidence,
    unheard,
)
from deliverkit.checks.wording import listed
from deliverkit.facts.smtp import Conversations, WayOut
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown

_WAYS = {
    4: "start the mail server there, and open its port in every firewall on the way; or take its MX record away",
    6: "have the mail server listen on its IPv6 address, and open its port there, too; or take its AAAA record away",
}


@check("SMTP003", severity=Severity.WARNING, references=(rfc(5321, "5.1"), rfc(5321, "4.5.3.2.1")), since="0.1")
def host_silent(conversations: Conversations, way_out: WayOut) -> Iterator[Finding | Absent]:
    """Each address that takes no connection, where unrelated hosts answer over the same version of IP."""
    yield from unheard(conversations)
    if not talking(conversations):
        return
    for version in (4, 6):
        silent = [one for one in conversations.over(version) if not (one.is_connected or one.is_unrecorded)]
        why = doubt(conversations, way_out, version) if silent else ""
        if why:
            yield unknown(f"{why}: nothing is said of {listed([one.host.address for one in silent])}")
            continue
        for one in silent:
            yield Finding(
                f"{one.host.endpoint} takes no connection, though unrelated hosts answer from here over IPv{version}",
                (transcript_evidence(one),),
                Fix(_WAYS[version]),
            )
