"""A domain that should take no mail does not say so with a null MX.

## Why it matters
Without a null MX, senders try whatever they find, mostly the web host, and retry for days. With it they tell
their users at once that no mail is accepted.

## Example
```world
target = "parked.example"
profile = "parked"

[[zones]]
origin = "parked.example"
text = "@ A 11.0.1.80"
```

## Use instead
```world
target = "parked.example"
profile = "parked"

[[zones]]
origin = "parked.example"
text = '''
@ A 11.0.1.80
@ MX 0 .
'''
```

## References
- RFC 7505 §3: a domain that takes no mail says so with a null MX.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, proposal
from deliverkit.facts import Expectations, MxSet
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check("MX033", severity=Severity.WARNING, references=(rfc(7505, "3"),), since="0.1")
def parked_without_null_mx(mx: MxSet, expectations: Expectations) -> Iterator[Finding | Absent]:
    """No null MX where no mail is expected."""
    if expectations.takes_mail:
        yield not_applicable("the domain is expected to take mail")
    elif not mx.is_null:
        yield Finding(
            f"{mx.domain} is meant to take no mail and does not say so with a null MX",
            (),
            Fix("publish a null MX", lines(mx.resource_records), (proposal(mx, "MX", "0 ."),)),
        )
