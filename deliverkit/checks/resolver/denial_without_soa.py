"""A resolver says that a name does not exist, but leaves out the record that belongs to it.

## Why it matters
The SOA record says which zone denies the name, and for how long that may be kept. Filters and portals that make
denials up leave it out, so what such a resolver says of missing domains is not believed.

## Example
```world
like = "resolver-well"

[resolver]
bare_denials = true
```

## Use instead
```world
like = "resolver-well"

[resolver]
bare_denials = false
```

## References
- RFC 2308 §3: the SOA record has to come with the denial.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status


@check("RES004", severity=Severity.WARNING, references=(rfc(2308, "3"),), since="0.1")
def denial_without_soa(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """NXDOMAIN for a name that nobody has made, without a SOA record."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        denial = test.made_up
        if denial.is_bare_denial:
            yield Finding(
                f"the resolver {test.server} denies names without the SOA record that belongs to a denial",
                (Evidence(f"{denial.name} A: {denial.status}", None, "and no SOA record"),),
                Fix("ask a resolver that no filter stands before, such as one of your own; for one run: --resolver IP"),
            )
        elif denial.status is not Status.NXDOMAIN:
            yield unknown(f"{test.server}: {denial.name} A: {denial.status}")
