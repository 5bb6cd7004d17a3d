"""A resolver gives an address for a name that does not exist.

## Why it matters
Some networks lead mistyped names to a page of their own. Behind such a resolver no domain is ever missing: a vanished
exchanger looks alive, a blocklist looks as if it listed the whole world, and mail waits for hosts that nobody runs.

## Example
```world
like = "resolver-well"

[[zones]]
origin = "com"
text = "* A 11.0.66.6"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 1034 §4.3.1: a name that does not exist is answered with a name error.
- RFC 8020 §2: the name error says that there is nothing at the name, nor below it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered
from deliverkit.checks.wording import record_evidence
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status


@check("RES003", severity=Severity.ERROR, references=(rfc(1034, "4.3.1"), rfc(8020, "2")), since="0.1")
def nxdomain_rewritten(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """An address for a name that nobody has made."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        if test.made_up.records:
            record = test.made_up.records[0]
            yield Finding(
                f"the resolver {test.server} gives an address for a name that does not exist",
                (record_evidence(record, record.data, "nobody has made this name"),),
                Fix("switch its search page off, or use one that answers NXDOMAIN; for one run: --resolver IP"),
            )
        elif test.made_up.status is not Status.NXDOMAIN:
            yield unknown(f"{test.server}: {test.made_up.name} A: {test.made_up.status}")
