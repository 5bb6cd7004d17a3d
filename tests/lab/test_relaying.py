"""Relays of a world: mail handed to one with Python's own smtplib, and looked for in the mailboxes."""

from __future__ import annotations

import smtplib
import time
from email import message_from_bytes
from typing import Any

import dkim
import pytest

from deliverkit.lab.running import RunningWorld
from deliverkit.lab.signing import key_record
from deliverkit.lab.zones import Names
from tests.deliveries import RECEIVER, RELAY, TEXT, store, use, wait_for


def submit(lab: RunningWorld, *, to: str = "ada@north.example", sender: str = "bounces@good.example") -> None:
    with smtplib.SMTP(*lab.routes[RELAY], local_hostname="pc.good.example", timeout=5) as smtp:
        smtp.ehlo()
        smtp.login("shop", "s3cret")
        smtp.sendmail(sender, [to], TEXT, mail_options=[] if sender.isascii() else ["SMTPUTF8"])


def test_a_relay_signs_and_passes_on_after_it_was_put_off() -> None:
    def client(lab: RunningWorld) -> Any:
        submit(lab)
        wait_for(lab, "INBOX")
        record = next(line for line in Names.of(lab.world).lines() if line.startswith("s1._domainkey"))
        text = "".join(record.split('"')[1::2]).encode()
        octets = store(lab).folders["INBOX"].messages[0].octets
        return message_from_bytes(octets), dkim.verify(octets, dnsfunc=lambda *_, **__: text)

    found, verified = use('[[delivery]]\nreply = "451 4.7.1 greylisted"\ntimes = 2\n', client)
    assert verified
    assert found["Authentication-Results"].endswith("header.d=good.example")
    assert "[11.0.5.25]) by mx.north.example with ESMTPS" in found["Received"]


def test_each_name_has_a_key_of_its_own_that_is_the_same_at_every_start() -> None:
    def records(lab: RunningWorld) -> list[str]:
        return [line for line in Names.of(lab.world).lines() if "_domainkey" in line]

    first, second = use("", records), use("", records)
    assert first == second
    assert "n=made by the deliverkit lab: no secret;" in first[0]
    assert len({key_record(f"s{number}._domainkey.good.example") for number in range(3)}) == 3


@pytest.mark.parametrize(
    ("to", "reply", "said"),
    [
        ("ada@north.example", "550 5.7.1 spam", "550 5.7.1 spam"),
        ("ada@north.example", "451 4.7.1 later", "550 5.4.7 it could not be delivered for too long"),
        ("ada@nowhere.example", "", "550 5.4.4 the domain has no mail host"),
        ("x@mx.north.example", "", ""),
    ],
)
def test_a_relay_gives_back_what_it_cannot_deliver(to: str, reply: str, said: str) -> None:
    def client(lab: RunningWorld) -> Any:
        submit(lab, to=to)
        if not said:
            while not lab.mail[RECEIVER].deliveries:
                time.sleep(0.01)
            return lab.mail[RECEIVER].deliveries[0].recipients[0]
        return wait_for(lab, "INBOX", "bounces@good.example").as_string()

    found = use(f'[[delivery]]\nreply = "{reply}"\n' if reply else "", client)
    assert (f"Diagnostic-Code: smtp; {said}" if said else to) in found


def test_a_sender_beyond_ascii_is_passed_on() -> None:
    def client(lab: RunningWorld) -> Any:
        submit(lab, sender="news@b\u00fccher.example")
        return wait_for(lab, "INBOX")["Return-Path"]

    assert "news@" in str(use("", client))


def test_a_relay_is_for_its_users() -> None:
    def client(lab: RunningWorld) -> Any:
        with smtplib.SMTP(*lab.routes[RELAY]) as smtp:
            smtp.ehlo()
            smtp.mail("x@good.example")
            return smtp.rcpt("ada@north.example")

    assert use("", client) == (550, b"5.7.1 relaying is for those who have logged in")
