r"""Lines end in different ways, or the octet NUL stands in the message.

## Why it matters
In mail a line ends with CR and LF together. A CR or LF alone is cut, changed or refused on the way, which breaks
signatures, and servers that guard against smuggled mail refuse it. A file that ends all its lines with LF is fine: what
sends it writes CRLF.

## Example
`\x0d` stands for CR.

```message
From: Shop <news@shop.example>
Subject: Spring sale\x0d
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
- RFC 5321 §2.3.8: CR and LF stand together alone.
- RFC 5322 §3.5: text has no NUL.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count, joined
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Severity, rfc


@check("MSG007", severity=Severity.WARNING, references=(rfc(5321, "2.3.8"), rfc(5322, "3.5")), since="0.1")
def mixed_line_ends(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """CR or LF alone among lines that end with both, and NUL."""
    octets = found.message.octets
    pairs = octets.count(b"\r\n")
    alone = {"CR": octets.count(b"\r") - pairs, "LF": octets.count(b"\n") - pairs}
    if alone["CR"] or (pairs and alone["LF"]):
        said = joined([count(number, f"bare {name}") for name, number in alone.items() if number])
        first = _first_alone(octets, has_pairs=pairs > 0)
        beside = f" beside {count(pairs, 'line')} that end with CRLF" if pairs else ""
        yield Finding(
            f"it has {said}{beside}, first in line {first}",
            fix=Fix("save it again so that every line ends with CRLF"),
        )
    if b"\0" in octets:
        line = octets.count(b"\n", 0, octets.index(b"\0")) + 1
        yield Finding(f"the octet NUL stands in line {line}", fix=Fix("take it out, or send that part as base64"))


def _first_alone(octets: bytes, *, has_pairs: bool) -> int:
    """The number of the first line that ends otherwise, lines counted by LF."""
    for number, line in enumerate(octets.split(b"\n"), 1):
        bare = line.removesuffix(b"\r")
        if b"\r" in bare or (has_pairs and bare == line):
            return number
    return 1
