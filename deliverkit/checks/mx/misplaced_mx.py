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

from collections.abc import Iterator, Sequence

from deliverkit.checks.registry import check
from deliverkit.checks.wording import lines, proposal, record_evidence
from deliverkit.facts import Lookup, MisplacedMx, MxSet, WildcardMx
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import ResourceRecord, Status


@check("MX030", severity=Severity.WARNING, references=(rfc(1035, "5.1"), rfc(5321, "5.1")), since="0.1")
def misplaced_mx(mx: MxSet, misplaced: MisplacedMx, wildcard: WildcardMx) -> Iterator[Finding | Absent]:
    """MX records beside the domain, none at it; a wildcard's do not count as made for a name."""
    if mx.records:
        return
    spread = _real(wildcard.records)
    if spread:
        yield _finding(mx, spread, f"*.{mx.domain}", "a wildcard does not cover the domain itself")
        return
    records = _real(misplaced.records)
    if records:
        place = records[0].name
        yield _finding(mx, [r for r in records if r.name == place], place, "is never asked for")
        return
    lookups = (wildcard.lookup, *misplaced.lookups)
    yield from (unknown(lookup.failure) for lookup in lookups if _matters(lookup))


def _real(records: Sequence[ResourceRecord]) -> list[ResourceRecord]:
    """Those that name a host: a null MX at www, or by a wildcard, is meant."""
    return [record for record in records if not record.data.endswith(" .")]


def _finding(mx: MxSet, records: Sequence[ResourceRecord], place: str, note: str) -> Finding:
    owned = [record._replace(name=place) for record in records]
    return Finding(
        f"the MX records stand at {place} and not at {mx.domain}",
        tuple(record_evidence(record, record.data, note) for record in owned[:3]),
        Fix(
            "publish them at the domain itself",
            remove=() if place.startswith("*") else lines(owned),
            add=tuple(dict.fromkeys(proposal(mx, "MX", record.data) for record in owned)),
        ),
    )


def _matters(lookup: Lookup) -> bool:
    """A doubled name that is too long to exist holds nothing."""
    return bool(lookup.failure) and lookup.answer.status is not Status.ILLEGAL
