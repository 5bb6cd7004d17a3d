r"""The octets of a text are not of the charset that it names.

## Why it matters
Readers see wrong characters where accents, signs or emoji stand. It often comes of a template that is stored as UTF-8
and sent under the name of another charset.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=iso-8859-1

<p>caf\xc3\xa9</p>
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
MIME-Version: 1.0
Content-Type: text/html; charset=utf-8

<p>caf\xc3\xa9</p>
```

## References
- RFC 2046 §4.1.2: charset says what the octets mean; without it they are ASCII.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc
from deliverkit.standards.address_list import decoded
from deliverkit.standards.mime import Entity

_LOOKED_AT = 1_000_000  # octets of a part
_ONE_OCTET = re.compile(r"(?:iso-8859|windows-12|cp12|latin)", re.IGNORECASE)  # in these everything can be read
_REPLACED = "\ufffd"


@check("MSG018", severity=Severity.WARNING, references=(rfc(2046, "4.1.2"),), since="0.1")
def charset_differs(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """A charset that does not exist, octets that are none of it, or UTF-8 under another name."""
    for part in (*found.message.texts("text/plain"), *found.message.texts("text/html")):
        charset = part.parameters.get("charset", "")
        said = _fault(part, charset)
        if said:
            yield Finding(
                f"the {part.media_type} part {said}",
                (Evidence(f"Content-Type: {part.get('Content-Type') or 'text/plain'}", None, f"in {found.name}"),),
                Fix("have it sent as UTF-8, and named so: charset=utf-8"),
            )


def _fault(part: Entity, charset: str) -> str:
    octets = (part.decoded or b"")[:_LOOKED_AT]
    named = charset or "us-ascii"  # RFC 2046 §4.1.2
    text = decoded(octets, named)
    if text is None:
        return "names a charset that does not exist"
    wrong = text.count(_REPLACED) - octets.count(_REPLACED.encode())
    if len(octets) == _LOOKED_AT and wrong == 1:  # a character is cut there
        return ""
    if wrong > 0:
        return (
            f"has {count(wrong, 'octet')} that cannot be {named}" if charset else "is not ASCII, and names no charset"
        )
    is_likely = _ONE_OCTET.match(named) and not octets.isascii() and _REPLACED not in (decoded(octets, "utf-8") or "")
    return f"names {named}, and looks like UTF-8" if is_likely else ""
