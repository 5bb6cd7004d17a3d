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
from deliverkit.checks.wording import listed
from deliverkit.facts import DEFAULT_TTL
from deliverkit.facts.spf import SenderTests, SpfLookup
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, ZoneLine, not_applicable, rfc, unknown
from deliverkit.standards.names import is_within, relative_label
from deliverkit.standards.spf.evaluate import Client
from deliverkit.standards.spf.trace import Evaluation, SpfResult
from deliverkit.standards.txt import data_of


@check("SPF026", severity=Severity.NOTE, references=(rfc(7208, "2.3"), rfc(7208, "10.1.3")), since="0.1")
def helo_not_permitted(senders: SenderTests, found: SpfLookup) -> Iterator[Finding | Absent]:
    """check_host of postmaster at the HELO name gives another result than pass."""
    by_result: dict[SpfResult, list[tuple[Client, Evaluation]]] = {}
    for test in senders.tests:
        if test.helo is None:
            yield not_applicable("no HELO name is given: --helo names one")
        elif test.helo.result is SpfResult.TEMPERROR:
            yield unknown(f"{test.client.helo}: {test.helo.why}")
        elif test.helo.result is not SpfResult.PASS:
            by_result.setdefault(test.helo.result, []).append((test.client, test.helo))
    for result, judged in by_result.items():
        client, evaluation = judged[0]
        addresses = [str(one.address) for one, _ in judged]
        yield Finding(
            f"the HELO name {client.helo} gets the SPF result {result} for {listed(addresses)}",
            (Evidence(f"{result}: {evaluation.why}"),),
            _fix(client.helo, result, addresses, found.zone),
        )


def _fix(helo: str, result: SpfResult, addresses: list[str], zone: str | None) -> Fix:
    """A record of its own where there is none (RFC 7208 §10.1.3); one that is there is its owner's to mend."""
    if result is SpfResult.PERMERROR:
        return Fix(f"mend the SPF record of {helo}")
    if result is not SpfResult.NONE:
        return Fix(f"name {listed(addresses)} in the SPF record of {helo}, if the machine should send")
    label = relative_label(helo, zone) if zone is not None and is_within(helo, zone) else f"{helo}."
    line = ZoneLine(helo, label, DEFAULT_TTL, "TXT", data_of("v=spf1 a -all"))
    return Fix(f"publish a record at {helo}, whose addresses have to be {listed(addresses)}", add=(line,))
