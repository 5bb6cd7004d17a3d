r"""A domain that sends no mail has an SPF record that does not say so plainly.

## Why it matters
A parked domain is what forgers look for. `v=spf1 -all` alone lets every receiver refuse what claims to come from it.

## Example
```world
title = "Parked, with a soft end"
target = "good.example"
profile = "parked"

[[zones]]
origin = "good.example"
text = '''
@  MX   0 .
@  TXT  "v=spf1 a ~all"
'''
```

## Use instead
```world
title = "Parked"
target = "good.example"
profile = "parked"

[[zones]]
origin = "good.example"
text = '''
@  MX   0 .
@  TXT  "v=spf1 -all"
'''
```

## References
- RFC 7208 §10.1.2: a domain that sends no mail publishes v=spf1 -all.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import amended
from deliverkit.facts import Expectations
from deliverkit.facts.spf import SpfRecord
from deliverkit.model import Absent, Evidence, Finding, Severity, not_applicable, rfc


@check("SPF008", severity=Severity.WARNING, references=(rfc(7208, "10.1.2"),), since="0.1")
def parked_domain_may_send(found: SpfRecord, expected: Expectations) -> Iterator[Finding | Absent]:
    """The profile says that the domain does not send, and the record is not v=spf1 -all."""
    if expected.takes_mail:
        yield not_applicable("the domain is not parked")
        return
    first = found.record.reached[:1]
    is_closed = bool(first) and first[0].name == "all" and first[0].qualifier == "-"
    if not is_closed and not found.record.faults:
        yield Finding(
            f"{found.domain} sends no mail, and its SPF record does not refuse all senders",
            (Evidence(found.record.text[:200]),),
            amended(found, "v=spf1 -all", "say that nobody sends for the domain"),
        )
