"""Delivery status notifications: what they tell, and what is none."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from deliverkit.model import Span
from deliverkit.standards.dsn import DeliveryStatus, Typed, parse_auto_submitted, parse_dsn, parse_typed

STATUS = """\
Reporting-MTA: dns; mx.b.example
Received-From-MTA: dns; out.esp.example
Original-Envelope-Id: dk-7f3a
Arrival-Date: Tue, 24 Nov 2026 10:00:00 +0100 (CET)

Final-Recipient: rfc822; ada@b.example
Original-Recipient: rfc822;ada+news@b.example
Action: failed (for good)
Status: 5.0.0 (permanent)
Remote-MTA: dns; store.b.example
Diagnostic-Code: smtp; 550 5.1.1 no such
 mailbox; sorry
Last-Attempt-Date: Tue, 24 Nov 2026 09:00:30 +0000

Final-Recipient: rfc822; bob@b.example
Action: DELAYED
Status: 4.4.1
Will-Retry-Until: Sun, 29 Nov 2026 10:00:00 +0000
"""
RETURNED = "Subject: news\r\nX-Deliverkit-Token: 7f3a\r\n\r\nHello\r\n"


def report(
    status: str = STATUS,
    *,
    media_type: str = "multipart/report; report-type=delivery-status",
    status_type: str = "message/delivery-status",
    returned_type: str = "message/rfc822",
) -> bytes:
    return (
        "From: MAILER-DAEMON@mx.b.example\nAuto-Submitted: auto-replied (bounce)\n"
        f'Content-Type: {media_type}; boundary="b/1"\n\npreamble\n'
        "--b/1\nContent-Type: text/plain\n\nIt failed: 5.7.1\n"
        f"--b/1\nContent-Type: {status_type}\n\n{status}\n"
        f"--b/1\nContent-Type: {returned_type}\n\n{RETURNED}--b/1--\n"
    ).encode()


def parsed(octets: bytes) -> DeliveryStatus:
    found = parse_dsn(octets)
    assert found is not None
    return found


def test_what_it_tells_of_the_message() -> None:
    found = parsed(report())
    assert (found.reporting_mta.value, found.received_from.value) == ("mx.b.example", "out.esp.example")
    assert found.envelope_id == "dk-7f3a"
    assert found.arrival == datetime(2026, 11, 24, 9, tzinfo=UTC)
    assert (found.auto_submitted, found.defects) == ("auto-replied", ())


def test_what_it_tells_of_each_recipient() -> None:
    ada, bob = parsed(report()).recipients
    assert (ada.final_recipient.value, ada.address) == ("ada@b.example", "ada+news@b.example")
    assert (ada.action, str(ada.status), str(ada.enhanced)) == ("failed", "5.0.0", "5.1.1")
    assert ada.remote_mta[:2] == ("dns", "store.b.example")
    assert ada.diagnostic[:2] == ("smtp", "550 5.1.1 no such mailbox; sorry")
    assert ada.last_attempt == datetime(2026, 11, 24, 9, 0, 30, tzinfo=UTC)
    assert ada.will_retry_until is None
    assert (bob.address, bob.action, str(bob.enhanced)) == ("bob@b.example", "delayed", "4.4.1")
    assert bob.will_retry_until == datetime(2026, 11, 29, 10, tzinfo=UTC)
    assert bob.diagnostic == Typed()


@pytest.mark.parametrize(
    ("returned_type", "is_whole"),
    [
        ("message/rfc822", True),
        ("message/global", True),
        ("text/rfc822-headers", False),
        ("message/global-headers", False),
    ],
)
def test_the_message_that_came_back(returned_type: str, *, is_whole: bool) -> None:
    found = parsed(report(returned_type=returned_type)).returned
    assert found is not None
    assert found.is_whole == is_whole
    assert {field.name: field.body for field in found.fields}["X-Deliverkit-Token"] == "7f3a"
    assert parsed(report(returned_type="text/plain")).returned is None


def test_addresses_beyond_ascii() -> None:
    """RFC 6533: the field as UTF-8, or escaped; the part may be encoded."""
    status = "Reporting-MTA: dns; a\n\nFinal-Recipient: utf-8; gr=C3=BC=C3=9Fe@b.example\nAction: failed\n"
    octets = report(status, status_type="message/global-delivery-status\nContent-Transfer-Encoding: quoted-printable")
    assert parsed(octets).recipients[0].address == "grüße@b.example"
    assert parse_typed(r"utf-8; gr\x{FC}\x{DF}e\x{D800}@b").value == r"grüße\x{D800}@b"
    assert parse_typed(r"rfc822; a\x{41}").value == r"a\x{41}"


def test_a_value_with_its_kind_and_its_place() -> None:
    assert parse_typed(" SMTP ;  550 no ") == Typed("smtp", "550 no", Span(9, 15))
    assert parse_typed("550 no") == Typed("", "550 no", Span(0, 6))
    assert parse_typed("") == Typed()


def test_hosts_that_bend_the_form() -> None:
    mixed = parsed(report(media_type="multipart/mixed"))
    assert mixed.defects == ("its media type is not multipart/report",)
    assert len(mixed.recipients) == 2
    assert parsed(report(media_type="multipart/report")).defects == ("its report-type is not delivery-status",)
    assert parsed(report("Reporting-MTA: dns; a\n")).defects == ("it tells of no recipient",)
    one_group = parsed(report("Reporting-MTA: dns; a\nFinal-Recipient: rfc822; a@b\nAction: deliverable\n"))
    assert [(one.address, one.action) for one in one_group.recipients] == [("a@b", "")]


BOUNCE = b"From: MAILER-DAEMON@a.example\nSubject: Undelivered\n\n550 5.1.1 <ada@b.example>: no such user\n"


@pytest.mark.parametrize(
    "octets",
    [
        b"",
        BOUNCE,
        report(status_type="text/plain"),
        report(status_type="message/feedback-report"),
        report(media_type="text/plain"),
        b"Content-Type: message/delivery-status\n\nFinal-Recipient: rfc822; a@b\nAction: failed\n",
        b"Content-Type: multipart/mixed; boundary=o\n\n--o\nContent-Type: message/rfc822\n\n" + report() + b"\n--o--\n",
    ],
)
def test_no_notification_whatever_it_says(octets: bytes) -> None:
    assert parse_dsn(octets) is None


@pytest.mark.parametrize(
    ("text", "keyword"),
    [
        ("auto-generated", "auto-generated"),
        ("No", "no"),
        ("auto-replied; x=y", "auto-replied"),
        ("(x) auto-notified (y)", "auto-notified"),
        ("", ""),
    ],
)
def test_the_keyword_of_auto_submitted(text: str, keyword: str) -> None:
    assert parse_auto_submitted(text) == keyword
