"""Port 25 seems to be blocked from this machine.

## Why it matters
Home networks, laptops and clouds seldom let machines connect to port 25. From here no mail server can be tried, and
none that is silent may be blamed: nothing is said about anybody's port 25 until this one is open.

## Example
```world
like = "resolver-well"
listening = []
```

## Use instead
```world
like = "resolver-well"
listening = ["11.25.1.1", "11.25.2.1", "11.25.3.1"]
```

## References
- RFC 5321 §4.5.4.2: an SMTP server listens on port 25.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import attempt_evidence
from deliverkit.checks.wording import count
from deliverkit.facts.resolver import PortTests, ResolverTests
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("RES010", severity=Severity.WARNING, references=(rfc(5321, "4.5.4.2"),), since="0.1")
def port_25_blocked(ports: PortTests, resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """Not one of several unrelated hosts takes a connection over IPv4."""
    if ports.is_open(4):
        return
    reasons = resolvers.distrust or ports.unresolved(4)
    versions = (4,) if ports.is_open(6) else (4, 6)
    numbers = [len(ports.over(version)) for version in versions]
    if max(numbers) > 1:  # hosts that have nothing to do with each other
        over = " over IPv4" if ports.is_open(6) else ""
        tried = count(sum(numbers), "connection")
        yield Finding(
            f"port 25 seems to be blocked from this machine{over}: none of {tried} to unrelated mail hosts was taken",
            attempt_evidence(ports, *versions),
            Fix("ask the network's operator to open it, or try mail hosts from a machine where it is open"),
        )
    elif not reasons:
        yield unknown("no connection to an unrelated mail host was tried over IPv4")
    yield from (unknown(reason) for reason in reasons)
