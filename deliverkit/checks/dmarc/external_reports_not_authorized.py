"""Reports are to go to another organization, which does not say that it wants them.

## Why it matters
Receivers ask the target's DNS before they send reports about one domain to another, so that nobody can be flooded with
them. Without its word they send none.

## Example
```zone
$ORIGIN client.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:client@reports.test"
$ORIGIN reports.test.
@       MX   10 mx1
mx1     A    11.0.2.25
```

## Use instead
```zone
$ORIGIN client.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=reject; rua=mailto:client@reports.test"
$ORIGIN reports.test.
@                 MX   10 mx1
mx1               A    11.0.2.25
*._report._dmarc  TXT  "v=DMARC1"
```

## References
- RFC 9990 §4: the target publishes a record for the domain, or one for all domains (a wildcard).
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import text_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.dmarc import DmarcDiscovery, ReportDestinations
from deliverkit.model import Absent, Finding, Fix, Severity, rfc, unknown


@check("DMARC013", severity=Severity.WARNING, references=(rfc(9990, "4"),), since="0.1")
def external_reports_not_authorized(found: DmarcDiscovery, reports: ReportDestinations) -> Iterator[Finding | Absent]:
    """No record at ``<domain>._report._dmarc.<target>``."""
    text = found.published
    for one in reports.destinations:
        if one.authorization is None or one.is_authorized or text is None:
            continue
        if one.authorization.failure:
            yield unknown(one.authorization.failure)
            continue
        target = one.address.domain
        yield Finding(
            f"{target} does not say that it wants reports about {reports.policy_domain}, so receivers send it none",
            (text_evidence(text, one.address.span, f"no record at {one.authorization_name}"),),
            Fix(
                f"ask whoever runs {target} to publish this, or take the address out:  "
                f'{one.authorization_name}.  3600  IN  TXT  "v=DMARC1"'
            ),
        )
