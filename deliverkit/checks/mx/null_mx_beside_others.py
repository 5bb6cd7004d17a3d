"""A null MX stands beside other MX records, which the standard forbids.

## Why it matters
The null MX says that the domain takes no mail, the others say that it does. Senders differ: some skip it, some
count it as a broken host, some bounce every message.

## Example
```zone
$ORIGIN torn.example.
@    MX  0 .
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN torn.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 7505 §3: a domain with a null MX must have no other MX record.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, exchange_records, lines
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mx import ROOT


@check("MX006", severity=Severity.WARNING, references=(rfc(7505, "3"),), since="0.1")
def null_mx_beside_others(mx: MxSet) -> Iterator[Finding]:
    """``.`` and a host name in one set."""
    null = exchange_records(mx, ROOT)
    if null and mx.order:
        yield Finding(
            f"{mx.domain} has a null MX beside other exchangers, and senders differ in what they make of that",
            exchange_evidence(mx, ROOT, "says that no mail is accepted"),
            Fix(
                "remove the null MX, if the domain should take mail; else remove the others",
                remove=lines(null),
            ),
        )
