r"""The HELO name of a sender does not pass SPF of its own.

## Why it matters
Bounces have no other sender than the HELO name, so SPF of bounces is judged by it; some receivers judge it always.

## Example
```world
title = "A HELO name without a record"
target = "good.example"
senders = ["11.0.1.25"]
helo = "mx1.good.example"

[[zones]]
origin = "good.example"
text = '''
@    TXT  "v=spf1 ip4:11.0.1.25 -all"
mx1  A    11.0.1.25
'''
```

## Use instead
```world
title = "A HELO name with a record"
target = "good.example"
senders = ["11.0.1.25"]
helo = "mx1.good.example"

[[zones]]
origin = "good.example"
text = '''
@    TXT  "v=spf1 ip4:11.0.1.25 -all"
mx1  A    11.0.1.25
mx1  TXT  "v=spf1 a -all"
'''
```

## References
- RFC 7208 §2.3: receivers may check the HELO name, and it is what a bounce has.
- RFC 7208 §10.1.3: a host that sends has a record at its HELO name: v=spf1 a -all.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.spf import SenderTests
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc, unknown
from deliverkit.standards.spf.trace import SpfResult


@check("SPF026", severity=Severity.NOTE, references=(rfc(7208, "2.3"), rfc(7208, "10.1.3")), since="0.1")
def helo_not_permitted(senders: SenderTests) -> Iterator[Finding | Absent]:
    """check_host of postmaster at the HELO name gives another result than pass."""
    for test in senders.tests:
        if test.helo is None:
            yield not_applicable("no HELO name is given: --helo names one")
        elif test.helo.result is SpfResult.TEMPERROR:
            yield unknown(f"{test.client.helo}: {test.helo.why}")
        elif test.helo.result is not SpfResult.PASS:
            yield Finding(
                f"the HELO name {test.client.helo} gets the SPF result {test.helo.result} for {test.client.address}",
                (Evidence(f"{test.helo.result}: {test.helo.why}"),),
                Fix(f'publish "v=spf1 a -all" at {test.client.helo}, and its address'),
            )
