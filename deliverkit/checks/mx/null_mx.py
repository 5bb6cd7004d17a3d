"""The domain declares with a null MX that it takes no mail at all.

## Why it matters
Senders give up at once and tell their users so. That is right for a parked domain. It is wrong for a domain
that people answer to or that stands in a From or Return-Path: many receivers refuse mail from a domain that
cannot be answered.

## Example
```zone
$ORIGIN closed.example.
@  MX  0 .
```

## Use instead
```zone
$ORIGIN closed.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 7505 §3: a single MX record with the exchange "." means that no mail is accepted.
- RFC 7505 §4.2: mail from such a domain may be refused.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, lines
from deliverkit.facts import Expectations, MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.standards.mx import ROOT

_TAKES_NONE = "nothing, if the domain should take no mail; else put the host that takes its mail in its place"
_SENDS = "put the host that takes its answers and bounces in its place, or send from a domain that takes mail"


@check("MX005", severity=Severity.NOTE, references=(rfc(7505, "3"), rfc(7505, "4.2")), since="0.1")
def null_mx(mx: MxSet, expectations: Expectations) -> Iterator[Finding]:
    """A null MX where mail is expected."""
    if mx.is_null and expectations.takes_mail:
        yield Finding(
            f"{mx.domain} accepts no mail, and says so with a null MX",
            exchange_evidence(mx, ROOT, "no host: mail is not accepted"),
            Fix(_SENDS if expectations.sends else _TAKES_NONE, remove=lines(mx.resource_records)),
        )
