"""Delivery rules of a world: mail sent with Python's own smtplib, and looked for in the mailboxes."""

from __future__ import annotations

import asyncio
import smtplib
import time
from email import message_from_bytes
from typing import Any

import pytest

from deliverkit.errors import LabError
from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse
from tests.deliveries import RECEIVER, TEXT, store, use, wait_for, world


def send(
    lab: RunningWorld,
    *to: str,
    helo: str = "relay.good.example",
    text: str = TEXT,
    sender: str = "bounces@good.example",
) -> str:
    """The reply to a message that is handed over to the receiver: empty where it is taken."""
    with smtplib.SMTP(*lab.routes[RECEIVER], local_hostname=helo, timeout=5) as smtp:
        smtp.ehlo()
        smtp.mail(sender)
        for one in to or ("ada@north.example",):
            smtp.rcpt(one)
        code, said = smtp.data(text.encode())
        return "" if code == 250 else f"{code} {said.decode()}"


def test_without_rules_mail_lands_in_the_inbox_with_the_receiver_s_stamps() -> None:
    def client(lab: RunningWorld) -> Any:
        assert send(lab) == ""
        return wait_for(lab, "INBOX")

    found = use("", client)
    assert found["Return-Path"] == "<bounces@good.example>"
    said = "mx.north.example; spf=pass smtp.mailfrom=good.example; dkim=pass header.d=none"
    assert found["Authentication-Results"] == said
    assert found["Received"].startswith(
        "from relay.good.example (relay.good.example [11.0.5.25]) by mx.north.example with ESMTP"
    )
    assert list(found)[:3] == ["Return-Path", "Authentication-Results", "Received"]
    assert found.get_payload() == "Buy flowers\r\n"


@pytest.mark.parametrize(
    "condition",
    [
        'to = "ada@*"',
        'mail_from = ["*@elsewhere.example", "*@good.example"]',
        'author = "shop@good.example"',
        'header = "(?i)^subject: .*SALE"',
        'body = "flowers?"',
        'dkim = "none"',
        'ip = "11.0.5.0/24"',
    ],
)
def test_a_rule_is_for_the_copies_that_meet_its_conditions(condition: str) -> None:
    def client(lab: RunningWorld) -> Any:
        send(lab)
        wait_for(lab, "Junk")
        other = TEXT.replace("Shop <shop@good", "Shop <news@other").replace("sale", "news").replace("flowers", "bread")
        signed = "DKIM-Signature: v=1; d=other.example; s=x; b=\r\n"
        send(lab, "bob@north.example", helo="other.good.example", text=signed + other, sender="x@other.example")
        wait_for(lab, "INBOX", "bob@north.example")

    use(f'[[delivery]]\n{condition}\nfolder = "junk"\n', client)


def test_the_first_rule_decides_and_every_other_copy_is_meant_by_every() -> None:
    rules = """
[[delivery]]
every = 2
folder = "junk"
headers = ["X-Spam-Status: Yes, score=7.1 for {author}", "X-Spam-Flag: YES"]
authentication = "spf=fail smtp.mailfrom={mail_from}"
flags = "$Junk"
[[delivery]]
to = "ada@*"
folder = "Trash"
"""

    def client(lab: RunningWorld) -> Any:
        for _ in range(4):
            send(lab)
        while sum(len(one.messages) for one in store(lab).folders.values()) < 4:
            time.sleep(0.01)
        return {name: len(one.messages) for name, one in store(lab).folders.items()}, store(lab).folders[
            "Junk"
        ].messages

    counts, [junk, _] = use(rules, client)
    assert counts == {"INBOX": 0, "Junk": 2, "Sent": 0, "Trash": 2}
    found = message_from_bytes(junk.octets)
    assert found["X-Spam-Status"] == "Yes, score=7.1 for shop@good.example"
    assert found["Authentication-Results"] == "mx.north.example; spf=fail smtp.mailfrom=bounces@good.example"
    assert junk.flags == {"$Junk"}


