"""An MX record names an IP address where a host name has to stand.

## Why it matters
The DNS reads ``192.0.2.1`` there as the name of a host called "192.0.2.1", which does not exist. Some senders
guess what was meant, most skip the exchanger.

## Example
```zone
$ORIGIN literal.example.
@  MX  10 11.0.1.25.
```

## Use instead
```zone
$ORIGIN literal.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 1035 §3.3.9: the exchange is a domain name.
- RFC 5321 §5.1: an exchanger is looked up as a name.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, lines, proposal
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mx import address_meant


@check("MX011", severity=Severity.WARNING, references=(rfc(1035, "3.3.9"), rfc(5321, "5.1")), since="0.1")
def exchange_is_ip_address(mx: MxSet) -> Iterator[Finding]:
    """An address as the exchange, also with the zone's name appended to it."""
    names = _free_names(mx)
    for record, source in zip(mx.records, mx.resource_records, strict=True):
        address = address_meant(record.exchange, mx.zone or mx.domain)
        if address is not None:
            host = next(names)
            yield Finding(
                f"the exchanger {record.exchange} is an IP address where a host name has to stand",
                exchange_evidence(mx, record.exchange, "is an IP address, not a name"),
                Fix(
                    "give the host a name and put that into the MX record",
                    remove=lines([source]),
                    add=(
                        proposal(mx, "MX", f"{record.preference} {host}."),
                        proposal(mx, "A" if address.version == 4 else "AAAA", str(address), name=host),
                    ),
                ),
            )


def _free_names(mx: MxSet) -> Iterator[str]:
    """Names for hosts that no other exchanger of the set bears."""
    taken = {record.exchange for record in mx.records}
    return (name for number in count(1) if (name := f"mx{number}.{mx.zone or mx.domain}") not in taken)
