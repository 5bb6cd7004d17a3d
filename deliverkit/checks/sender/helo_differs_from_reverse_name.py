"""The HELO name is another than the reverse name.

## Why it matters
Both are names of the same machine, and receivers mostly see one name in both places. Some filters count a difference;
few refuse mail for it, and the standard forbids that.

## Example
```world
title = "Two names for one machine"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25"]
helo = "out.shop.example"

[[zones]]
origin = "shop.example"
text = '''
out  A  11.0.1.25
mx   A  11.0.1.25
'''

[addresses]
"11.0.1.25" = "mx.shop.example"
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
- RFC 5321 §4.1.4: a receiver may compare, and must not refuse mail for a difference alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.sender.wording import publishing, unreversed, without_helo
from deliverkit.checks.wording import listed, record_evidence
from deliverkit.facts.sender import SendingHosts
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("SND005", severity=Severity.NOTE, references=(rfc(5321, "4.1.4"),), since="0.1")
def helo_differs_from_reverse_name(found: SendingHosts) -> Iterator[Finding | Absent]:
    """Of the addresses that the HELO name has: in a pool the others have names of their own."""
    yield from unreversed(found)
    yield from without_helo(found)
    if found.helo is None:
        return
    name = found.helo.name
    for address, reverse in found.reversed:
        if address in found.helo.addresses and reverse.names and name not in reverse.names:
            record = reverse.lookup.answer.records[0]
            yield Finding(
                f"{address} greets as {name}, and its reverse name is {listed(reverse.names)}",
                (record_evidence(record, record.data, f"is not {name}"),),
                Fix(f"have the machine greet as {reverse.names[0]}, or {publishing(address, name)}"),
            )
