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
from deliverkit.checks.wording import record_evidence
from deliverkit.facts import HostAddress, MailHosts, ReverseName
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, not_applicable
from deliverkit.standards.addresses import generic_part

_YAHOO = Reference("Yahoo sender best practices", "reverse DNS", date(2025, 4, 10))


@check("MX019", severity=Severity.NOTE, references=(_YAHOO,), since="0.1")
def generic_reverse_name(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """The address, or a word such as ``pool``, in every reverse name."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    for host in hosts.hosts:
        for found in host.addresses:
            parts = _generic_parts(found)
            if not parts or not all(parts.values()):
                continue
            name, part = next(iter(parts.items()))
            record = found.reverse.lookup.answer.records[0] if isinstance(found.reverse, ReverseName) else found.record
            yield Finding(
                f"{found.address} ({host.host}) has the generic-looking reverse name {name}",
                (record_evidence(record, part, "looks made up for the address"),),
                Fix(
                    "have the owner of the address block publish:  "
                    f"{found.address.reverse_pointer}.  IN  PTR  {host.host}."
                ),
            )


def _generic_parts(found: HostAddress) -> dict[str, str]:
    """Each reverse name with the part that looks generic; empty where a name does not."""
    if not isinstance(found.reverse, ReverseName):
        return {}
    spans = {name: generic_part(name, found.address) for name in found.reverse.names}
    return {name: name[slice(*span)] if span else "" for name, span in spans.items()}
