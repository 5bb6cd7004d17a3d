"""The MX records stand at a wrong name: at ``www``, or at the doubled name of the zone.

## Why it matters
The domain itself has none, so its mail does not arrive, although "the MX was set". The DNS host's form appended
the zone to a full name, or the record was made for ``www``.

## Example
```zone
$ORIGIN misplaced.example.
@                     TXT  "no MX here"
misplaced.example     MX   10 mx1
mx1                   A    11.0.1.25
```

## Use instead
```zone
$ORIGIN misplaced.example.
@    MX  10 mx1
mx1  A   11.0.1.25
```

## References
- RFC 1035 §5.1: names that do not end in a dot are relative and get the origin appended.
- RFC 5321 §5.1: senders look for MX records at the domain of the address alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, proposal, record_evidence
from deliverkit.facts import MisplacedMx, MxSet
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("MX030", severity=Severity.WARNING, references=(rfc(1035, "5.1"), rfc(5321, "5.1")), since="0.1")
def misplaced_mx(mx: MxSet, misplaced: MisplacedMx) -> Iterator[Finding | Absent]:
    """MX records beside the domain, none at it."""
    if misplaced.records:
        place = misplaced.records[0].name
        yield Finding(
            f"the MX records stand at {place} and not at {mx.domain}",
            tuple(record_evidence(record, record.data, "is never asked for") for record in misplaced.records[:3]),
            Fix(
                "move them to the domain itself",
                remove=lines(misplaced.records),
                add=tuple(proposal(mx, "MX", record.data) for record in misplaced.records),
            ),
        )
    else:
        yield from (unknown(lookup.failure) for lookup in misplaced.lookups if lookup.failure)
