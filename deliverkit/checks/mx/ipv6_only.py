"""No exchanger has an IPv4 address.

## Why it matters
A large share of senders has no IPv6. Their mail cannot be delivered; it waits, and bounces after days.

## Example
```zone
$ORIGIN v6.example.
@    MX    10 mx1
mx1  AAAA  2a11:db8:1::25
```

## Use instead
```zone
$ORIGIN v6.example.
@    MX    10 mx1
mx1  A     11.0.1.25
mx1  AAAA  2a11:db8:1::25
```

## References
- RFC 3974 §2: a mail host without an IPv4 address cannot be reached by senders that have IPv4 alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count, routable, unjudged
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc


@check("MX021", severity=Severity.WARNING, references=(rfc(3974, "2"),), since="0.1")
def ipv6_only(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """AAAA without A, on every exchanger."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    yield from unjudged(hosts)
    addresses = routable(hosts)
    if {found.address.version for found in addresses} != {6}:
        return
    unanswered = [host.ipv4.failure for host in hosts.hosts if host.ipv4.failure]
    if not unanswered and not hosts.left_out:
        yield Finding(
            f"senders without IPv6 cannot reach it: {_whose(len(hosts.hosts))} an IPv4 address",
            tuple(Evidence(str(found.record)) for found in addresses[:3]),
            Fix("publish an A record for at least one exchanger"),
        )


def _whose(number: int) -> str:
    return "its one exchanger is without" if number == 1 else f"none of the {count(number, 'exchanger')} has"
