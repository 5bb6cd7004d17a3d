"""List-Unsubscribe does not hold exactly one https address.

## Why it matters
One click works over https alone: the mail program sends a POST to that address. A mailto address may stand beside it,
and does not meet Gmail's rule by itself; with two https addresses it is not said which of them takes the click.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
List-Unsubscribe: <mailto:out@shop.example>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

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
- RFC 8058 §3.1: one https URI, others may stand beside it.
- Gmail sender guidelines, G10 one-click unsubscribe (as of 2026-03-21): mailto alone does not meet the rule.
- Yahoo sender best practices, Y7 unsubscribe (as of 2025-04-10): the POST form is preferred, mailto is accepted.
- deliverkit, our policy that it stops a campaign (as of 2026-11-25): Gmail says of its rule that it withholds
  mitigation, not that it refuses mail. A waiver lifts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail, yahoo
from deliverkit.checks.message.unsubscribing import FIELD, uris_of, without_field
from deliverkit.checks.message.wording import SHOWN, field_evidence
from deliverkit.checks.own_rules import STOPS
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_RULES = (rfc(8058, "3.1"), gmail("G10 one-click unsubscribe"), yahoo("Y7 unsubscribe"), STOPS)


@check("MSG011", severity=Severity.ERROR, references=_RULES, since="0.1")
def https_unsubscribe_missing(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """No https URI, or several, or the header itself several times."""
    yield from without_field(found)
    fields = found.message.all(FIELD) if found.is_marketing else ()
    said = _fault([uris_of(field.body) for field in fields])
    if said:
        yield Finding(
            said,
            tuple(field_evidence(field, found.name) for field in fields[:SHOWN]),
            Fix(f"write one {FIELD} header with one https address in angle brackets, and mailto after it if you like"),
            touches=("Gmail",),
        )


def _fault(values: list[tuple[str, ...]]) -> str:
    secure = [uri for uris in values for uri in uris if uri.lower().startswith("https://")]
    if len(values) > 1:
        return f"it has {len(values)} {FIELD} headers, and receivers take one of them"
    if len(secure) > 1:
        return f"{FIELD} has {len(secure)} https addresses, and one click needs one"
    if not values or secure:
        return ""
    if not values[0]:
        return f"{FIELD} has no address in angle brackets"
    return f"{FIELD} has no https address, and Gmail's rule needs one"
