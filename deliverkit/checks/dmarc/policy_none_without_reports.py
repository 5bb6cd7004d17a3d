"""The policy is ``p=none`` and no address for reports is given: the record does nothing.

## Why it matters
``p=none`` asks receivers to do nothing but report, and without ``rua`` there is nobody to report to.

## Example
```zone
$ORIGIN idle.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none"
```

## Use instead
```zone
$ORIGIN idle.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@idle.example"
```

## References
- RFC 9989 §4.7: without rua no aggregate report is sent.
- RFC 9989 §5.1.3: a Domain Owner sets up a mailbox for reports.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import replacement, rewritten, suggested_address, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import Policy


@check("DMARC010", severity=Severity.WARNING, references=(rfc(9989, "4.7"), rfc(9989, "5.1.3")), since="0.1")
def policy_none_without_reports(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """None, and no rua that could be used."""
    yield from without_record(found)
    text = found.published
    if text is None or "p" not in text.record.policies:
        return
    record = text.record
    if record.policies["p"] is Policy.NONE and not record.valid_rua:
        yield Finding(
            f"the policy of {found.policy_domain} is none and no report goes anywhere, so the record does nothing",
            (tag_evidence(text, record, "p", "no usable rua stands beside it"),),
            replacement(
                found,
                text,
                rewritten(record, {"rua": suggested_address(found.policy_domain)}),
                "ask for reports, at a mailbox that is there",
            ),
        )
