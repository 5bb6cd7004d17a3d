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
from deliverkit.facts import Lookup, MxLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown


@check("MX022", severity=Severity.ERROR, references=(rfc(4035, "5.5"), rfc(4035, "3.2.2")), since="0.1", decides=True)
def dnssec_bogus(mx: MxLookup) -> Iterator[Finding | Absent]:
    """SERVFAIL, but an answer once checking is disabled."""
    answer = mx.lookup.answer
    if mx.lookup.is_bogus:
        yield Finding(
            f"the DNSSEC signatures of {mx.zone or mx.domain} do not verify, so many senders cannot find its MX",
            (
                Evidence(f"{answer.name} MX: {answer.status}", None, "with DNSSEC checking"),
                *_unchecked(mx.lookup),
                *(Evidence(f"the resolver says: {error}") for error in answer.extended_errors),
            ),
            Fix("have the zone signed anew; if its DNS host has changed, replace or remove the old DS record"),
        )
    elif mx.resolver_fails or (mx.failure and not mx.lookup.is_dead):
        yield unknown(mx.failure)
    elif answer.status.is_definite and not answer.authenticated:
        yield not_applicable("the zone is not signed, or the resolver does not validate (no AD bit)")


def _unchecked(lookup: Lookup) -> Iterator[Evidence]:
    seen = lookup.unchecked
    if seen is not None and seen.status.is_definite:
        yield Evidence(f"{seen.name} MX: {seen.status}", None, "with checking disabled")
