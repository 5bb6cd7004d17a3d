"""The policy is ``p=none`` with reports: receivers tell, and do nothing else.

## Why it matters
It is the right beginning, and what the rules of large providers ask of senders. It protects nobody from forged mail:
once reports show that all of the domain's own mail passes, quarantine and later reject do.

## Example
```zone
$ORIGIN watching.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=none; rua=mailto:dmarc@watching.example"
```

## Use instead
```zone
$ORIGIN watching.example.
@       MX   10 mx1
mx1     A    11.0.1.25
_dmarc  TXT  "v=DMARC1; p=quarantine; rua=mailto:dmarc@watching.example"
```

## References
- RFC 9989 §5.1.7: when reports show that mail passes, the Domain Owner decides on a stronger policy.
- RFC 9989 §7.4: a month with none, a month with quarantine, then reject; not where users post to mailing lists.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.dmarc.wording import owner_of, proposal, replacement, rewritten, tag_evidence, without_record
from deliverkit.checks.registry import check
from deliverkit.facts import Expectations
from deliverkit.facts.dmarc import DmarcDiscovery, DmarcText
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.dmarc.record import Policy


@check("DMARC009", severity=Severity.NOTE, references=(rfc(9989, "5.1.7"), rfc(9989, "7.4")), since="0.1")
def policy_none(found: DmarcDiscovery, expectations: Expectations) -> Iterator[Finding | Absent]:
    """None, said on purpose and with an address for reports."""
    yield from without_record(found)
    text = found.published
    if text is None:
        return
    record = text.record
    if record.falls_back or record.policies["p"] is not Policy.NONE or not record.valid_rua:
        return
    if expectations.sends:
        return  # it is what large providers ask of senders
    fix = Fix(
        "read the reports for a month; when all of your own mail passes, go to p=quarantine, a month later to p=reject"
        " (not where your users post to mailing lists)"
    )
    if expectations.is_parked:
        fix = _refusing(found, text)
    yield Finding(
        f"the policy of {found.policy_domain} is none: receivers report forged mail and deliver it",
        (tag_evidence(text, record, "p"),),
        fix,
    )


def _refusing(found: DmarcDiscovery, text: DmarcText) -> Fix:
    """Reject, where nothing is sent; a domain above may send, so its record stays as it is."""
    action = "the profile says that it sends nothing, so nothing is lost: refuse"
    if found.is_inherited:
        return Fix(action, add=(proposal(found, owner_of(found.domain), "v=DMARC1; p=reject"),))
    return replacement(found, text, rewritten(text.record, {"p": "reject"}), action)
