"""A marketing message has no List-Unsubscribe header.

## Why it matters
Gmail and Yahoo ask it of everybody who sends in bulk, and show their own button for it. Readers who find no way out
press "spam" instead, which counts against all that you send. Transactional mail, such as a receipt, needs none.

## Example
```message
From: Shop <news@shop.example>
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
List-Unsubscribe: <https://shop.example/u/7f3a>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hello
```

## References
- RFC 2369 §3.2: what the header says.
- RFC 8058 §3.1: the pair of headers for one click.
- Gmail sender guidelines, G10 one-click unsubscribe (as of 2026-03-21): bulk senders have to offer it.
- Yahoo sender best practices, Y7 unsubscribe (as of 2025-04-10): asked of bulk senders.
- Microsoft high-volume sender requirements, M6 advice (as of 2025-04-30): a way to unsubscribe that works.
- deliverkit, our policy that it stops a campaign (as of 2026-11-25): Gmail says of its rule that it withholds
  mitigation, not that it refuses mail. A waiver lifts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail, microsoft, yahoo
from deliverkit.checks.message.unsubscribing import FIELD, ONE_CLICK, POST, exempt
from deliverkit.checks.own_rules import STOPS
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_RULES = (
    rfc(2369, "3.2"),
    rfc(8058, "3.1"),
    gmail("G10 one-click unsubscribe"),
    yahoo("Y7 unsubscribe"),
    microsoft("M6 advice"),
    STOPS,
)


@check("MSG010", severity=Severity.ERROR, references=_RULES, since="0.1")
def no_list_unsubscribe(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """No header by which a mail program can unsubscribe."""
    yield from exempt(found)
    if found.is_marketing and not found.message.all(FIELD):
        yield Finding(
            f"it has no {FIELD} header, which Gmail and Yahoo ask of bulk senders",
            fix=Fix(f"have the platform write {FIELD}: <https://…> and {POST}: {ONE_CLICK}, and sign both"),
            touches=("Gmail", "Yahoo"),
        )
