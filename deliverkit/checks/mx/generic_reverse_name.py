"""An exchanger's reverse name looks made up by its Internet provider: the address is spelt in it, or "dynamic".

## Why it matters
Receivers take such names for home connections. It does not hinder mail that comes in, but once the host also
sends, some receivers refuse it.

## Example
```zone
$ORIGIN generic.example.
@    MX  10 mx1
mx1  A   11.0.1.25
$ORIGIN 1.0.11.in-addr.arpa.
25   PTR  11-0-1-25.pool.isp.example.
$ORIGIN isp.example.
11-0-1-25.pool  A  11.0.1.25
```

## Use instead
```zone
$ORIGIN generic.example.
@    MX  10 mx1
mx1  A   11.0.1.25
$ORIGIN 1.0.11.in-addr.arpa.
25   PTR  mx1.generic.example.
```

## References
- Yahoo sender best practices, reverse DNS (as of 2025-04-10): the reverse name should not look generic.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.checks.wording import generic_evidence, generic_name, reversed_addresses, unreversed
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Finding, Fix, Reference, Severity

_YAHOO = Reference("Yahoo sender best practices", "reverse DNS", date(2025, 4, 10))


@check("MX019", severity=Severity.NOTE, references=(_YAHOO,), since="0.1")
def generic_reverse_name(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """The address, or a word such as ``pool``, in every reverse name."""
    yield from unreversed(hosts)
    for host, found, reverse in reversed_addresses(hosts):
        name = generic_name(reverse, found.address)
        if not name:
            continue
        yield Finding(
            f"{found.address} ({host.host}) has the generic-looking reverse name {name}",
            (generic_evidence(reverse, name, found.address),),
            Fix(
                f"have the owner of the address block publish:  {found.address.reverse_pointer}.  IN  PTR  {host.host}."
            ),
        )
