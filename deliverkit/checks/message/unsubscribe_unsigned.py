"""No DKIM signature covers the headers for one-click unsubscribe.

## Why it matters
Anybody on the way could have added them, so receivers offer one click only where a signature covers both. Platforms
that sign a fixed list of headers often leave these two out.

## Example
```message
DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1;
 h=from:subject:date:message-id;
 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
List-Unsubscribe: <https://shop.example/u/7f3a>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hello
```

## Use instead
```message
DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=s1;
 h=from:subject:date:message-id:list-unsubscribe:list-unsubscribe-post;
 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>
List-Unsubscribe: <https://shop.example/u/7f3a>
List-Unsubscribe-Post: List-Unsubscribe=One-Click

Hello
```

## References
- RFC 8058 §4: both headers have to stand in h= of a signature that passes.
- Gmail sender guidelines, G10 one-click unsubscribe (as of 2026-03-21): the form is that of RFC 8058.
- deliverkit, our policy that it stops a campaign (as of 2026-11-25): Gmail says of its rule that it withholds
  mitigation, not that it refuses mail. A waiver lifts it.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.unsubscribing import FIELD, POST, without_field
from deliverkit.checks.own_rules import STOPS
from deliverkit.checks.registry import check
from deliverkit.checks.wording import joined
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc

_RULES = (rfc(8058, "4"), gmail("G10 one-click unsubscribe"), STOPS)
_UNSIGNED = "the message is not signed yet: your platform signs it, and the received seed copy tells"


@check("MSG013", severity=Severity.ERROR, references=_RULES, since="0.1")
def unsubscribe_unsigned(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Signatures, and none of them with both names in h=."""
    absent = list(without_field(found))
    yield from absent
    if absent:
        return
    if not found.signatures:
        yield not_applicable(_UNSIGNED)
        return
    names = [name for name in (FIELD, POST) if found.message.all(name)]
    if any(all(name.lower() in one.covered for name in names) for one in found.signatures):
        return
    yield Finding(
        f"no signature covers {joined(names)}, and one click is not offered",
        tuple(
            Evidence(f"d={one.signed_by.domain} h={':'.join(one.covered)}", None, f"signature {number} of {found.name}")
            for number, one in enumerate(found.signatures[:3], 1)
        ),
        Fix(f"have the platform sign {joined(names)}, too: both names belong into h="),
        touches=("Gmail",),
    )
