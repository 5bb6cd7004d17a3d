"""The parts of the body are not put together as they should be.

## Why it matters
Mail programs guess then: some show the source, some nothing, and a filter may see another message than the reader.

## Example
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
- RFC 2045 §6.4: a multipart has no encoding of its own.
- RFC 2046 §5.1.1: boundaries, and the last of them.
- Yahoo sender best practices, Y4 message format (as of 2025-04-10): the right MIME types.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import yahoo
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc
from deliverkit.standards.message import Defect

_RULES = (rfc(2045, "6.4"), rfc(2046, "5.1.1"), yahoo("Y4 message format"))
_UNREADABLE = frozenset(
    {Defect.NO_BOUNDARY, Defect.NO_PARTS, Defect.BROKEN_BASE64, Defect.UNKNOWN_ENCODING, Defect.TOO_DEEP}
)


@check("MSG016", severity=Severity.ERROR, references=_RULES, since="0.1")
def broken_body(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """What is wrong with its MIME structure; a warning where mail programs mostly cope."""
    for defect, said in found.message.flaws:
        weight = Severity.ERROR if defect in _UNREADABLE else Severity.WARNING
        fix = Fix("have the platform or a mail library put the parts together, and save the message whole")
        yield Finding(f"{defect}", (Evidence(said, None, f"in {found.name}"),), fix, weight)
