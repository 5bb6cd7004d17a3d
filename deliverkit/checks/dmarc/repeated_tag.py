"""A tag stands in the record more than once.

## Why it matters
Which of them counts is not said: the standard voids the whole list, some receivers take the first, some the last. The
domain does not know which policy is in force.

## Example
```zone
$ORIGIN again.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; p=reject; rua=mailto:dmarc@again.example"
```

## Use instead
```zone
$ORIGIN again.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@again.example"
```

## References
- RFC 6376 §3.2: a tag given twice makes the whole list invalid; DMARC takes its syntax from there.
- RFC 9989 §4.7: the syntax of a record.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind, DmarcRecord, Policy


@check("DMARC005", severity=Severity.ERROR, references=(rfc(6376, "3.2"), rfc(9989, "4.7")), since="0.1", decides=True)
def repeated_tag(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Any tag twice."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.REPEATED):
        names = list(dict.fromkeys(defect.tag for defect in defects))
        yield Finding(
            f"{text.resource_record.name} gives {listed(names)} more than once, which voids the record",
            tuple(text_evidence(text, defect.span, defect.reason) for defect in defects[:3]),
            replacement(found, text, rewritten(record, _weakest(record, names)), "give each tag once"),
        )


def _weakest(record: DmarcRecord, names: list[str]) -> dict[str, str]:
    """For a policy that is given twice the weakest that is given: none has been in force."""
    words = {policy.word: policy for policy in Policy}
    given = [(tag.name.lower(), words.get(tag.value.lower(), Policy.NONE)) for tag in record.tags.tags]
    policies = [name for name in names if name in {"p", "sp", "np"}]
    return {name: min(policy for tag, policy in given if tag == name).word for name in policies}
