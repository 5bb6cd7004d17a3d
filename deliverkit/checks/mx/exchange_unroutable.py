"""An exchanger has an address that the Internet cannot reach: private, loopback or reserved.

## Why it matters
A sender that picks this address connects to a machine of its own network, or to nothing. Addresses from inside
leak into the public DNS when the inner and the outer view of a zone are mixed up.

## Example
```zone
$ORIGIN inside.example.
@    MX  10 mx1
mx1  A   11.0.1.25
mx1  A   192.168.1.25
```

## Use instead
```zone
$ORIGIN inside.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 6890 §2.2.2: the registry of addresses that are not globally reachable.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, record_evidence, unjudged
from deliverkit.facts import Expectations, MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.addresses import unroutable_kind


@check("MX014", severity=Severity.WARNING, references=(rfc(6890, "2.2.2"),), since="0.1")
def exchange_unroutable(hosts: MailHosts, expectations: Expectations) -> Iterator[Finding | Absent]:
    """An address of RFC 6890's registry."""
    if expectations.private_addresses:
        yield not_applicable("the profile expects private addresses")
        return
    if not expectations.takes_mail:
        yield not_applicable("the profile expects no mail here")
        return
    yield from unjudged(hosts)
    for host in hosts.hosts:
        for found in host.addresses:
            kind = unroutable_kind(found.address)
            if kind is not None:
                yield Finding(
                    f"{host.host} has the {kind} address {found.address}, which no sender on the Internet can reach",
                    (record_evidence(found.record, found.record.data, f"is a {kind} address"),),
                    Fix("remove the address from the public zone", remove=lines([found.record])),
                )
