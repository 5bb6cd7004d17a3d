r"""A header has octets that are not ASCII.

## Why it matters
Accents and emoji stand in headers as encoded words. Raw octets are fit for servers alone that offer SMTPUTF8; others
refuse or garble them, and a signature over them breaks.

## Example
`\xc3` stands for the octet of that number.

```message
From: Shop <news@shop.example>
Subject: Fr\xc3\xbchling
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: =?utf-8?q?Fr=C3=BChling?=
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## References
- RFC 5322 §2.2: a header is made of ASCII.
- RFC 2047 §2: how other characters are written.
- RFC 6532 §3.2: raw UTF-8 needs SMTPUTF8 all the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.wording import SHOWN, field_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_RULES = (rfc(5322, "2.2"), rfc(2047, "2"), rfc(6532, "3.2"))


@check("MSG006", severity=Severity.WARNING, references=_RULES, since="0.1")
def raw_octets_in_header(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Octets above 127 in a header field."""
    fields = [field for field in found.message.fields if not field.octets.isascii()]
    if fields:
        names = listed(list(dict.fromkeys(field.name for field in fields)))
        yield Finding(
            f"octets that are not ASCII stand in {names}, and some servers garble or refuse them",
            tuple(field_evidence(field, found.name) for field in fields[:SHOWN]),
            Fix("write them as encoded words, as in  =?utf-8?q?caf=C3=A9?="),
        )
