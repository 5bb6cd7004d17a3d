"""A wildcard gives an MX to every name below the domain, also to those that nobody made.

## Why it matters
Mail with a mistyped subdomain does not bounce: it arrives at the exchangers and is refused or lost there. A
wildcard also makes every subdomain look able to take mail, which spammers use as sender names.

## Example
```zone
$ORIGIN wild.example.
@    MX  10 mx1
*    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN wild.example.
@       MX  10 mx1
london  MX  10 mx1
mx1     A   11.0.1.25
```

## References
- RFC 4592 §2.1.1: a wildcard answers for every name that does not exist.
- RFC 1912 §2.7: wildcard MX records, and why they seldom do what is meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import record_evidence
from deliverkit.facts import MxSet, WildcardMx
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.mx import ROOT, parse_mx


@check("MX028", severity=Severity.NOTE, references=(rfc(4592, "2.1.1"), rfc(1912, "2.7")), since="0.1")
def wildcard_mx(mx: MxSet, wildcard: WildcardMx) -> Iterator[Finding | Absent]:
    """MX records for a name that nobody made; a null MX there is a good thing."""
    if wildcard.lookup.failure:
        yield unknown(wildcard.lookup.failure)
        return
    real = [record for record in wildcard.records if (parsed := parse_mx(record.data)) and parsed.exchange != ROOT]
    if real:
        answered = (*wildcard.lookup.answer.aliases, *real)[0]
        yield Finding(
            f"every name below {mx.domain} has an MX by a wildcard, so mail to mistyped subdomains does not bounce",
            (record_evidence(answered, answered.data, "for a name that nobody made"),),
            Fix(f"name the subdomains one by one in place of the wildcard (*.{mx.domain}, or one above it)"),
        )
