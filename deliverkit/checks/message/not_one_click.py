"""List-Unsubscribe-Post is missing, or does not say List-Unsubscribe=One-Click.

## Why it matters
This header says that a POST to the https address is enough. Without it mail programs take the address for a page to be
shown, and Gmail's rule for bulk senders is not met.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
List-Unsubscribe: <https://shop.example/u/7f3a>

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
- RFC 8058 §3.1: the header and its one value.
- Gmail sender guidelines, G10 one-click unsubscribe (as of 2026-03-21): both headers have to be there.
- Yahoo sender best practices, Y7 unsubscribe (as of 2025-04-10): the POST form is preferred.
- deliverkit, our policy that it stops a campaign (as of 2026-11-25): Gmail says of its rule that it withholds
  mitigation, not that it refuses mail. A waiver lifts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail, yahoo
from deliverkit.checks.message.unsubscribing import ONE_CLICK, POST, without_field
from deliverkit.checks.message.wording import SHOWN, field_evidence
from deliverkit.checks.own_rules import STOPS
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_RULES = (rfc(8058, "3.1"), gmail("G10 one-click unsubscribe"), yahoo("Y7 unsubscribe"), STOPS)


@check("MSG012", severity=Severity.ERROR, references=_RULES, since="0.1")
def not_one_click(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """List-Unsubscribe alone, or with another value beside it."""
    absent = list(without_field(found))
    yield from absent
    fields = found.message.all(POST)
    fix = Fix(f"write  {POST}: {ONE_CLICK}")
    if absent or [field.body for field in fields] == [ONE_CLICK]:
        return
    if not fields:
        yield Finding(f"it has no {POST} header, so that one click does not unsubscribe", fix=fix, touches=("Gmail",))
        return
    said = f"it has {len(fields)} {POST} headers" if len(fields) > 1 else f"{POST} does not say {ONE_CLICK}"
    evidence = tuple(field_evidence(field, found.name) for field in fields[:SHOWN])
    yield Finding(said, evidence, fix, touches=("Gmail",))
