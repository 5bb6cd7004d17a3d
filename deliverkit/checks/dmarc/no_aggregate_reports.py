"""The policy asks receivers to act, and no address for aggregate reports is given.

## Why it matters
Own mail that fails is quarantined or refused, and nobody at the domain hears of it.

## Example
```zone
$ORIGIN blind.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject"
```

## Use instead
```zone
$ORIGIN blind.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@blind.example"
```

## References
- RFC 9989 §5.1.3: a Domain Owner sets up a mailbox for reports.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, suggested_address, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, not_applicable, rfc
from deliverkit.standards.dmarc.record import Policy


@check("DMARC011", severity=Severity.NOTE, references=(rfc(9989, "5.1.3"),), since="0.1")
def no_aggregate_reports(found: DmarcDiscovery, expectations: Expectations) -> Iterator[Finding | Absent]:
    """Quarantine or reject, and no rua that could be used."""
    yield from without_record(found)
    text = found.published
    if text is None:
        return
    if expectations.is_parked:
        yield not_applicable("the profile expects no mail from here, so no own mail can fail")
        return
    record = text.record
    if record.policies.get("p", Policy.NONE) is not Policy.NONE and not record.valid_rua:
        yield Finding(
            f"receivers act on the policy of {found.policy_domain}, and nobody is told which mail fails",
            (tag_evidence(text, record, "p", "no usable rua stands beside it"),),
            replacement(
                found,
                text,
                rewritten(record, {"rua": suggested_address(found.policy_domain)}),
                "ask for reports, at a mailbox that is there",
            ),
        )
