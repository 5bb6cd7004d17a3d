"""An exchanger's name is a single label, such as ``mail``: the domain behind it is missing.

## Why it matters
In the DNS ``mail.`` is a top-level name, and there is none. It works inside the own network, where a search
list completes it, and nowhere else.

## Example
```zone
$ORIGIN short.example.
@  MX  10 mail.
```

## Use instead
```zone
$ORIGIN short.example.
@     MX  10 mail
mail  A   11.0.1.25
```

## References
- RFC 5321 §2.3.5: only fully qualified names are used in SMTP.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import exchange_evidence, lines, proposal
from deliverkit.facts import MxSet
from deliverkit.model import Finding, Fix, Severity, rfc
from deliverkit.observations import ResourceRecord
from deliverkit.standards.mx import ExchangeForm, MxRecord


@check("MX012", severity=Severity.WARNING, references=(rfc(5321, "2.3.5"),), since="0.1")
def exchange_is_single_label(mx: MxSet) -> Iterator[Finding]:
    """No dot in the exchange."""
    for record, source in zip(mx.records, mx.resource_records, strict=True):
        if record.form is ExchangeForm.SINGLE_LABEL:
            yield Finding(
                f"the exchanger {record.exchange} is a single label: the domain behind it is missing",
                exchange_evidence(mx, record.exchange, "is not a full name"),
                _fix(mx, record, source),
            )


def _fix(mx: MxSet, record: MxRecord, source: ResourceRecord) -> Fix:
    is_alone = all(other.exchange == "localhost" for other in mx.records)
    if record.exchange == "localhost" and not is_alone:
        return Fix("remove the record: localhost is every sender's own machine", lines([source]))
    if record.exchange == "localhost":  # the home-made way of saying that no mail is accepted
        return Fix("say with a null MX that no mail is accepted", lines([source]), (proposal(mx, "MX", "0 ."),))
    whole = proposal(mx, "MX", f"{record.preference} {record.exchange}.{mx.zone or mx.domain}.")
    return Fix("write the full name", lines([source]), (whole,))
