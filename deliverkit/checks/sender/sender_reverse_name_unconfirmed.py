"""A sending address's reverse name does not lead back to it.

## Why it matters
Anybody may write any name into the reverse zone of an address, so receivers believe it only where that name has the
same address. Gmail refuses the mail where it has not.

## Example
```world
title = "A sender with an old reverse name"
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
"11.0.1.25" = "old.shop.example"
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
- RFC 1912 §2.1: PTR and address records have to match.
- Gmail sender guidelines, G3 reverse DNS (as of 2026-03-21): the PTR's name resolves to the sending address.
- Yahoo sender best practices, Y3 reverse DNS (as of 2025-04-10): forward and reverse DNS are valid.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.sender.rules import GMAIL, YAHOO
from deliverkit.checks.sender.wording import publishing, unreversed
from deliverkit.checks.wording import listed, record_evidence
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("SND002", severity=Severity.ERROR, references=(rfc(1912, "2.1"), GMAIL, YAHOO), since="0.1")
def sender_reverse_name_unconfirmed(found: SendingHosts) -> Iterator[Finding | Absent]:
    """None of the PTR names has the address."""
    yield from unreversed(found)
    for address, reverse in found.reversed:
        if not reverse.names or reverse.confirmed:
            continue
        if reverse.unresolved:
            yield from (unknown(lookup.failure) for lookup in reverse.unresolved)
            continue
        record = reverse.lookup.answer.records[0]
        yield Finding(
            f"the sending address {address} has the reverse name {listed(reverse.names)}, which does not lead back",
            (record_evidence(record, record.data, f"does not resolve to {address}"),),
            Fix(f"give {reverse.names[0]} the address {address}, or {publishing(address, found.wanted_name)}"),
        )
