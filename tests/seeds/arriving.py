"""Tests of seeds and what arrives in their mailboxes, made for the tests."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from deliverkit.observations.mailbox import Arrival, Folder, FolderClass
from deliverkit.observations.seeds import Copy, SeedTest, Sending, Stage
from deliverkit.observations.smtp import Call, Transcript

START = datetime(2026, 11, 25, 10, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
ADA, BOB = "ada@north.example", "bob@south.example"
TOKEN, TOKEN_OF_TEST = f"dk{'a' * 24}", f"dk{'0' * 24}"
OTHER_TOKEN = f"dk{'b' * 24}"
INBOX = Folder("INBOX", FolderClass.INBOX)
JUNK = Folder("Spam", FolderClass.JUNK)
NEWS = Folder("Newsletters", FolderClass.OTHER)
PROMOTIONS = Folder("INBOX", FolderClass.TAB)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def accepted(seconds: float = 10.0) -> Sending:
    transcript = Transcript(Call("mx1.north.example", "11.0.1.25", 25, ""))
    return Sending(at(seconds - 1), Stage.ENDED, at(seconds), 250, "2.0.0 Ok: queued", transcript, "message")


def copy(token: str = TOKEN, address: str = ADA, **values: object) -> Copy:
    values = {"sendings": (accepted(),), **values}
    return Copy(token, address, "North", **values)  # type: ignore[arg-type]


def seed_test(*copies: Copy, is_external: bool = False, **values: object) -> SeedTest:
    return SeedTest(
        name="spring",
        token=TOKEN_OF_TEST,
        started=START,
        is_external=is_external,
        subject="Spring sale",
        from_domain="shop.example",
        copies=copies or (copy(),),
        **values,  # type: ignore[arg-type]
    )


def arrival(header: str, seconds: float = 60.0, *, folder: Folder = INBOX, uid: int = 1, seen: float = 0.0) -> Arrival:
    octets = header.strip().replace("\n", "\r\n").encode("utf-8", "surrogateescape") + b"\r\n\r\n"
    tab = "promotions" if folder.kind is FolderClass.TAB else ""
    return Arrival(folder, uid, 7, at(seconds), at(seen or seconds + 5), len(octets), octets, tab=tab)


def esp_header(subject: str = "Spring sale", *, to: str = ADA, message_id: str = "0100018b@esp.example") -> str:
    """As a platform leaves it: no header of ours, its own Message-ID."""
    return f"""\
Return-Path: <bounces+77@esp.example>
Received: from a1.esp.example (a1.esp.example [11.7.0.1]) by mx1.north.example with ESMTPS;
 {START:%a, %d %b %Y %T} +0000
DKIM-Signature: v=1; a=rsa-sha256; d=esp.example; s=k; bh=x; b=y
DKIM-Signature: v=1; a=rsa-sha256; d=shop.example; s=k; bh=x; b=y
From: Shop <news@shop.example>
To: <{to}>
Subject: {subject}
Message-ID: <{message_id}>"""


def report(
    recipient: str, returned: str = "", *, action: str = "failed", more: str = "", seconds: float = 90.0
) -> Arrival:
    header = f"From: mailer-daemon@mx1.north.example\nContent-Type: multipart/report; boundary=b\n{more}"
    body = f"""\
--b

No such mailbox.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1.north.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: 5.0.0
Diagnostic-Code: smtp; 550 5.1.1 unknown

--b
Content-Type: text/rfc822-headers

{returned}
--b--
"""
    return arrival(header, seconds)._replace(body=body.replace("\n", "\r\n").encode())


def found(matches: Sequence[tuple[str, object]]) -> list[str]:
    return [one[0] for one in matches]
