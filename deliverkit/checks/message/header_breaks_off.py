"""A line among the headers is no header.

## Why it matters
Headers end with the first empty line. A line before it that is no header ends them early for some receivers: what
follows is shown to readers as text, and Date, Subject or the signature may be lost.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
this line is no header
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
- RFC 5322 §2.2: a header is a name, a colon and a value; a line that begins with a space goes on with it.
- RFC 5322 §2.1: an empty line stands between headers and body.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc

_SHOWN = 200  # octets of the line


@check("MSG008", severity=Severity.ERROR, references=(rfc(5322, "2.2"), rfc(5322, "2.1")), since="0.1")
def header_breaks_off(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """A line that is neither a field, nor folded to one, nor empty."""
    number = found.message.broken_at
    if not number:
        return
    text = _line(found.message.octets, number)
    evidence = (Evidence(text, None, f"line {number} of {found.name}"),)
    if number == 1 and text.startswith("From "):
        said = "its first line is that of a mailbox file, and no header"
        yield Finding(said, evidence, Fix("leave the first line out"), Severity.WARNING)
        return
    yield Finding(
        f"line {number} is no header, and some receivers take all that follows for text",
        evidence,
        Fix("take the line out, or begin it with a space if it goes on with the header above"),
    )


def _line(octets: bytes, number: int) -> str:
    before = octets.split(b"\n", number)[number - 1]
    return before[:_SHOWN].decode("utf-8", "replace").rstrip("\r")
