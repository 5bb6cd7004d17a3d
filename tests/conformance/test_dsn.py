"""Real bounces, as others collected and classified them: which are notifications, and what these say."""

from __future__ import annotations

import json
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import pytest

from deliverkit.standards.dsn import parse_dsn
from tests.conformance.corpora import corpus

FOLDER = corpus("bounces-sisimai")
EXPECTED = json.loads((FOLDER / "expected.json").read_text("utf-8"))
MAILS = sorted((FOLDER / "eml").iterdir())
# The corpus takes these codes out of the text for people, out of a reply in other words, or makes them up (5.0.9xx).
_SAYS_OTHERWISE = {
    "lhost-amazonses-01.eml",
    "lhost-mcafee-05.eml",
    "lhost-opensmtpd-10.eml",
    "lhost-opensmtpd-13.eml",
    "lhost-opensmtpd-14.eml",
    "lhost-postfix-39.eml",
    "lhost-sendgrid-03.eml",
}
_WITHOUT_RECIPIENT = {"lhost-postfix-64.eml"}  # its host left the group of the recipient out
_SEVERAL = {"rfc3464-28.eml"}  # two notifications in one file


def direct_children(octets: bytes) -> list[str]:
    """The media types of the parts, as the standard library's reader has them."""
    parts = message_from_bytes(octets).get_payload()
    return [part.get_content_type() for part in parts if isinstance(part, Message)] if isinstance(parts, list) else []


@pytest.mark.figure("bounces of sisimai: notification or none")
@pytest.mark.parametrize("mail", MAILS, ids=lambda path: path.name)
def test_a_notification_is_told_from_any_other_bounce(mail: Path) -> None:
    octets = mail.read_bytes()
    assert (parse_dsn(octets) is not None) == ("message/delivery-status" in direct_children(octets))


def test_the_recipients_and_codes_are_those_that_the_corpus_has() -> None:
    same, others = 0, set()
    for mail in MAILS:
        found = parse_dsn(mail.read_bytes())
        if found is None:
            continue
        assert bool(found.recipients) != (mail.name in _WITHOUT_RECIPIENT)
        expected = EXPECTED[mail.name]
        assert len(found.recipients) == len(expected) or mail.name in _WITHOUT_RECIPIENT | _SEVERAL
        for entry, recipient in zip(expected, found.recipients, strict=False):
            assert "@" in recipient.address
            if str(recipient.enhanced) == entry["status"]:
                same += 1
            else:
                others.add(mail.name)
    assert same == 142
    assert others == _SAYS_OTHERWISE


def test_most_notifications_bring_back_the_header_of_the_message() -> None:
    found = [status for mail in MAILS if (status := parse_dsn(mail.read_bytes()))]
    returned = [status.returned for status in found if status.returned]
    assert (len(found), len(returned)) == (147, 140)
    assert sum(bool(one.fields) for one in returned) >= 138
