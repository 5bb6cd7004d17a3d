"""The same exchanger is named more than once.

## Why it matters
The second entry adds nothing: a sender that failed with the host tries the same host again. It often stands for
a back-up that somebody meant to set up.

## Example
```zone
$ORIGIN twice.example.
@    MX  10 mx1
@    MX  20 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN twice.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: the list of exchangers is tried host by host.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count, exchange_evidence, lines
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mx import ROOT


@check("MX015", severity=Severity.NOTE, references=(rfc(5321, "5.1"),), since="0.1")
def duplicate_exchange(mx: MxSet) -> Iterator[Finding]:
    """One exchange, several records."""
    for exchange, number in Counter(record.exchange for record in mx.records).items():
        if number > 1 and exchange != ROOT:
            pairs = zip(mx.records, mx.resource_records, strict=True)
            rising = sorted(
                (pair for pair in pairs if pair[0].exchange == exchange), key=lambda pair: pair[0].preference
            )
            yield Finding(
                f"the exchanger {exchange} is named {count(number, 'time')}",
                exchange_evidence(mx, exchange, "named more than once"),
                Fix("keep the entry with the lowest preference", remove=lines([source for _, source in rising[1:]])),
            )
