"""The message has no subject.

## Why it matters
Readers see an empty line in its place, and filters count it: hardly anybody but spammers sends without a subject.

## Example
```message
From: Shop <news@shop.example>
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
- RFC 5322 §3.6.5: what the subject is for.
- Microsoft high-volume sender requirements, M6 advice (as of 2025-04-30): subjects say what is in the message.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import microsoft
from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("MSG009", severity=Severity.WARNING, references=(rfc(5322, "3.6.5"), microsoft("M6 advice")), since="0.1")
def no_subject(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """No Subject header, or an empty one."""
    field = found.message.first("Subject")
    fix = Fix("write a subject that says what is in the message")
    if field is None:
        yield Finding("it has no Subject header", fix=fix)
    elif not field.body:
        yield Finding("its subject is empty", (field_evidence(field, found.name),), fix)
