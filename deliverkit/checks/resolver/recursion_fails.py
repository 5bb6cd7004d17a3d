"""A resolver answers what it has at hand, but cannot find out anything new.

## Why it matters
A name server that does not recurse, a resolver without an uplink or a portal that wants a login answer some questions
and fail for the rest. To whoever asks them, domains look broken that are well.

## Example
```world
like = "resolver-well"

[[faults]]
name = "*"
type = "A"
do = "servfail"
```

## Use instead
```world
like = "resolver-well"
```

## References
- RFC 1034 §4.3.1: who offers recursion answers with the data, an error, or the word that there is no such name.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.resolver.wording import unanswered
from deliverkit.facts.resolver import ResolverTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status

_FIX = Fix("let it recurse for this machine and give it a way to the Internet; for one run: --resolver IP")


@check("RES002", severity=Severity.ERROR, references=(rfc(1034, "4.3.1"),), since="0.1")
def recursion_fails(resolvers: ResolverTests) -> Iterator[Finding | Absent]:
    """No definite answer for a name that nobody has made, so that no cache can have it."""
    yield from unanswered(resolvers)
    for test in resolvers.answering:
        denial = test.made_up
        if not denial.status.was_asked:
            yield unknown(f"{test.server}: {denial.name} A: {denial.status}")
        elif not denial.status.is_definite:
            yield Finding(
                f"the resolver {test.server} has an answer for the root, but finds nothing out: {denial.status}",
                (
                    Evidence(f"{denial.name} A: {denial.status}", None, "a name that nobody has made"),
                    *(Evidence(f"the resolver says: {error}") for error in denial.extended_errors),
                ),
                _FIX,
            )
        elif test.denied:
            yield Finding(
                f"the resolver {test.server} denies names that exist",
                tuple(
                    Evidence(f"{name} A: {Status.NXDOMAIN}", None, "everybody else finds it") for name in test.denied
                ),
                _FIX,
            )
