r"""The message has 25 MB or more.

## Why it matters
Many mail servers take no more than that, some far less, and they refuse the message at each of your readers. Base64
makes an attachment a third larger than its file.

## Example
`\x61\x0a{25000000}` stands for the letter a and 25 million line ends.

```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

\x61\x0a{25000000}
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
- RFC 5321 §4.5.3.1.7: a server has to take 64,000 octets, and need not take more.
- deliverkit, 25 MB (as of 2026-11-25): what large providers commonly take; theirs differ.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.own_rules import ours
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

LIMIT = 25_000_000  # octets


@check("MSG023", severity=Severity.ERROR, references=(rfc(5321, "4.5.3.1.7"), ours("25 MB")), since="0.1")
def message_too_large(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """As many octets as are sent, encodings among them."""
    size = len(found.message.octets)
    if size >= LIMIT:
        yield Finding(
            f"it has {size / 1_000_000:.1f} MB, and many mail servers refuse it",
            fix=Fix("put large files where readers can fetch them, and link to them"),
        )
