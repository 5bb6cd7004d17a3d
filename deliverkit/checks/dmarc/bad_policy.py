"""A policy (``p``, ``sp`` or ``np``) is none of none, quarantine and reject.

## Why it matters
One bad policy spoils the record: with an address for reports receivers act as if it said ``p=none``, whatever its other
policies say; without one they ignore it. A missing semicolon is the usual cause.

## Example
```zone
$ORIGIN spoilt.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none rua=mailto:dmarc@spoilt.example"
```

## Use instead
```zone
$ORIGIN spoilt.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@spoilt.example"
```

## References
- RFC 9989 §4.10.1: with a bad p, sp or np the record counts as p=none if it has a usable rua, else not at all.
- RFC 9989 §4.7: the values of p, sp and np.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.parse import parse
from deliverkit.standards.dmarc.record import DefectKind, DmarcRecord


@check(
    "DMARC007", severity=Severity.ERROR, references=(rfc(9989, "4.10.1"), rfc(9989, "4.7")), since="0.1", decides=True
)
def bad_policy(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """Any value that is no policy."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.POLICY):
        effect = "take the whole record for p=none" if record.applies else "ignore the record"
        for defect in defects:
            yield Finding(
                f"the {defect.tag} of {text.resource_record.name} is no policy ({defect.reason}): receivers {effect}",
                (text_evidence(text, defect.span, defect.reason),),
                replacement(
                    found,
                    text,
                    _corrected(text),
                    f"write a policy that the standard knows; {_why_none(record)}, and a stronger one can follow once "
                    "reports show that your mail passes",
                ),
            )


def _why_none(record: DmarcRecord) -> str:
    if record.applies:
        return "p=none is what receivers make of it today"
    return "begin with p=none, because by the standard none has been in force"


def _corrected(text: DmarcText) -> str:
    """Each bad policy as none, and what a missing semicolon swallowed as tags again."""
    record = text.record
    bad = record.of(DefectKind.POLICY)
    spelt = text.text
    for defect in reversed(bad):
        swallowed = spelt[defect.span.start : defect.span.end].partition(" ")[2].strip()
        rest = f"; {swallowed}" if "=" in swallowed else ""
        spelt = f"{spelt[: defect.span.start]}none{rest}{spelt[defect.span.end :]}"
    return rewritten(parse(spelt), {"p": "none"})
