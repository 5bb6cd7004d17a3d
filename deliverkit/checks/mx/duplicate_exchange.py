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
from deliverkit.checks.wording import count, exchange_evidence, exchange_records, lines
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mx import parse_mx


@check("MX015", severity=Severity.NOTE, references=(rfc(5321, "5.1"),), since="0.1")
def duplicate_exchange(mx: MxSet) -> Iterator[Finding]:
    """One exchange, several records."""
    for exchange, number in Counter(record.exchange for record in mx.records).items():
        if number > 1:
            records = sorted(exchange_records(mx, exchange), key=lambda record: _preference(record.data))
            yield Finding(
                f"the exchanger {exchange} is named {count(number, 'time')}",
                exchange_evidence(mx, exchange, "named more than once"),
                Fix("keep the entry with the lowest preference", remove=lines(records[1:])),
            )


def _preference(data: str) -> int:
    record = parse_mx(data)
    return record.preference if record else 0
