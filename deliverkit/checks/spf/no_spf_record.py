"""A domain publishes no SPF record, so nobody can tell its mail from forged mail by the sending address.

## Why it matters
Large mailbox providers refuse or file as spam what comes from a domain without SPF and DKIM, and anybody may use the
domain as a sender.

## Example
```zone
$ORIGIN good.example
@    MX  10 mx1
mx1  A   11.0.1.25
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 mx -all"
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 7208 §3: a domain owner says in a TXT record who may send for it.
- RFC 7208 §2.6.1: without a record the result is "none".
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import line_of, nearly_spf
from deliverkit.facts import Expectations
from deliverkit.facts.spf import MisplacedSpf, SpfSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.txt import as_utf8


@check("SPF001", severity=Severity.WARNING, references=(rfc(7208, "3"), rfc(7208, "2.6.1")), since="0.1")
def no_spf_record(found: SpfSet, misplaced: MisplacedSpf, expected: Expectations) -> Iterator[Finding]:
    """No TXT record is an SPF record, nor means to be one, nor stands one in a wrong place."""
    if found.records or misplaced.records or any(nearly_spf(as_utf8(record.text)) for record in found.others):
        return
    if expected.is_parked:
        action, text = "say that nobody sends for the domain", "v=spf1 -all"
    else:
        action = (
            "say who may send: the domain's own exchangers here, and an include for every service that sends for it"
        )
        text = "v=spf1 mx ~all"
    yield Finding(f"{found.domain} has no SPF record", (), Fix(action, add=(line_of(found, text),)))
