"""The Message-ID header is missing or malformed.

## Why it matters
Gmail refuses messages without a valid Message-ID. Others tell copies apart by it, and answers find their thread by it.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: spring-1

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
- RFC 5322 §3.6.4: a message should have one, as <left@right>.
- Gmail sender guidelines, G6 message format (as of 2026-03-21): a valid Message-ID has to be there.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_FORM = re.compile(r'<(?:[!#-;=?A-~]++|"[^"<>]++")@(?:[!#-;=?A-Z^-~]++|\[[!-;=?-Z^-~]*+\])>')  # RFC 5322 §3.6.4
_GMAIL = gmail("G6 message format")


@check("MSG003", severity=Severity.ERROR, references=(rfc(5322, "3.6.4"), _GMAIL), since="0.1")
def bad_message_id(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """No identifier in angle brackets with an @ in it."""
    field = found.message.first("Message-ID")
    domain = found.from_domain or "example.com"
    fix = Fix(f"have the platform write one of its own into each message, as in  Message-ID: <2c4f81e0@{domain}>")
    if field is None:
        yield Finding("it has no Message-ID, and Gmail refuses it", fix=fix, touches=("Gmail",))
    elif not _FORM.fullmatch(field.body):
        said = "its Message-ID is malformed, and Gmail refuses it"
        yield Finding(said, (field_evidence(field, found.name),), fix, touches=("Gmail",))
