"""The worlds for seed tests: a message that is sent through the relay of one lands where the world says."""

from __future__ import annotations

import smtplib
import time
from collections import Counter
from typing import Any

import dkim
import pytest
from imapclient import IMAPClient

from deliverkit.lab.mailtexts import field
from deliverkit.lab.running import RunningWorld
from deliverkit.lab.world import load, source
from deliverkit.lab.zones import Names
from tests.mailboxes import live, trusting

MESSAGE = (
    "From: Shop <shop@good.example>\r\nTo: {to}\r\nSubject: Spring sale\r\nDate: Sun, 22 Nov 2026 09:00:00 +0000\r\n"
    "Message-ID: <{to}>\r\nList-Unsubscribe: <https://good.example/u>\r\n\r\nBuy flowers\r\n"
)
SEEDS = [box.address for host in load("seeds-good").imap for box in host.mailboxes if "bounces" not in box.address]
_CALM = 0.6  # seconds in which whatever is late has come


def send_to_all(lab: RunningWorld) -> None:
    place = lab.routes["11.0.5.25", 587]
    with smtplib.SMTP(*place, local_hostname="platform.good.example", timeout=5) as smtp:
        smtp.ehlo()
        smtp.login("campaign", "relay-password")
        for seed in SEEDS:
            smtp.sendmail("bounces@good.example", [seed], MESSAGE.format(to=seed))


def landed(lab: RunningWorld) -> dict[str, str]:
    """Where each copy lies."""
    return {
        address: f"{folder.name} {message.category}".strip()
        for address, store in lab.mailboxes.items()
        for folder in store.folders.values()
        for message in folder.messages
        if field(message.octets, "Message-ID") == f"<{address}>" and not folder.is_a("\\All")
    }


def settled(lab: RunningWorld, copies: int) -> dict[str, str]:
    for _ in range(1500):
        if len(landed(lab)) >= copies:
            break
        time.sleep(0.01)
    time.sleep(_CALM)
    return landed(lab)


def test_in_the_good_world_every_copy_lands_in_an_inbox() -> None:
    def client(lab: RunningWorld) -> Any:
        send_to_all(lab)
        found = settled(lab, len(SEEDS))
        record = next(line for line in Names.of(lab.world).lines() if line.startswith("s3._domainkey"))
        text = "".join(record.split('"')[1::2]).encode()
        octets = lab.mailboxes["ada@bulk.example"].folders["INBOX"].messages[0].octets
        return found, dkim.verify(octets, dnsfunc=lambda *_, **__: text), field(octets, "Authentication-Results")

    found, verified, results = live(client, source("seeds-good"))
    assert sorted(found) == sorted(SEEDS)
    assert Counter(found.values()) == {"INBOX": 13, "INBOX promotions": 2}
    assert verified
    assert results == (
        "mx.bulk.example; spf=pass smtp.mailfrom=good.example; dkim=pass header.d=good.example;"
        " dmarc=pass header.from=good.example"
    )


def test_in_the_bad_world_most_copies_do_not() -> None:
    def client(lab: RunningWorld) -> Any:
        send_to_all(lab)
        found = settled(lab, 10)
        for _ in range(1500):
            back = lab.mailboxes["bounces@good.example"].folders["INBOX"].messages
            if len(back) >= 4:
                break
            time.sleep(0.01)
        return found, sorted(field(one.octets, "Subject") for one in back), b"".join(one.octets for one in back)

    found, subjects, reports = live(client, source("seeds-bad"))
    assert Counter(found.values()) == {
        "INBOX": 3,
        "Junk": 2,
        "Bulk": 2,
        "[Gmail]/Spam": 2,
        "Junk Email": 1,
    }
    assert len(subjects) == 4
    for address in ("eve@bulk.example", "ada@nested.example", "bob@nested.example", "eve@north.example"):
        assert f"Final-Recipient: rfc822; {address}".encode() in reports


@pytest.mark.parametrize("address", SEEDS)
def test_every_seed_mailbox_can_be_read(address: str) -> None:
    host = next(host for host in load("seeds-good").imap for box in host.mailboxes if box.address == address)

    def client(lab: RunningWorld) -> Any:
        place = lab.routes[host.address, 993]
        with IMAPClient(*place, ssl=True, ssl_context=trusting(lab, host.name), timeout=5) as imap:
            if host.login:
                imap.login(address, "seed-password")
            else:
                imap.oauth2_login(address, "seed-token")
            names = [name for _, _, name in imap.list_folders()]
            imap.select_folder("INBOX", readonly=True)
            return names

    names = live(client, source("seeds-good"))
    assert names == list(next(box for box in host.mailboxes if box.address == address).folders)
