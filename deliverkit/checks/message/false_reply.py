"""The subject says that it answers or forwards, and the message does neither.

## Why it matters
Readers feel cheated and press "spam"; Gmail names it among what it does not accept. A message that answers has an
In-Reply-To or a References header.

## Example
```message
From: Shop <news@shop.example>
Subject: Re: Spring sale
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
- RFC 5322 §3.6.5: Re: stands before the subject of the message that is answered.
- Gmail sender guidelines, G16 honest subject (as of 2026-03-21): no Re: or Fwd: on what is neither.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc
from deliverkit.standards.address_list import decode_words

_MARK = re.compile(r"\s*((?:re|aw|antw|sv|vs|odp|ynt|fwd?|wg|tr|rv|enc|doorst)(?:\[\d{1,3}\])?)\s?[:：]", re.IGNORECASE)
_OF_ANSWERS = ("In-Reply-To", "References")


@check("MSG020", severity=Severity.WARNING, references=(rfc(5322, "3.6.5"), gmail("G16 honest subject")), since="0.1")
def false_reply(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Re: or Fwd:, in one of the languages of mail programs, without a thread."""
    field = found.message.first("Subject")
    mark = _MARK.match(decode_words(field.body)) if field else None
    if field and mark and not any(found.message.all(name) for name in _OF_ANSWERS):
        yield Finding(
            f"its subject begins with {mark[1]}: and it answers nothing",
            (field_evidence(field, found.name, part=mark[1]),),
            Fix("take the mark out of the subject"),
            touches=("Gmail",),
        )
