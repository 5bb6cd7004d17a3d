"""An exchanger's name ends in the zone's name by mistake: the final dot was forgotten.

## Why it matters
In a zone file, and in many web forms, a name without a final dot gets the zone's name appended. So
``mail.example.com`` turns into ``mail.example.com.example.com``, which does not exist.

## Example
```zone
$ORIGIN doubled.example.
@     MX  10 mail.doubled.example
mail  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN doubled.example.
@     MX  10 mail.doubled.example.
mail  A   11.0.1.25
```

## References
- RFC 1035 §5.1: names that do not end in a dot are relative and get the origin appended.
- RFC 1912 §2.4: names in records must lead somewhere.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, exchange_records, lines, proposal
from deliverkit.facts import MailHost, MailHosts
from deliverkit.knowledge.providers import provider_of
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.names import is_within


@check("MX029", severity=Severity.WARNING, references=(rfc(1035, "5.1"), rfc(1912, "2.4")), since="0.1")
def doubled_zone(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """The zone's name appended to a name that was whole."""
    for host in () if hosts.is_implicit else hosts.hosts:
        intended = intended_name(hosts, host)
        if intended:
            records = exchange_records(hosts.mx, host.host)
            yield Finding(
                f"the exchanger {host.host} is not the host that was meant: the zone's name was appended to {intended}",
                exchange_evidence(hosts.mx, host.host, "the final dot was forgotten"),
                Fix(
                    "write the name with its final dot (or, in a form that appends the zone, without the zone)",
                    remove=lines(records),
                    add=tuple(
                        proposal(hosts.mx, "MX", f"{record.preference} {intended}.")
                        for record in hosts.mx.records
                        if record.exchange == host.host
                    ),
                ),
            )
    yield from (unknown(failure) for failure in hosts.failures)


def intended_name(hosts: MailHosts, host: MailHost) -> str:
    """The name that was meant, where the zone's name stands in it twice, or behind a provider's name."""
    zone = hosts.mx.zone or hosts.mx.domain
    name = host.host.removesuffix(f".{zone}")
    if name == host.host:
        return ""
    is_provider = host.does_not_exist and provider_of(name) is not None
    return name if is_within(name, zone) or is_provider else ""
