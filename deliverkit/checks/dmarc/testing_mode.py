"""The record asks receivers to test (``t=y``): they act one step below the policy.

## Why it matters
Reject is taken for quarantine, and quarantine for none; reports are sent as ever. Receivers that still follow RFC 7489
do not know the tag and act in full.

## Example
```zone
$ORIGIN trying.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=quarantine; t=y; rua=mailto:dmarc@trying.example"
```

## Use instead
```zone
$ORIGIN trying.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=quarantine; rua=mailto:dmarc@trying.example"
```

## References
- RFC 9989 §4.7: t=y lowers the policy by one step and leaves reports alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dmarc.record import Policy


@check("DMARC017", severity=Severity.NOTE, references=(rfc(9989, "4.7"),), since="0.1")
def testing_mode(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """t=y beside a policy that it lowers."""
    yield from without_record(found)
    text = found.published
    policy = text.record.policy("p") if text is not None else None
    if text is not None and text.record.is_testing and policy not in {None, Policy.NONE}:
        assert policy is not None
        yield Finding(
            f"{found.policy_domain} is testing: receivers take its {policy.word} for {policy.lowered.word}",
            (tag_evidence(text, text.record, "t"),),
            Fix("take t=y out when reports show that all of your own mail passes"),
        )
