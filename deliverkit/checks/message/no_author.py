"""The message does not say by one From header whom it is from.

## Why it matters
A message has exactly one From header, with an address in it. Receivers refuse one that has none or several, because
DMARC cannot be told then and readers can be misled.

## Example
```message
From: Shop <news@shop.example>
From: Other <other@shop.example>
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
- RFC 5322 §3.6: From stands once in a message.
- Gmail sender guidelines, G6 message format (as of 2026-03-21): one From, with one address.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.wording import SHOWN, field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.address_list import addresses_in


@check(
    "MSG001",
    severity=Severity.ERROR,
    references=(rfc(5322, "3.6"), gmail("G6 message format")),
    since="0.1",
    decides=True,
)
def no_author(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """No From header, several, or one without an address."""
    fields = found.message.all("From")
    fix = Fix(f"write one: From: Your name <{found.author or 'news@example.com'}>")
    if not fields:
        yield Finding("it has no From header, and receivers refuse it", fix=fix)
    elif len(fields) > 1:
        yield Finding(
            f"it has {len(fields)} From headers, and receivers refuse it",
            tuple(field_evidence(field, found.name) for field in fields[:SHOWN]),
            fix,
        )
    elif not addresses_in(fields[0].body):
        yield Finding("its From header has no address", (field_evidence(fields[0], found.name),), fix)
