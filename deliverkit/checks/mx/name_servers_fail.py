"""The domain's name servers do not answer, so its MX records cannot be found.

## Why it matters
A sender that gets SERVFAIL defers the message and asks again, for days. Usual causes: name servers that are
down, that do not know the zone (lame delegation), or that a firewall hides.

## Example
```world
target = "deaf.example"

[[zones]]
origin = "deaf.example"
text = "@ MX 10 mx1"

[[faults]]
name = "deaf.example"
do = "servfail"
```

## Use instead
```zone
$ORIGIN deaf.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 5321 §5.1: when the lookup fails for now, the message stays in the queue.
- RFC 8914 §4: the resolver's own words on the failure, where it gives any.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts import MxLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown


@check("MX023", severity=Severity.ERROR, references=(rfc(5321, "5.1"), rfc(8914, "4")), since="0.1", decides=True)
def name_servers_fail(mx: MxLookup) -> Iterator[Finding | Absent]:
    """SERVFAIL, with and without checking, from a resolver that answers for the root."""
    answer = mx.lookup.answer
    if mx.lookup.is_bogus or not mx.failure:
        return
    if mx.resolver_fails or not mx.lookup.is_dead:
        yield unknown(mx.failure)
        return
    yield Finding(
        f"the name servers of {mx.domain} do not answer for its MX, so senders defer its mail",
        (
            Evidence(f"{answer.name} MX: {answer.status}", None, "with and without DNSSEC checking"),
            *(Evidence(f"the resolver says: {error}") for error in answer.extended_errors),
        ),
        Fix("look at the name servers that the parent zone names: are they up, and do they know the zone?"),
    )
