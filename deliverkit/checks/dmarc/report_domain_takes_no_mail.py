"""The domain of an address for reports cannot take mail.

## Why it matters
Reports bounce: the domain does not exist, has neither exchanger nor address, or declares that it takes no mail.

## Example
```zone
$ORIGIN mute.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@lists.mute.example"
```

## Use instead
```zone
$ORIGIN mute.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:dmarc@mute.example"
```

## References
- RFC 5321 §5.1: mail goes to the exchangers of a domain, or to its own address.
- RFC 7505 §3: a null MX says that there is no mail.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import text_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestination, ReportDestinations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("DMARC014", severity=Severity.WARNING, references=(rfc(5321, "5.1"), rfc(7505, "3")), since="0.1")
def report_domain_takes_no_mail(found: DmarcDiscovery, reports: ReportDestinations) -> Iterator[Finding | Absent]:
    """No way for a report to get there."""
    text = found.published
    for one in reports.destinations:
        if one.takes_mail or text is None:
            continue
        if one.failures:
            yield from map(unknown, one.failures)
            continue
        yield Finding(
            f"reports about {reports.policy_domain} cannot arrive: {one.address.domain} {_why(one)}",
            (text_evidence(text, one.address.span, _why(one)),),
            Fix("name a mailbox whose domain takes mail"),
        )


def _why(one: ReportDestination) -> str:
    if one.does_not_exist:
        return "does not exist"
    return "says that it takes no mail (null MX)" if one.is_null else "has neither an MX record nor an address"
