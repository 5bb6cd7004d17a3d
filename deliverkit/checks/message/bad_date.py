"""The Date header is missing, cannot be read, or is far from today.

## Why it matters
Every message has one Date header: From and Date are the only headers that must be there. Receivers sort by it, and
filters hold a date in the future or long past against a message. Where your platform writes the date itself as it
sends, put that into the file, too.

## Example
```message
From: Shop <news@shop.example>
Subject: Spring sale
Date: 25.11.2026 12:00
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
- RFC 5322 §3.6.1: Date stands once in a message.
- RFC 5322 §3.3: how a date is written.
- Yahoo SMTP error codes, Date out of range (as of 2026-02-15): Yahoo refuses such a message.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from deliverkit.checks.message.wording import field_evidence
from deliverkit.checks.registry import check
from deliverkit.checks.wording import count
from deliverkit.facts.message import CampaignMessage
from deliverkit.model import Absent, Finding, Fix, Reference, Severity, rfc
from deliverkit.observations import Instant
from deliverkit.standards.date_time import format_date_time, parse_date_time

_YAHOO = Reference("Yahoo SMTP error codes", "Date out of range", date(2026, 2, 15))
MOST_AHEAD = timedelta(days=1)
MOST_PAST = timedelta(days=4)  # from there on filters count it, SpamAssassin among them


@check("MSG002", severity=Severity.ERROR, references=(rfc(5322, "3.6.1"), rfc(5322, "3.3"), _YAHOO), since="0.1")
def bad_date(found: CampaignMessage, now: Instant) -> Iterator[Finding | Absent]:
    """No date, none that can be read, or one of another week."""
    field = found.message.first("Date")
    fix = Fix(f"have the platform write it as it sends, as in  Date: {format_date_time(now.moment)}")
    if field is None:
        yield Finding("it has no Date header", fix=fix)
        return
    moment = parse_date_time(field.body)
    if moment is None:
        yield Finding("its date cannot be read", (field_evidence(field, found.name),), fix)
        return
    away = moment - now.moment
    if away > MOST_AHEAD or -away > MOST_PAST:
        far = count(abs(away) // timedelta(days=1), "day")
        where = "in the future" if away > MOST_AHEAD else "in the past"
        yield Finding(f"its date is {far} {where}", (field_evidence(field, found.name),), fix, Severity.WARNING)
