"""An address for reports ends in a limit of size such as ``!10m``.

## Why it matters
The standard gave the limit up: receivers by RFC 9989 ignore it, and some programs take it for a part of the address.

## Example
```zone
$ORIGIN limit.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@limit.example!10m"
```

## Use instead
```zone
$ORIGIN limit.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@limit.example"
```

## References
- RFC 9989 §4.8: what stands behind an exclamation mark is obsolete and ignored.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import judged_defects, replacement, rewritten, text_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Absent, Finding, Severity, rfc
from deliverkit.standards.dmarc.record import DefectKind


@check("DMARC021", severity=Severity.NOTE, references=(rfc(9989, "4.8"),), since="0.1")
def obsolete_size_limit(found: DmarcDiscovery) -> Iterator[Finding | Absent]:
    """A number and a unit behind an address that is well without them."""
    yield from without_record(found)
    for text, record, defects in judged_defects(found, DefectKind.SIZE):
        lists = {"rua": record.rua, "ruf": record.ruf}
        values = {tag: ",".join(a.text for a in lists[tag]) for tag in dict.fromkeys(d.tag for d in defects)}
        yield Finding(
            f"an address for reports about {found.policy_domain} has a limit of size, which receivers ignore",
            tuple(text_evidence(text, defect.span, defect.reason) for defect in defects[:3]),
            replacement(found, text, rewritten(record, values), "leave the limit out"),
        )
