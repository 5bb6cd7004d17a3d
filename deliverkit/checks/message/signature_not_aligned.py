"""The message is signed, and no signature is in the name of the From domain.

## Why it matters
DMARC passes by DKIM only where the domain in d= belongs to the one in From. With the platform's signature alone it
rests on SPF, which forwarding breaks.

## Example
```message
DKIM-Signature: v=1; a=rsa-sha256; d=esp.example; s=s1;
 h=from:subject:date:message-id;
 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## Use instead
```message
DKIM-Signature: v=1; a=rsa-sha256; d=mail.shop.example; s=s1;
 h=from:subject:date:message-id;
 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
From: Shop <news@shop.example>
Subject: Spring sale
Date: Wed, 25 Nov 2026 12:00:00 +0000
Message-ID: <1@shop.example>

Hello
```

## References
- RFC 9989 §4.4: which domains are aligned; here as most domains have it, relaxed.
- Gmail sender guidelines, G9 alignment (as of 2026-03-21): From is aligned with SPF or DKIM, better with both.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.registry import check
from deliverkit.checks.wording import listed
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Evidence, Finding, Fix, Severity, not_applicable, rfc
from deliverkit.standards.dmarc.effective import domain_by_list, is_aligned
from deliverkit.standards.dmarc.record import Alignment


@check("MSG015", severity=Severity.WARNING, references=(rfc(9989, "4.4"), gmail("G9 alignment")), since="0.1")
def signature_not_aligned(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """Signatures of other Organizational Domains alone."""
    author = found.from_domain
    domains = list(dict.fromkeys(one.signed_by.domain for one in found.signatures))
    if not author or not domains:
        yield not_applicable("the message is not signed yet" if author else "there is no From to compare")
        return
    if any(is_aligned(author, domain, Alignment.RELAXED, domain_by_list) for domain in domains):
        return
    keys = [f"s={one.signed_by.selector} d={one.signed_by.domain}" for one in found.signatures[:3]]
    yield Finding(
        f"it is signed by {listed(domains)}, which is not aligned with {author}",
        tuple(Evidence(key, None, f"signature of {found.name}") for key in keys),
        Fix(f"have the platform sign as d={author}, which most offer as domain authentication"),
    )
