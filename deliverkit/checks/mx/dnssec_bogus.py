"""The domain's DNSSEC signatures do not verify, so validating resolvers hide its MX records.

## Why it matters
To every sender behind a validating resolver, the large providers among them, the domain does not answer: its
mail is deferred and bounces after days. Senders behind other resolvers see nothing wrong, which makes it hard to
find. Usual causes: signatures that ran out, or a DS record left behind after a change of DNS host.

## Example
```world
target = "bogus.example"

[[zones]]
origin = "bogus.example"
bogus = true
text = '''
@    MX  10 mx1
mx1  A   11.0.1.25
'''
```

## Use instead
```world
target = "bogus.example"

[[zones]]
origin = "bogus.example"
signed = true
text = '''
@    MX  10 mx1
mx1  A   11.0.1.25
'''
```

## References
- RFC 4035 §5.5: a resolver answers SERVFAIL for data that fails validation.
- RFC 4035 §3.2.2: with checking disabled it hands the same data out.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts import MxLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status


@check("MX022", severity=Severity.ERROR, references=(rfc(4035, "5.5"), rfc(4035, "3.2.2")), since="0.1")
def dnssec_bogus(mx: MxLookup) -> Iterator[Finding | Absent]:
    """SERVFAIL, but an answer once checking is disabled."""
    answer = mx.lookup.answer
    if mx.lookup.unchecked is not None and mx.lookup.is_bogus:
        seen = mx.lookup.unchecked
        yield Finding(
            f"the DNSSEC signatures of {mx.zone or mx.domain} do not verify, so many senders cannot find its MX",
            (
                Evidence(f"{answer.name} MX: {answer.status}", None, "with DNSSEC checking"),
                Evidence(f"{seen.name} MX: {seen.status}", None, "with checking disabled"),
                *(Evidence(f"the resolver says: {error.text}") for error in answer.extended_errors if error.text),
            ),
            Fix("have the zone signed anew; if its DNS host has changed, replace or remove the old DS record"),
        )
    elif mx.resolver_fails or (mx.failure and answer.status is not Status.SERVFAIL):
        yield unknown(mx.failure)
