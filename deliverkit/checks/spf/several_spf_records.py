"""A domain has more than one SPF record, which makes SPF fail for every sender.

## Why it matters
Receivers do not choose: with two records the result is "permerror" for all mail, that of the rightful senders too. It
happens when a second service is set up beside the first.

## Example
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 -all"
@  TXT  "v=spf1 ip4:11.0.2.25 ~all"
```

## Use instead
```zone
$ORIGIN good.example
@  TXT  "v=spf1 ip4:11.0.1.25 ip4:11.0.2.25 ~all"
```

## References
- RFC 7208 §3.2: a domain must not have more than one record.
- RFC 7208 §4.5: more than one record is a permerror.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.spf.wording import line_of
from deliverkit.facts.spf import SpfSet
from deliverkit.model import Evidence, Finding, Fix, Severity, rfc
from deliverkit.standards.spf.parse import Record, parse_spf

_WEAKEST_FIRST = "+?~-"
_TOO_MANY = 8  # records that are still worth merging


@check("SPF002", severity=Severity.ERROR, references=(rfc(7208, "3.2"), rfc(7208, "4.5")), since="0.1")
def several_spf_records(found: SpfSet) -> Iterator[Finding]:
    """Two TXT records or more begin with v=spf1."""
    if len(found.records) < 2:
        return
    yield Finding(
        f"{found.domain} has {len(found.records)} SPF records, so SPF fails for all its mail",
        tuple(Evidence(record.text) for record in found.records[:_TOO_MANY]),
        _fix(found),
    )


def _fix(found: SpfSet) -> Fix:
    records = [parse_spf(record.text) for record in found.records]
    if len(records) > _TOO_MANY or any(record.faults or record.redirect for record in records):
        return Fix("keep one record that names every sender, and remove the others")
    return Fix(
        "merge them into one: the senders of all, and the weakest all",
        remove=tuple(str(record.source) for record in found.records),
        add=(line_of(found, _merged(records)),),
    )


def _merged(records: list[Record]) -> str:
    terms = [term for record in records for term in record.terms if term.name != "all"]
    ends = [record.all for record in records if record.all]
    last = min(ends, key=lambda end: _WEAKEST_FIRST.index(end.qualifier)).text if ends else "~all"
    return " ".join(["v=spf1", *dict.fromkeys(term.text for term in terms), last])
