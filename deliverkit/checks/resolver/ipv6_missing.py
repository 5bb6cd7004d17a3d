"""This machine has no way out over IPv6, or none to port 25.

## Why it matters
Hosts that are reached over IPv6 alone cannot be tried from here, and nothing is said about them. Mail itself arrives:
every large host has IPv4 too.

## Example
```world
like = "resolver-well"
listening = ["11.25.1.1", "11.25.2.1", "11.25.3.1", "11.25.4.1", "11.25.5.1"]
```

## Use instead
```world
like = "resolver-well"
listening = ["11.25.1.1", "2a11:db8:25:1::1"]
```

## References
- RFC 3974 §2: a mail host that has both kinds of address is reached by everyone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import attempt_evidence
from deliverkit.facts.resolver import PortTests, ResolverTests
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations.reach import Reach


@check("RES011", severity=Severity.NOTE, references=(rfc(3974, "2"),), since="0.1")
def ipv6_missing(ports: PortTests, resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """Every attempt over IPv6 fails, while those over IPv4 do not, or no way leads there at all."""
    attempts = ports.over(6)
    if ports.is_open(6):
        return
    if not attempts:
        none = ("no control host has an IPv6 address through this resolver",)
        yield from (unknown(reason) for reason in resolvers.distrust or ports.unresolved(6) or none)
    elif all(one.status is Reach.UNREACHABLE for one in attempts):
        yield _finding(ports, "this machine has no way out over IPv6")
    elif ports.is_open(4):
        yield _finding(ports, "IPv6 is missing here, or port 25 is blocked over it")
    else:
        yield unknown("port 25 is closed over IPv4 too, so it cannot be told whether IPv6 is there")


def _finding(ports: PortTests, message: str) -> Finding:
    return Finding(
        message, attempt_evidence(ports, 6), Fix("give this machine an IPv6 address and a route, or do without")
    )
