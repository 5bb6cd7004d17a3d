"""A resolver does not look at DNSSEC signatures.

## Why it matters
Domains whose signatures are broken look well through it, while half the world's resolvers refuse them. DANE cannot
be used at all, and whoever forges an answer on the way is believed.

## Example
```world
like = "resolver-well"

[resolver]
validating = false
```

## Use instead
```world
like = "resolver-well"

[resolver]
validating = true
```

## References
- RFC 4035 §5.5: a resolver that validates answers SERVFAIL for data that fails validation.
- RFC 4035 §3.2.2: with checking disabled it hands the same data out.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered, untold
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc


@check("RES005", severity=Severity.WARNING, references=(rfc(4035, "5.5"), rfc(4035, "3.2.2")), since="0.1")
def resolver_does_not_validate(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """Data for names whose signatures are broken on purpose."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        if test.validates is False:
            shown = (one for one in test.bogus if one.validates is False)
            yield Finding(
                f"the resolver {test.server} does not validate DNSSEC",
                tuple(
                    Evidence(f"{one.bogus.name} A: {one.checked.status}", None, "its signatures are broken on purpose")
                    for one in shown
                ),
                Fix("switch DNSSEC validation on in it, or run a validating resolver such as Unbound on this machine"),
            )
        elif test.validates is None:
            yield untold(test)
