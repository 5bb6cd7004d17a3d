"""What the lab's IMAP server does wrong when told to."""

from __future__ import annotations

import imaplib
import socket
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from imapclient import IMAPClient

from deliverkit.errors import LabError
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.running import RunningWorld
from deliverkit.lab.world import parse
from tests.mailboxes import (
    ADA,
    ADDRESS,
    PASSWORD,
    as_ada,
    bare,
    imap_client,
    live,
    messages,
    trusting,
    world_text,
)


def open_inbox(lab: RunningWorld) -> str:
    """What becomes of a client that opens INBOX and reads it: nothing, or its error."""
    try:
        with imap_client(lab, timeout=1) as imap:
            imap.login(ADA, PASSWORD)
            imap.id_({"name": "test"})
            imap.list_folders()
            imap.select_folder("INBOX", readonly=True)
            imap.fetch([1], ["BODY.PEEK[]"])
            imap.noop()
    except (imaplib.IMAP4.error, OSError) as error:
        return f"{type(error).__name__}: {error}"[:200]
    return ""


@pytest.mark.parametrize(
    ("misdeed", "said"),
    [
        ("drop", "EOF"),
        ("drop at SELECT", ""),
        ("drop at EXAMINE", "abort"),
        ("reset at EXAMINE", "EOF"),
        ("bye", "going down"),
        ("bye at FETCH", "going down"),
        ("silent", "timed out"),
        ("silent at CONNECT", "timed out"),
        ("long-line", "10000"),
        ("wrong-tag", "X999"),
        ("controls", ""),
        ("tarpit at LIST", "timed out"),
        ("split at LIST", ""),
        ("new-uidvalidity", ""),
    ],
)
def test_misdeeds(misdeed: str, said: str) -> None:
    wait = "seconds = 1.5" if "tarpit" in misdeed else "seconds = 0.0001"
    found = live(open_inbox, world_text(f'do = "{misdeed}"\n{wait}', more=messages()))
    assert said in found
    assert bool(found) is bool(said)


@pytest.mark.parametrize("misdeed", ["flood at EXAMINE", "huge-literal"])
def test_a_server_that_never_ends_can_only_be_left(misdeed: str) -> None:
    def client(lab: RunningWorld) -> int:
        sent = f"a LOGIN {ADA} {PASSWORD}\r\nb EXAMINE INBOX\r\nc FETCH 1 BODY[]\r\n".encode()
        size = 0
        with socket.create_connection(lab.routes[ADDRESS, 143], timeout=5) as connection:
            connection.sendall(sent)
            while size < 8_000_000:
                size += len(connection.recv(65536))
        return size

    text = world_text(f'certificate = ""\nports = [143]\ndo = "{misdeed}"', more=messages())
    assert live(client, text) >= 8_000_000


def test_a_server_may_speak_in_the_clear_behind_starttls_or_not_shake_hands() -> None:
    said = live(lambda lab: bare(lab, b"a STARTTLS\r\n"), world_text('do = "inject"'))
    assert said.endswith(b"a OK begin\r\n* PREAUTH [CAPABILITY IMAP4rev1] nothing to hide\r\n")

    def client(lab: RunningWorld) -> None:
        with socket.create_connection(lab.routes[ADDRESS, 143], timeout=0.5) as connection:
            connection.sendall(b"a STARTTLS\r\n")
            while b"a OK" not in connection.recv(65536):
                pass
            with pytest.raises(TimeoutError):
                trusting(lab).wrap_socket(connection)

    live(client, world_text('do = "no-handshake"'))


def test_a_misdeed_may_be_one_mailbox_s_alone() -> None:
    other = f'\n[[imap.mailboxes]]\naddress = "bob@north.example"\npassword = "{PASSWORD}"\ndo = "drop at LIST"\n'

    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as imap:
            imap.login("bob@north.example", PASSWORD)
            with pytest.raises(imaplib.IMAP4.abort):
                imap.list_folders()
        return open_inbox(lab)

    assert live(client, world_text(more=messages() + other)) == ""


def test_a_uidvalidity_that_changes() -> None:
    def use(imap: IMAPClient) -> Any:
        return [imap.select_folder("INBOX", readonly=True)[b"UIDVALIDITY"] for _ in range(2)]

    one, other = live(as_ada(use), world_text('do = "new-uidvalidity"'))
    assert one != other


def test_the_clock_of_a_server_may_be_wrong() -> None:
    def use(imap: IMAPClient) -> Any:
        imap.normalise_times = False
        imap.select_folder("INBOX", readonly=True)
        return imap.fetch([2], ["INTERNALDATE"])[2][b"INTERNALDATE"]

    when = live(as_ada(use), world_text("clock_off = 7200", more=messages()))
    assert timedelta(seconds=7100) < when - datetime.now(UTC) < timedelta(seconds=7201)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (world_text("colour = 1"), "the imap server at 11.0.31.1 has no key 'colour'"),
        (world_text(mailbox="colour = 1"), "the mailbox ada@north.example of the imap server at 11.0.31.1 has no key"),
        (world_text('do = "explode"'), "choose one of"),
        (world_text('do = "drop at LUNCH"'), "choose one of"),
        (world_text('certificate = "none"'), "choose one of"),
        (world_text('certificate = ""'), "port 993"),
        (world_text(mailbox='junk = "Bulk"'), "no folder 'Bulk'"),
        (world_text(more="[[imap.mailboxes.messages]]\nfolder = 'INBOX'"), "says no text"),
        ('target = "a.example"\n[[imap]]\nname = "x.example"', "says no address"),
    ],
)
def test_a_table_that_describes_no_server_is_refused(text: str, said: str) -> None:
    with pytest.raises(LabError) as refusal:
        parse(text, name="mine")
    assert said in str(refusal.value)


HOSTILE = [
    b"",
    b"\xff\xfe\r\n\r\n",
    b"Content-Type: multipart/mixed; boundary=\r\n\r\nx",
    b"Content-Type: text/plain; charset=x\r\nContent-Transfer-Encoding: base64\r\n\r\n====",
    b"Subject: =?nope?b?!!!?=\r\nDate: Mon, 99 Foo 20 1:1\r\n\r\n",
    b'From: "<<>>,,\r\nDate: 1 Jan 99999999999 00:00\r\n\r\n',
    b"Content-Transfer-Encoding: x-uuencode\r\n\r\nbegin\nzz",
]


def test_no_message_is_too_strange_to_be_searched() -> None:
    def client(lab: RunningWorld) -> Any:
        for octets in HOSTILE:
            lab.mailboxes[ADA].put(Stored(octets, datetime.now(UTC)), "INBOX")
        with imap_client(lab) as imap:
            imap.login(ADA, PASSWORD)
            imap.select_folder("INBOX", readonly=True)
            searched = [imap.search([key, "x"]) for key in ("SUBJECT", "FROM", "TEXT", "BODY")]
            return searched, imap.search(["SENTSINCE", "1-Jan-2000"]), len(imap.fetch(imap.search(), ["BODY.PEEK[]"]))

    _, sent, fetched = live(client, world_text())
    assert (sent, fetched) == ([], len(HOSTILE))
