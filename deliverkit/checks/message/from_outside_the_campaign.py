"""The From header is of another domain than the campaign file says.

## Why it matters
All that was looked at in the DNS is that of the campaign file's domain: SPF, DKIM, DMARC and the exchangers. Receivers
look at the domain in the message's From.

## Example
```message
From: Shop <news@store.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## References
- RFC 5322 §3.6.2: From names the author.
- deliverkit, from of the campaign file (as of 2026-11-25): the address whose domain is looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.own_rules import ours
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.names import to_readable

_RULES = (rfc(5322, "3.6.2"), ours("from of the campaign file"))


@check("MSG014", severity=Severity.ERROR, references=_RULES, since="0.1")
def from_outside_the_campaign(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Another Author Domain than that of the reports beside this one."""
    expected = to_readable(found.author.rpartition("@")[2].lower())
    domain = to_readable(found.from_domain)
    if not expected or not domain:
        yield not_applicable("there is no From to compare")
    elif domain != expected:
        field = found.message.all("From")[0]
        yield Finding(
            f"its From is in {domain}, and what was looked at is {expected}",
            (field_evidence(field, found.name, part=found.from_domain),),
            Fix(f"write the address in {domain} as from of the campaign file, or send the message from {expected}"),
        )
