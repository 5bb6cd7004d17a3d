"""No link to unsubscribe was found in the text of a marketing message.

## Why it matters
Gmail and Yahoo ask for a visible link in the body beside the header. This looks for the usual words in a dozen
languages, and cannot see a link that is a picture.

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

Hello

No more of these: https://shop.example/u/7f3a unsubscribes you.
```

## References
- Gmail sender guidelines, G11 visible link (as of 2026-03-21): a link to unsubscribe that is easy to see.
- Yahoo sender best practices, Y8 visible link (as of 2025-04-10): a link to unsubscribe in the body.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail, yahoo
from deliverkit.checks.message.unsubscribing import exempt
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity
from deliverkit.standards.address_list import decoded
from deliverkit.standards.mime import Entity

_LOOKED_AT = 1_000_000  # octets of a part
_WORDS = re.compile(
    r"unsubscrib|opt[ -]?out|preference|abmeld|abbestell|austrag|d[eé]sabonn|d[eé]sinscri|cancelar|"
    r"darse de baja|descadastr|disiscri|cancella|annulla|afmeld|uitschrij|avregistr|avsluta|avmeld|frameld|peruuta|"
    r"wypisz|zrezygnuj|odhl[aá]|leiratkoz|отпис|відпис|отказ|iptal|退订|取消|配信停止|解除|수신거부",
    re.IGNORECASE,
)
_LINK = re.compile(r"https?://|mailto:", re.IGNORECASE)


@check("MSG019", severity=Severity.NOTE, references=(gmail("G11 visible link"), yahoo("Y8 visible link")), since="0.1")
def no_visible_unsubscribe(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """None of the words by which such a link is known, or no link at all."""
    yield from exempt(found)
    parts = (*found.message.texts("text/plain"), *found.message.texts("text/html"))
    if found.is_marketing and not any(_has_link(_text(part)) for part in parts):
        yield Finding(
            "no link to unsubscribe was found in its text",
            fix=Fix("put a link to unsubscribe into the text, where it is easy to see"),
            touches=("Gmail", "Yahoo"),
        )


def _has_link(text: str) -> bool:
    return _LINK.search(text) is not None and _WORDS.search(text) is not None


def _text(part: Entity) -> str:
    octets = part.content[:_LOOKED_AT]
    text = decoded(octets, part.parameters.get("charset", "utf-8")) or decoded(octets, "utf-8") or ""
    return html.unescape(text) if part.media_type == "text/html" else text
