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
from deliverkit.facts import DEFAULT_TTL
from deliverkit.facts.spf import SenderTests, SpfLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, ZoneLine, not_applicable, rfc, unknown
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.spf.trace import SpfResult
from deliverkit.standards.txt import data_of


@check("SPF026", severity=Severity.NOTE, references=(rfc(7208, "2.3"), rfc(7208, "10.1.3")), since="0.1")
def helo_not_permitted(senders: SenderTests, found: SpfLookup) -> Iterator[Finding | Absent]:
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
                _fix(test.client.helo, found, test.helo.result),
            )


def _fix(helo: str, found: SpfLookup, result: SpfResult) -> Fix:
    """The record for a host that sends (RFC 7208 §10.1.3), where the name has none yet."""
    if result is not SpfResult.NONE:
        return Fix(f"name the host in the SPF record of {helo}")
    name = helo.removesuffix(".").lower()
    label = relative_label(name, found.zone) if found.zone is not None and is_within(name, found.zone) else f"{name}."
    line = ZoneLine(name, label, DEFAULT_TTL, "TXT", data_of("v=spf1 a -all"))
    return Fix(f"say that the addresses of {name} send, and let it have them", add=(line,))
