"""The display name shows another domain, or makes believe.

## Why it matters
Many mail programs show the name alone. An address of another domain in it is what phishing looks like, and a count such
as "(2)" or a check mark pretends to a thread or to a proof that is not there.

## Example
```message
From: "Shop help@gmail.com" <news@shop.example>
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
- RFC 5322 §3.4: the display name stands beside the address.
- Gmail sender guidelines, G15 honest display name (as of 2026-03-21): no @gmail.com, no false count, no check mark.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.address_list import parse_address_list
from deliverkit.standards.dmarc.effective import domain_by_list, is_aligned
from deliverkit.standards.dmarc.record import Alignment

_DOMAIN = re.compile(r"@((?:[a-z0-9-]{1,63}\.){1,8}[a-z]{2,24})\b", re.IGNORECASE)
_MADE_UP = re.compile(r"\(\d{1,3}\)\s*$|[✓✔☑✅]")
_RULES = (rfc(5322, "3.4"), gmail("G15 honest display name"))


@check("MSG021", severity=Severity.WARNING, references=_RULES, since="0.1")
def misleading_display_name(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """An address of another Organizational Domain, a count, a check mark."""
    field = found.message.first("From")
    mailboxes = parse_address_list(field.body) if field else ()
    if field is None or not mailboxes:
        return
    [mailbox, *_] = mailboxes
    fix = Fix("write your own name alone")
    for domain in dict.fromkeys(text.lower() for text in _DOMAIN.findall(mailbox.display_name)):
        if not is_aligned(mailbox.domain, domain, Alignment.RELAXED, domain_by_list):
            said = f"its display name shows an address in {domain}, and it is from {mailbox.domain}"
            yield Finding(said, (field_evidence(field, found.name, part=domain),), fix)
    made_up = _MADE_UP.search(mailbox.display_name)
    if made_up:
        said = f"its display name has {made_up[0].strip()!r} in it, which Gmail takes for deceit"
        yield Finding(said, (field_evidence(field, found.name, part=made_up[0].strip()),), fix, touches=("Gmail",))
