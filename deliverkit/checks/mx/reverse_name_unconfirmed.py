"""An exchanger's reverse name does not lead back to its address.

## Why it matters
Anyone may write any name into the reverse zone of an address, so a receiver believes it only if that name
resolves to the same address. It matters once the host also sends.

## Example
```zone
$ORIGIN ptr.example.
@    MX  10 mx1
mx1  A   11.0.1.25
$ORIGIN 1.0.11.in-addr.arpa.
25   PTR  old.ptr.example.
```

## Use instead
```zone
$ORIGIN ptr.example.
@    MX  10 mx1
mx1  A   11.0.1.25
$ORIGIN 1.0.11.in-addr.arpa.
25   PTR  mx1.ptr.example.
```

## References
- RFC 1912 §2.1: PTR and address records have to match.
- Gmail sender guidelines, reverse DNS (as of 2026-03-21): the PTR's name has to resolve to the sending address.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed, record_evidence, reversed_addresses, unreversed
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, rfc, unknown

_GMAIL = Reference("Gmail sender guidelines", "reverse DNS", date(2026, 3, 21))


@check("MX018", severity=Severity.NOTE, references=(rfc(1912, "2.1"), _GMAIL), since="0.1")
def reverse_name_unconfirmed(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """None of the PTR names has the address."""
    yield from unreversed(hosts)
    for host, found, reverse in reversed_addresses(hosts):
        if not reverse.names or reverse.confirmed:
            continue
        if reverse.unresolved:
            yield from (unknown(lookup.failure) for lookup in reverse.unresolved)
            continue
        record = reverse.lookup.answer.records[0]
        yield Finding(
            f"{found.address} ({host.host}) has the reverse name {listed(reverse.names)}, which does not lead back",
            (record_evidence(record, record.data, f"does not resolve to {found.address}"),),
            Fix(
                f"give {reverse.names[0]} the address {found.address}, or have the owner of the address block "
                f"publish:  {found.address.reverse_pointer}.  IN  PTR  {host.host}."
            ),
        )
