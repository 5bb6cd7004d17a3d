"""A resolver does not answer over TCP.

## Why it matters
Answers that do not fit into a UDP packet are fetched over TCP: long SPF and DKIM records, many exchangers. Without it
such a domain cannot be looked up, and mail to or from it fails here alone.

## Example
```world
like = "resolver-well"

[[faults]]
name = "."
type = "NS"
do = "no-tcp"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 7766 §5: every DNS server has to answer over TCP as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("RES007", severity=Severity.WARNING, references=(rfc(7766, "5"),), since="0.1")
def no_answer_over_tcp(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """The root's name servers, asked for over TCP alone."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        if test.over_tcp is None:
            yield not_applicable(f"{test.server} is asked over {test.transport} alone")
        elif not test.over_tcp.status.was_asked:
            yield unknown(f"{test.server}: . NS over TCP: {test.over_tcp.status}")
        elif not test.over_tcp.status.is_definite:
            yield Finding(
                f"the resolver {test.server} does not answer over TCP",
                (Evidence(f". NS over TCP: {test.over_tcp.status}"),),
                Fix("open TCP port 53 to it, in it and in every firewall on the way"),
            )
