r"""An address that should send for the domain does not pass SPF.

## Why it matters
Receivers refuse its mail or file it as spam, unless DKIM speaks for it.

## Example
```world
title = "A sender that the record does not name"
target = "good.example"
senders = ["11.0.2.25"]

[[zones]]
origin = "good.example"
text = '''
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''
```

## Use instead
```world
title = "A sender that the record names"
target = "good.example"
senders = ["11.0.1.25"]

[[zones]]
origin = "good.example"
text = '''
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
'''
```

## References
- RFC 7208 §4: the evaluation check_host.
- RFC 7208 §8: what receivers make of the results.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.senders import lacks_ipv6, naming
from deliverkit.checks.spf.wording import line_of
from deliverkit.facts.spf import SenderTest, SenderTests, SpfSet
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.spf.trace import SpfResult


@check("SPF025", severity=Severity.ERROR, references=(rfc(7208, "4"), rfc(7208, "8")), since="0.1")
def sender_not_permitted(senders: SenderTests, found: SpfSet) -> Iterator[Finding | Absent]:
    """check_host gives another result than pass."""
    for test in senders.tests:
        result = test.evaluation.result
        if lacks_ipv6(test, found.domain):
            continue  # that is no-term-for-ipv6
        if result is SpfResult.TEMPERROR:
            yield unknown(f"{test.client.address}: {test.evaluation.why}")
        elif result is not SpfResult.PASS:
            yield Finding(
                f"{test.client.address} gets the SPF result {result} for {test.client.mailbox[1]}",
                (Evidence(f"{result}: {test.evaluation.why}"),),
                _fix(test, found),
            )


def _fix(test: SenderTest, found: SpfSet) -> Fix:
    """The address put in front of the record, where the record is one and is the sender's."""
    address = test.client.address
    name = f"ip{address.version}:{address}"
    if (
        len(found.records) != 1
        or test.client.mailbox[1] != found.domain
        or test.evaluation.result is SpfResult.PERMERROR
    ):
        return Fix(f"mend the record, and name {name} in it if the machine should send")
    [record] = found.records
    text = naming(record.text, [address])
    return Fix("name the address, if the machine should send", (str(record.source),), (line_of(found, text),))
