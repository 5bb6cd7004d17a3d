"""A header that may stand once stands several times.

## Why it matters
Receivers differ in which of the two they take, so that a filter and a reader see different messages. Gmail and Yahoo
refuse such a message; it often comes of a platform that adds a header which the template has already.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Subject: Autumn sale
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
- RFC 5322 §3.6: how often each header may stand in a message.
- Gmail sender guidelines, G6 message format (as of 2026-03-21): such headers stand once.
- Yahoo sender best practices, Y4 message format (as of 2025-04-10): no duplicate headers.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail, yahoo
from deliverkit.checks.message.wording import SHOWN, field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_OF_RFC5322 = ("Date", "Sender", "Reply-To", "To", "Cc", "Bcc", "Message-ID", "In-Reply-To", "References", "Subject")
_OF_MIME = ("MIME-Version", "Content-Type", "Content-Transfer-Encoding")
ONCE = (*_OF_RFC5322, *_OF_MIME)  # From has a check of its own
_RULES = (rfc(5322, "3.6"), gmail("G6 message format"), yahoo("Y4 message format"))


@check("MSG004", severity=Severity.ERROR, references=_RULES, since="0.1")
def repeated_header(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """More than one of a kind."""
    for name in ONCE:
        fields = found.message.all(name)
        if len(fields) > 1:
            yield Finding(
                f"it has {len(fields)} {name} headers, and receivers refuse it",
                tuple(field_evidence(field, found.name) for field in fields[:SHOWN]),
                Fix(f"keep one {name} header: see whether the template writes it and the platform, too"),
            )
