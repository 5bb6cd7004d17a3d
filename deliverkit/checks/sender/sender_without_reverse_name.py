"""A sending address has no reverse name.

## Why it matters
Gmail, Yahoo and Microsoft refuse or distrust mail from such an address, over IPv4 and IPv6 alike, whatever else is in
order. It is published by the owner of the address block, not in your own zone.

## Example
```world
title = "A sender without a reverse name"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25"]
helo = "out.shop.example"

[[zones]]
origin = "shop.example"
text = '''
out  A  11.0.1.25
'''
```

## Use instead
```world
title = "A sender with a reverse name that leads back"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25"]
helo = "out.shop.example"

[[zones]]
origin = "shop.example"
text = '''
out  A  11.0.1.25
'''

[addresses]
"11.0.1.25" = "out.shop.example"
```

## References
- RFC 1912 §2.1: every address on the Internet has a name.
- Gmail sender guidelines, G3 reverse DNS (as of 2026-03-21): a sending address has a PTR that leads back to it.
- Yahoo sender best practices, Y3 reverse DNS (as of 2025-04-10): valid reverse DNS.
- Outlook.com postmaster policies, M7 reverse DNS (as of 2026-06-15): valid reverse DNS.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.sender.rules import GMAIL, MICROSOFT, YAHOO
from deliverkit.checks.sender.wording import publishing, unreversed
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc


@check("SND001", severity=Severity.ERROR, references=(rfc(1912, "2.1"), GMAIL, YAHOO, MICROSOFT), since="0.1")
def sender_without_reverse_name(found: SendingHosts) -> Iterator[Finding | Absent]:
    """No PTR record at all."""
    yield from unreversed(found)
    for address, reverse in found.reversed:
        if not reverse.names:
            yield Finding(
                f"the sending address {address} has no reverse name",
                (Evidence(f"{reverse.lookup.answer.name} PTR: {reverse.lookup.answer.status}"),),
                Fix(publishing(address, found.wanted_name)),
            )
