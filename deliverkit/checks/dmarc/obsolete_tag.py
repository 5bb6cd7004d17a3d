"""The record has a tag that the standard gave up: ``pct``, ``rf`` or ``ri``.

## Why it matters
Receivers by RFC 9989 ignore it. For ``pct`` below 100 that means more than before: they act on all messages that fail,
older receivers on that share of them.

## Example
```zone
$ORIGIN older.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=quarantine; pct=20; rua=mailto:dmarc@older.example"
```

## Use instead
```zone
$ORIGIN older.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=quarantine; rua=mailto:dmarc@older.example"
```

## References
- RFC 9989 §4.7: the tags of a record; pct, rf and ri are no longer among them.
- RFC 7489 §6.3: what they meant.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC018", severity=Severity.NOTE, references=(rfc(9989, "4.7"), rfc(7489, "6.3")), since="0.1")
def obsolete_tag(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """pct, rf, ri."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.OBSOLETE):
        names = listed(list(dict.fromkeys(defect.tag for defect in defects)))
        evidence = tuple(text_evidence(text, defect.span, defect.reason) for defect in defects[:3])
        if record.percent < 100:
            yield Finding(
                f"{found.policy_domain} has pct={record.percent}, which receivers by today's standard ignore: they act "
                f"on all mail that fails, older ones on {record.percent} % of it",
                evidence,
                Fix("take pct out once reports show that your mail passes; until then lower p itself"),
            )
            continue
        spans = [defect.span for defect in defects]
        yield Finding(
            f"{found.policy_domain} still has {names}, which receivers ignore by today's standard",
            evidence,
            replacement(found, text, rewritten(record, without=spans), "leave it out"),
        )