def test_a_rule_refuses_puts_off_and_finds_a_mailbox_full() -> None:
    rules = """
[[delivery]]
to = "bob@*"
reply = "552 5.2.2 mailbox full"
[[delivery]]
reply = "451 4.7.1 greylisted"
times = 1
"""

    def client(lab: RunningWorld) -> Any:
        both = send(lab, "ada@north.example", "bob@north.example")
        said = [send(lab, sender="y@good.example"), send(lab, sender="y@good.example"), send(lab, "bob@north.example")]
        wait_for(lab, "INBOX")
        return [both, *said], len(lab.mail[RECEIVER].deliveries)

    full = "552 5.2.2 mailbox full"
    assert use(rules, client) == (["451 4.7.1 greylisted", "451 4.7.1 greylisted", "", full], 1)


def test_lmtp_answers_for_each_recipient() -> None:
    def client(lab: RunningWorld) -> Any:
        with smtplib.LMTP(*lab.routes[RECEIVER]) as lmtp:
            lmtp.ehlo()
            lmtp.mail("x@good.example")
            lmtp.rcpt("bob@north.example")
            lmtp.rcpt("ada@north.example")
            replies = [lmtp.data(TEXT.encode()), lmtp.getreply()]
        wait_for(lab, "INBOX")
        return replies

    rules = '[[delivery]]\nto = "bob@*"\nreply = "452 4.2.2 full"\n'
    assert use(rules, client, "lmtp = true") == [
        (452, b"4.2.2 full"),
        (250, b"2.1.5 ada@north.example delivered as 1"),
    ]


def test_a_copy_is_taken_and_lost_or_comes_late() -> None:
    rules = '[[delivery]]\nto = "bob@north.example"\ndiscard = true\n[[delivery]]\ndelay = 0.4\n'

    def client(lab: RunningWorld) -> Any:
        begun = time.monotonic()
        send(lab, "bob+x@north.example", "ada+token@north.example")
        wait_for(lab, "INBOX")
        return time.monotonic() - begun, store(lab, "bob@north.example").folders["INBOX"].messages

    late, lost = use(rules, client)
    assert late >= 0.4
    assert lost == []


def test_a_copy_that_is_taken_may_bounce() -> None:
    def client(lab: RunningWorld) -> Any:
        assert send(lab) == ""
        return wait_for(lab, "INBOX", "bounces@good.example"), store(lab).folders["INBOX"].messages

    found, there = use('[[delivery]]\nbounce = "550 5.1.1 no such user"\n', client)
    assert there == []
    assert found.get_content_type() == "multipart/report"
    text, status, headers = found.get_payload()
    assert "<ada@north.example>" in text.get_payload()
    per_message, per_recipient = status.get_payload()
    assert per_message["Reporting-MTA"] == "dns; mx.north.example"
    assert dict(per_recipient.items()) == {
        "Final-Recipient": "rfc822; ada@north.example",
        "Action": "failed",
        "Status": "5.1.1",
        "Diagnostic-Code": "smtp; 550 5.1.1 no such user",
    }
    assert "Subject: Spring sale" in headers.get_payload()
    assert found["Return-Path"] == "<>"


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('colour = "red"', "a delivery rule has no key 'colour'"),
        ('reply = "250 ok"', "is no refusal"),
        ('header = "("', "of a delivery rule"),
        ('ip = "11.0.0.0/99"', "11.0.0.0/99"),
        ("every = 0", "1 or more"),
        ('folder = "Promotions"', "no folder 'Promotions'"),
    ],
)
def test_a_rule_that_cannot_be_is_refused(rule: str, said: str) -> None:
    async def work() -> None:
        async with running(parse(world(f"[[delivery]]\n{rule}\n"), name="mine")):
            pass

    with pytest.raises(LabError) as refusal:
        asyncio.run(work())
    assert said in str(refusal.value)
