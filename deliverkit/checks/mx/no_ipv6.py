"""No exchanger has an IPv6 address.

## Why it matters
Senders that have IPv6 alone cannot reach the domain. There are few of them, and every large sender has IPv4 too,
so this is a note.

## Example
```zone
$ORIGIN v4.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN v4.example.
@    MX    10 mx1
mx1  A     11.0.1.25
mx1  AAAA  2a11:db8:1::25
```

## References
- RFC 3974 §2: a mail host that has both kinds of address is reached by everyone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import routable, unjudged
from deliverkit.facts import MailHosts
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("MX020", severity=Severity.NOTE, references=(rfc(3974, "2"),), since="0.1")
def no_ipv6(hosts: MailHosts) -> Iterator[Finding | Absent]:
    """A without AAAA, on every exchanger."""
    if hosts.is_implicit:
        yield not_applicable("there is no MX record")
        return
    if hosts.hosts and all(host.is_large_provider for host in hosts.hosts):
        return
    yield from unjudged(hosts)
    versions = {found.address.version for found in routable(hosts)}
    if versions != {4}:
        return
    unanswered = [host.ipv6.failure for host in hosts.hosts if host.ipv6.failure]
    if not unanswered and not hosts.left_out:
        whose = f"{hosts.hosts[0].host} has" if len(hosts.hosts) == 1 else "no exchanger has"
        article = "no" if len(hosts.hosts) == 1 else "an"
        yield Finding(
            f"{whose} {article} IPv6 address",
            (),
            Fix("publish an AAAA record once the host takes mail over IPv6"),
        )
