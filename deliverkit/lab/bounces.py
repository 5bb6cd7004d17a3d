"""Reports of non-delivery (RFC 3464), as a server of a world sends them."""

from __future__ import annotations

import re
from datetime import datetime
from email.utils import format_datetime

from deliverkit.lab.deliveryrules import Copy
from deliverkit.lab.mailtexts import head_and_body

_STATUS = re.compile(r"\b[245]\.\d{1,3}\.\d{1,3}\b")  # RFC 3463 §2


def report(copy: Copy, diagnostic: str, *, now: datetime, number: int) -> bytes:
    """The report that a copy could not be delivered, with the reply that says why."""
    found = _STATUS.search(diagnostic)
    status = found[0] if found else f"{diagnostic[0]}.0.0"
    head, _ = head_and_body(copy.message)
    boundary, date = f"report-{number}", format_datetime(now)
    text = f"""\
From: Mail Delivery System <mailer-daemon@{copy.server}>
To: <{copy.mail_from}>
Date: {date}
Message-ID: <report-{number}-{now:%Y%m%d%H%M%S%f}@{copy.server}>
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="{boundary}"

--{boundary}
Content-Type: text/plain; charset=utf-8

Your message to <{copy.recipient}> could not be delivered:

{diagnostic}

--{boundary}
Content-Type: message/delivery-status

Reporting-MTA: dns; {copy.server}
Arrival-Date: {date}

Final-Recipient: rfc822; {copy.recipient}
Action: failed
Status: {status}
Diagnostic-Code: smtp; {diagnostic}

--{boundary}
Content-Type: text/rfc822-headers

"""
    return f"{text}".replace("\n", "\r\n").encode() + head.rstrip() + f"\r\n\r\n--{boundary}--\r\n".encode()
