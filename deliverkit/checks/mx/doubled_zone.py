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
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.names import is_within


@check("MX029", severity=Severity.WARNING, references=(rfc(1035, "5.1"), rfc(1912, "2.4")), since="0.1")
def doubled_zone(hosts: MailHosts) -> Iterator[Finding]:
    """The zone's name appended to a name that was whole."""
    for host in () if hosts.is_implicit else hosts.hosts:
        intended = intended_name(hosts, host)
        if intended:
            records = exchange_records(hosts.mx, host.host)
            yield Finding(
                f"the exchanger {host.host} does not exist: the zone's name was appended to {intended}",
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


def intended_name(hosts: MailHosts, host: MailHost) -> str:
    """The name that was meant, where the host does not exist and its name ends in the zone's by mistake."""
    zone = hosts.mx.zone or hosts.mx.domain
    if not host.does_not_exist or not is_within(host.host, zone):
        return ""
    name = host.host.removesuffix(zone).removesuffix(".")
    return name if name and (is_within(name, zone) or provider_of(name) is not None) else ""
