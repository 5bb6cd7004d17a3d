"""The message is HTML alone.

## Why it matters
Some readers see text only: on watches, by voice, in programs that show no HTML. Filters count a message without a text
part; a few words that say the same are enough.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Hello</p>
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/plain; charset=utf-8

Hello
--b
Content-Type: text/html; charset=utf-8

<p>Hello</p>
--b--
```

## References
- RFC 2046 §5.1.4: the same content as text and as HTML, the best one last.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("MSG017", severity=Severity.NOTE, references=(rfc(2046, "5.1.4"),), since="0.1")
def no_plain_text(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """HTML, and no text beside it."""
    if found.message.texts("text/html") and not found.message.texts("text/plain"):
        yield Finding(
            "it has HTML and no text beside it",
            fix=Fix("send multipart/alternative, with the text in front of the HTML"),
        )
