"""The HELO name has no address, or none that sends.

## Why it matters
Receivers look the name up that a machine says in EHLO. One that leads nowhere, or to another machine, is what infected
home computers say.

## Example
```world
title = "A HELO name without an address"
profile = "sending"
target = "shop.example"
senders = ["11.0.1.25"]
helo = "out.shop.example"

[[zones]]
origin = "shop.example"
text = '''
@  A  11.0.9.80
'''

[addresses]
"11.0.1.25" = "mx.shop.example"

[[zones]]
origin = "mx.shop.example"
text = '''
@  A  11.0.1.25
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
- RFC 5321 §2.3.5: the name in EHLO is one that resolves.
- RFC 5321 §4.1.4: a receiver may look whether it belongs to the address.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.sender.wording import without_helo
from deliverkit.checks.wording import listed
from deliverkit.facts.sender import HeloName, SendingHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check("SND004", severity=Severity.WARNING, references=(rfc(5321, "2.3.5"), rfc(5321, "4.1.4")), since="0.1")
def helo_leads_elsewhere(found: SendingHosts) -> Iterator[Finding | Absent]:
    """A pool may share one name: it is enough that one of its addresses has it."""
    yield from without_helo(found)
    helo = found.helo
    senders = [one.address for one in found.addresses]
    if helo is None or not set(senders).isdisjoint(helo.addresses):
        return
    if helo.failures:
        if helo.addresses:
            yield from map(unknown, helo.failures)
        return
    said = f"leads to {listed(list(map(str, helo.addresses)))}, which does not send" if helo.addresses else ""
    yield Finding(
        f"the HELO name {helo.name} {said or 'has no address'}",
        _evidence(helo),
        Fix(f"give {helo.name} the address {senders[0]}, or have the machine say a name that has it"),
    )


def _evidence(helo: HeloName) -> tuple[Evidence, ...]:
    records = [record for lookup in helo.lookups for record in lookup.answer.records]
    if records:
        return tuple(Evidence(str(record)) for record in records[:3])
    return tuple(Evidence(f"{one.answer.name} {one.answer.rdtype}: {one.answer.status}") for one in helo.lookups)
