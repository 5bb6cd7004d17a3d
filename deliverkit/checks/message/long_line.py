r"""A line has more than 998 octets.

## Why it matters
Mail servers cut or refuse longer lines. HTML that is written without line breaks is the usual reason; quoted-printable
and base64 keep lines short whatever the text.

## Example
`\x61{1200}` stands for the letter a 1,200 times.

```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

\x61{1200}
```

## Use instead
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

\x61{900}
```

## References
- RFC 5322 §2.1.1: a line has at most 998 octets before its end.
- RFC 5321 §4.5.3.1.6: what a mail server has to take, 1000 octets with the line end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice

from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, rfc

MOST_OCTETS = 998
# Looked for where a line begins, and nowhere else: else each octet of lines that are nearly too long begins a try.
_TOO_LONG = re.compile(rb"(?<![^\r\n])[^\r\n]{%d,}" % (MOST_OCTETS + 1))
_MOST = 10_000  # that are counted
_SHOWN = 60  # characters of the line


@check("MSG005", severity=Severity.ERROR, references=(rfc(5322, "2.1.1"), rfc(5321, "4.5.3.1.6")), since="0.1")
def long_line(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Lines that mail servers cut."""
    octets = found.message.octets
    lines = list(islice(_TOO_LONG.finditer(octets), _MOST))
    if not lines:
        return
    first = lines[0]
    number = octets.count(b"\n", 0, first.start()) + 1
    text = first[0][:_SHOWN].decode("utf-8", "replace")
    more = f" and {count(len(lines) - 1, 'more line')}" if len(lines) > 1 else ""
    yield Finding(
        f"line {number} has {len(first[0]):,} octets{more}, and mail servers cut or refuse what is over {MOST_OCTETS}",
        (Evidence(f"{text} …", None, f"line {number} of {found.name}"),),
        Fix("fold the headers, and have the body sent as quoted-printable or base64"),
    )
