"""The domain names more exchangers than senders try.

## Why it matters
A sender must try two addresses and few try more than a handful: Postfix stops after five addresses and two
sessions. What stands further down is never used.

## Example
```zone
$ORIGIN many.example.
@     MX  10 mx1
@     MX  20 mx2
@     MX  30 mx3
@     MX  40 mx4
@     MX  50 mx5
@     MX  60 mx6
@     MX  70 mx7
@     MX  80 mx8
@     MX  90 mx9
@     MX  100 mx10
@     MX  110 mx11
```

## Use instead
```zone
$ORIGIN many.example.
@    MX  10 mx1
@    MX  20 mx2
mx1  A   11.0.1.25
mx2  A   11.0.2.25
```

## References
- RFC 5321 §5.1: a sender should try at least two addresses, and may limit their number.
- Postfix postconf(5), smtp_mx_address_limit and smtp_mx_session_limit (as of 2026-11-22): five addresses, two sessions.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Reference, Severity, rfc

MANY = 10  # exchangers; sets of five with ten addresses are common and fine
_POSTFIX = Reference("Postfix postconf(5)", "smtp_mx_address_limit and smtp_mx_session_limit", date(2026, 11, 22))


@check("MX027", severity=Severity.NOTE, references=(rfc(5321, "5.1"), _POSTFIX), since="0.1")
def too_many_exchangers(mx: MxSet) -> Iterator[Finding]:
    """Over ten exchangers."""
    number = sum(len(group.exchanges) for group in mx.order) + mx.left_out
    if number > MANY:
        yield Finding(
            f"{mx.domain} names {count(number, 'exchanger')}, and senders stop after a few",
            (),
            Fix("keep the few that are meant to take mail"),
        )
