"""An SPF record stands at a wrong name or in a wrong type, and the domain itself has none.

## Why it matters
Receivers ask for TXT records at the domain of the sender, and nowhere else. A record at `_spf` or `www`, at the doubled
name, or of the old type SPF is not found.

## Example
```zone
$ORIGIN good.example
_spf  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
```

## References
- RFC 7208 §3: the record stands at the domain that it is about.
- RFC 7208 §3.1: records are of type TXT; the type SPF is not used any more.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import line_of
from deliverkit.checks.wording import record_evidence
from deliverkit.facts.spf import MisplacedSpf, SpfSet
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.standards.txt import text_of


@check("SPF020", severity=Severity.ERROR, references=(rfc(7208, "3"), rfc(7208, "3.1")), since="0.1")
def misplaced_spf_record(found: SpfSet, misplaced: MisplacedSpf) -> Iterator[Finding | Absent]:
    """A record at _spf, at www, at the doubled name, or of type SPF."""
    for record in misplaced.records:
        wrong = "has the type SPF, which nobody asks for" if record.rdtype == "SPF" else f"stands at {record.name}"
        yield Finding(
            f"the SPF record of {found.domain} {wrong}, so no receiver finds it",
            (record_evidence(record, record.data, wrong),),
            Fix("put it at the domain itself, as TXT", (str(record),), (line_of(found, text_of(record.data)),)),
        )
    yield from (unknown(lookup.failure) for lookup in misplaced.lookups if lookup.failure)
