r"""The HTML is so large that Gmail shows its beginning alone.

## Why it matters
Gmail cuts a message off and puts "Message clipped" there with a link to the rest. What stands at the end is then out of
sight: the link to unsubscribe above all, and what counts opens. Pictures that are linked do not count.

## Example
`\x0a{110000}` stands for 110,000 line ends.

```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Hello \x0a{110000}</p>
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>Hello</p>
```

## References
- Spam Resource, Gmail clipping (as of 2022-01-12): commonly given as 102 KB of HTML, measured there as about 105 KB.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Reference, Severity

LIMIT = 102 * 1024  # octets
_SOURCE = Reference("Spam Resource", "Gmail clipping", date(2022, 1, 12))


@check("MSG024", severity=Severity.NOTE, references=(_SOURCE,), since="0.1")
def html_clipped(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """More HTML than is shown at once, without its transfer encoding."""
    size = max((len(part.content) for part in found.message.texts("text/html")), default=0)
    if size > LIMIT:
        yield Finding(
            f"its HTML has {size / 1024:.0f} KB, and Gmail cuts it off after about {LIMIT // 1024} KB",
            fix=Fix("take out styles and comments that nothing uses, and blanks between tags, or write less"),
            touches=("Gmail",),
        )
