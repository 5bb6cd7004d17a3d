"""The message is from an address at a mailbox provider, and is not sent by it.

## Why it matters
Providers such as Gmail and Yahoo publish DMARC policies for their own domains: mail in their name that others send does
not pass, and goes to junk or is refused everywhere.

## Example
```message
From: Shop <our.shop@gmail.com>
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
```

## References
- RFC 9989 §4.4: what may stand in From is what can be aligned.
- Gmail sender guidelines, G7 From at gmail.com (as of 2026-03-21): gmail.com in From is for Gmail alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from deliverkit.checks.message.rules import gmail
from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.facts.message import CampaignMessage
from deliverkit.knowledge.mailboxes import provider_of_domain
from deliverkit.model import Absent, Finding, Fix, Severity, rfc

_RULES = (rfc(9989, "4.4"), gmail("G7 From at gmail.com"))


@check("MSG022", severity=Severity.ERROR, references=_RULES, since="0.1")
def from_at_mailbox_provider(found: CampaignMessage) -> Iterator[Finding | Absent]:
    """A provider's own domain in From, and no signature of the provider's."""
    provider = provider_of_domain(found.from_domain)
    if provider is None or any(one.signed_by.domain == found.from_domain for one in found.signatures):
        return
    yield Finding(
        f"it is from an address at {provider.name}, and {provider.name} does not send it",
        (field_evidence(found.message.all("From")[0], found.name, part=found.from_domain),),
        Fix("send from a domain of your own; the address at the provider may stand in Reply-To"),
    )
