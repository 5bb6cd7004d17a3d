"""The DMARC record stands at a wrong name, and none at the right one.

## Why it matters
Receivers ask for ``_dmarc.`` before the domain and nowhere else. A record at the domain itself, without the underscore,
or at a name to which the DNS host's form appended the zone once more, is never seen.

## Example
```zone
$ORIGIN lost.example.
@                    MX   10 mx1
mx1                  A    11.0.1.25
_dmarc.lost.example  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@lost.example"
```

## Use instead
```zone
$ORIGIN lost.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@lost.example"
```

## References
- RFC 9989 §4.10: the names at which receivers look.
- RFC 1035 §5.1: names that do not end in a dot are relative and get the origin appended.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import owner_of, proposal, rewritten, text_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery, MisplacedDmarc
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown
from deliverkit.observations import Status


@check("DMARC016", severity=Severity.WARNING, references=(rfc(9989, "4.10"), rfc(1035, "5.1")), since="0.1")
def misplaced_dmarc(found: DmarcDiscovery, misplaced: MisplacedDmarc) -> Iterator[Finding | Absent]:
    """One beside the place, none in it."""
    for text in misplaced.found[:3]:
        place = text.resource_record.name
        yield Finding(
            f"a DMARC record stands at {place}, where no receiver looks, and none at {owner_of(found.domain)}",
            (text_evidence(text, None, "is never asked for"),),
            Fix(
                "publish it at the name that receivers ask for, with p=none first: no receiver has acted on it yet",
                remove=(str(text.resource_record),),
                add=(proposal(found, owner_of(found.domain), rewritten(text.record, {"p": "none"})),),
            ),
        )
    for lookup in misplaced.lookups:
        if lookup.failure and lookup.answer.status is not Status.ILLEGAL:  # a name too long to exist holds nothing
            yield unknown(lookup.failure)
