"""No DMARC record applies to the domain: neither its own nor one above.

## Why it matters
Receivers take mail that anybody sends in the domain's name as it comes, and nobody reports it. Google, Yahoo and
Microsoft turn bulk mail away whose From domain has no record.

## Example
```zone
$ORIGIN open.example.
@  TXT  "v=spf1 -all"
```

## Use instead
```zone
$ORIGIN open.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc-reports@open.example"
```

## References
- RFC 9989 §4.10.1: where no record is found, no DMARC applies.
- RFC 9989 §5.1.4: a Domain Owner publishes a record, and begins with p=none.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import owner_of, proposal, suggested_address
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations
from deliverkit.facts.dmarc import DmarcDiscovery, MisplacedDmarc
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc


@check(
    "DMARC001",
    severity=Severity.WARNING,
    references=(rfc(9989, "4.10.1"), rfc(9989, "5.1.4")),
    since="0.1",
    decides=True,
)
def no_dmarc_record(
    found: DmarcDiscovery, misplaced: MisplacedDmarc, expectations: Expectations
) -> Iterator[Finding | Absent]:
    """Nothing in the whole walk."""
    if found.published is not None:
        return
    if found.meant:
        yield not_applicable("there is something that was meant as a record")
        return
    domain = found.domain
    if not found.exists:
        yield not_applicable(f"{domain} does not exist")
        return
    yield Finding(
        f"{domain} has no DMARC record, so anybody can send in its name and nobody tells you",
        (),
        _fix(found, misplaced, expectations),
    )


def _fix(found: DmarcDiscovery, misplaced: MisplacedDmarc, expectations: Expectations) -> Fix:
    """A first record; where one stands at a wrong name, that one is to be moved."""
    if misplaced.found:
        return Fix(f"move the record that stands at {misplaced.found[0].resource_record.name}")
    owner = owner_of(found.domain)
    if not expectations.is_parked:
        text = f"v=DMARC1; p=none; rua={suggested_address(found.domain)}"
        action = "ask for reports first, at a mailbox that is there: with p=none nothing changes for any message"
    else:
        text = "v=DMARC1; p=reject"
        action = "the profile says that it sends nothing, so ask receivers to refuse what comes in its name"
    return Fix(action, add=(proposal(found, owner, text),))
