"""An exchanger's address has no reverse name (PTR).

## Why it matters
It does not hinder mail that comes in. It does once the host also sends: large providers refuse or defer mail
from an address without a reverse name.

## Example
```zone
$ORIGIN noptr.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN noptr.example.
@    MX  10 mx1
mx1  A   11.0.1.25
$ORIGIN 1.0.11.in-addr.arpa.
25   PTR  mx1.noptr.example.
```

## References
- RFC 1912 §2.1: every address of a host should have a PTR record that leads back.
- Gmail sender guidelines, reverse DNS (as of 2026-03-21): a sending address needs a PTR that leads back to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.checks.wording import record_evidence, reversed_addresses, unreversed
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, rfc

_GMAIL = Reference("Gmail sender guidelines", "reverse DNS", date(2026, 3, 21))


@check("MX017", severity=Severity.NOTE, references=(rfc(1912, "2.1"), _GMAIL), since="0.1")
def no_reverse_name(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """No PTR record at all."""
    yield from unreversed(hosts)
    for host, found, reverse in reversed_addresses(hosts):
        if not reverse.names:
            yield Finding(
                f"{found.address} ({host.host}) has no reverse name",
                (record_evidence(found.record, found.record.data, "has no PTR record"),),
                Fix(
                    "ask the owner of the address block (the hosting or Internet provider) to publish:  "
                    f"{found.address.reverse_pointer}.  IN  PTR  {host.host}."
                ),
            )
