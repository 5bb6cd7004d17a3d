"""A resolver validates DNSSEC, but does not say so.

## Why it matters
Programs tell a validated answer by its AD bit. Without it a mail server cannot use DANE, and deliverkit cannot tell a
signed zone from an unsigned one. Forwarders between this machine and the resolver often drop the bit.

## Example
```world
like = "resolver-well"

[resolver]
authenticated = false
```

## Use instead
```world
like = "resolver-well"

[resolver]
authenticated = true
```

## References
- RFC 4035 §3.2.3: a resolver sets the AD bit where all of an answer was validated.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered, untold
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc


@check("RES006", severity=Severity.NOTE, references=(rfc(4035, "3.2.3"),), since="0.1")
def ad_bit_missing(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """Broken signatures are refused, and the signed root comes without the AD bit."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        if test.validates is None:
            yield untold(test)
        elif not test.validates:
            yield not_applicable(f"{test.server} does not validate")
        elif not test.root.authenticated:
            yield Finding(
                f"the resolver {test.server} validates, but its answers do not bear the AD bit",
                (Evidence(f". SOA: {test.root.status}", None, "the root is signed"),),
                Fix("let the forwarder before it pass the bit on (dnsmasq: proxy-dnssec), or ask the resolver itself"),
            )
