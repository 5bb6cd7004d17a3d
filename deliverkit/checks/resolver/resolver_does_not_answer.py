"""A resolver of this machine does not answer.

## Why it matters
Every program that asks it waits until it gives up, a mail server among them: mail is late, checks of senders time
out. Nothing that such a resolver says, or does not say, tells anything about a domain.

## Example
```world
like = "resolver-well"

[[faults]]
name = "*"
do = "refused"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 1123 §6.1.3.1: a machine relies on the recursive name servers near it, and has to be able to use several.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check("RES001", severity=Severity.ERROR, references=(rfc(1123, "6.1.3.1"),), since="0.1", decides=True)
def resolver_does_not_answer(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """No answer for the root's SOA record, which every resolver has at hand."""
    for test in resolvers.tests:
        if not test.root.status.was_asked:
            yield unknown(f"{test.server}: . SOA: {test.root.status}")
        elif test.failure:
            yield Finding(
                f"the resolver {test.failure}",
                (
                    Evidence(f". SOA: {test.root.status}"),
                    *(Evidence(f"the resolver says: {error}") for error in test.root.extended_errors),
                ),
                Fix("start it, let it answer this machine, or ask another one; for one run: --resolver IP"),
            )
