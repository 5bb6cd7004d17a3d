"""A sending address's reverse name looks made up by its provider: the address is spelt in it, or "dynamic".

## Why it matters
Receivers take such names for home connections, and many refuse mail from those. A name of your own shows who answers
for the machine.

## Example
```world
title = "A sender with its provider's name"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25"]

[[zones]]
origin = "shop.example"
text = '''
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''

[addresses]
"11.0.1.25" = "11-0-1-25.pool.isp.example"

[[zones]]
origin = "isp.example"
text = '''
11-0-1-25.pool  A  11.0.1.25
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
- Yahoo sender best practices, Y3 reverse DNS (as of 2025-04-10): the reverse name should not look generic.
- Outlook.com postmaster policies, M7 reverse DNS (as of 2026-06-15): no dynamic addresses.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.sender.rules import MICROSOFT, YAHOO
from deliverkit.checks.sender.wording import publishing, unreversed
from deliverkit.checks.wording import generic_evidence, generic_name
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, Finding, Fix, Severity


@check("SND003", severity=Severity.WARNING, references=(YAHOO, MICROSOFT), since="0.1")
def generic_sender_name(found: SendingHosts) -> Iterator[Finding | Absent]:
    """The address, or a word such as ``pool``, in every reverse name."""
    yield from unreversed(found)
    for address, reverse in found.reversed:
        name = generic_name(reverse, address)
        if name:
            yield Finding(
                f"the sending address {address} has the generic-looking reverse name {name}",
                (generic_evidence(reverse, name, address),),
                Fix(publishing(address, found.wanted_name)),
            )
