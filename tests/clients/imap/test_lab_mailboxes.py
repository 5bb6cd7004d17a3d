"""Mailboxes in the lab: Gmail's tabs and labels, tokens, and servers that do wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import TypeVar

import pytest

from deliverkit.clients.dns.nameservers import parse_nameserver
from deliverkit.clients.imap.connecting import Network
from deliverkit.clients.imap.gmail import is_seen_elsewhere
from deliverkit.clients.imap.opening import Mailboxes
from deliverkit.clients.opening import open_clients
from deliverkit.clients.routes import Routes
from deliverkit.knowledge.folders import Purpose
from deliverkit.lab.mailstore import Stored
from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse
from deliverkit.observations.mailbox import Bodies, FolderClass, ImapAccess, Mailbox, MailboxView, Mechanism
from tests.mailboxes import ADA, ADDRESS, MESSAGE, NAME, PASSWORD, TOKEN, world_text

T = TypeVar("T")
ZONE = f"""
[[zones]]
origin = "north.example"
text = "imap  300  A  {ADDRESS}"
"""
GMAIL = 'capabilities = ["SASL-IR", "ID", "IDLE", "NAMESPACE", "UIDPLUS", "X-GM-EXT-1"]\n'
GMAIL_FOLDERS = """
folders."[Gmail]" = '\\Noselect'
folders."[Gmail]/Spam" = '\\Junk'
folders."[Gmail]/All Mail" = '\\All'
folders."[Gmail]/Sent Mail" = '\\Sent'
folders."[Gmail]/Trash" = '\\Trash'
folders.Shop = ''
"""


def access(mechanism: Mechanism = Mechanism.PASSWORD, way: str = "env:PASSWORD", tls: str = "implicit") -> ImapAccess:
    return ImapAccess(NAME, 993 if tls == "implicit" else 143, ADA, way, mechanism, tls)


@pytest.fixture(autouse=True)
def _secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PASSWORD", PASSWORD)
    monkeypatch.setenv("TOKEN", TOKEN)


def held(text: str, of: ImapAccess, then: Callable[[Mailbox, RunningWorld], Awaitable[T]], timeout: float = 3) -> T:
    async def work() -> T:
        async with running(parse(text + ZONE, name="mine")) as lab:
            servers = [parse_nameserver(lab.nameserver)]
            async with open_clients(servers, routes=Routes(lab.routes), roots=lab.roots) as clients:
                mailboxes = Mailboxes(Network(clients.resolver, Routes(lab.routes), timeout, lab.roots))
                since = datetime.now(UTC) - timedelta(hours=1)
                mailbox = mailboxes.open(of, since=since, bodies=Bodies.REPORTS)
                try:
                    return await then(mailbox, lab)
                finally:
                    await mailbox.close()
                    mailboxes.close()

    return asyncio.run(work())


def look(text: str, of: ImapAccess | None = None) -> MailboxView:
    return held(text, of or access(), lambda mailbox, _: mailbox.look())


def message(subject: str, *, folder: str = "INBOX", category: str = "") -> str:
    text = MESSAGE.replace("one", subject)
    return f"""
[[imap.mailboxes.messages]]
folder = "{folder}"
category = "{category}"
text = '''{text}'''
"""


def found(view: MailboxView) -> dict[str, tuple[str, FolderClass, str]]:
    """By the subject of each arrival: folder, class and tab."""
    assert view.problem == ""
    return {
        one.header.splitlines()[0].decode().removeprefix("Subject: "): (one.folder.name, one.folder.kind, one.tab)
        for one in view.arrivals
    }


def test_gmail_tells_tabs_by_search_and_counts_each_message_once() -> None:
    placed = [
        message("plain", category="primary"),
        message("offer", category="promotions"),
        message("none"),
        message("junk", folder="[Gmail]/Spam"),
        message("label", folder="Shop"),
        message("archived", folder="[Gmail]/All Mail"),
    ]
    view = look(world_text(GMAIL, GMAIL_FOLDERS, "".join(placed)))
    assert len(view.arrivals) == 6
    assert found(view) == {
        "plain": ("INBOX", FolderClass.INBOX, "primary"),
        "offer": ("INBOX", FolderClass.TAB, "promotions"),
        "none": ("INBOX", FolderClass.INBOX, ""),
        "junk": ("[Gmail]/Spam", FolderClass.JUNK, ""),
        "label": ("Shop", FolderClass.OTHER, ""),
        "archived": ("[Gmail]/All Mail", FolderClass.OTHER, ""),
    }


@pytest.mark.parametrize("folder", ["INBOX", "Junk", "Nevyžádaná & pošta"])
def test_what_is_filed_between_a_look_and_the_waiting_ends_the_waiting(folder: str) -> None:
    """NOTIFY tells of what comes after it was asked for (RFC 5465 §3.1)."""

    async def filed(mailbox: Mailbox, lab: RunningWorld) -> tuple[float, list[str]]:
        await mailbox.look()
        store = lab.mailboxes[ADA]
        store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), folder)
        begun = asyncio.get_running_loop().time()
        await mailbox.wait(5)
        waited = asyncio.get_running_loop().time() - begun
        return waited, [one.folder.name for one in (await mailbox.look()).arrivals]

    folders = "folders = { Junk = '\\Junk', \"Nevyžádaná & pošta\" = '' }"
    waited, names = held(world_text(mailbox=folders), access(), filed)
    assert waited < 3
    assert names == [folder]


def test_nobody_is_called_without_news() -> None:
    async def waited(mailbox: Mailbox, lab: RunningWorld) -> float:
        store = lab.mailboxes[ADA]
        for folder in ("INBOX", "Junk", "Sent", "Trash"):
            store.put(Stored(MESSAGE.encode(), datetime.now(UTC)), folder)
        await mailbox.look()
        begun = asyncio.get_running_loop().time()
        await mailbox.wait(0.5)
        return asyncio.get_running_loop().time() - begun

    assert held(world_text(), access(), waited) >= 0.5


def test_looking_changes_nothing() -> None:
    async def looked(mailbox: Mailbox, lab: RunningWorld) -> tuple[set[str], list[str]]:
        await mailbox.look()
        await mailbox.wait(0.2)
        await mailbox.look()
        return {how for how, _ in lab.mailboxes[ADA].opened}, lab.mailboxes[ADA].changes

    assert held(world_text(more=message("a")), access(), looked) == ({"EXAMINE"}, [])


@pytest.mark.parametrize("mechanism", [Mechanism.XOAUTH2, Mechanism.OAUTHBEARER])
def test_a_token_opens_the_mailbox_or_is_refused_with_its_reason(mechanism: Mechanism) -> None:
    world = world_text('auth = ["XOAUTH2", "OAUTHBEARER"]\nlogin = false', more=message("a"))
    assert len(look(world, access(mechanism, "env:TOKEN")).arrivals) == 1
    refused = look(world, access(mechanism, "env:PASSWORD")).problem
    assert refused.startswith("its token is refused (")
    assert PASSWORD not in refused


@pytest.mark.parametrize("auth", ["", "auth = []"])
def test_a_server_that_wants_tls_first_says_so_and_is_not_told_to_want_tokens(auth: str) -> None:
    assert "lets nobody in without TLS: write tls =" in look(world_text(auth), access(tls="none")).problem


@pytest.mark.parametrize(
    ("misdeed", "problem"),
    [
        ("silent", "nothing came from its server for 0.5 s"),
        ("silent at CONNECT", "nothing came from its server for 0.5 s"),
        ("silent at FETCH", "nothing came from its server for 0.5 s"),
        ("drop at AUTHENTICATE", "its server closed the connection"),
        ("reset at FETCH", "connection"),
        ("bye", "its server refuses: the server is going down"),
        ("bye at FETCH", "its server broke off: the server is going down"),
        ("flood at FETCH", "its server "),
        ("huge-literal", "its server sends 4,294,967,295 octets where at most 524,288 were asked for"),
        ("long-line", "its server sends a line of more than 1,000,000 octets"),
        ("wrong-tag at LIST", "its server says what is no IMAP"),
    ],
)
def test_a_server_that_does_wrong_is_told(misdeed: str, problem: str) -> None:
    world = world_text(f'do = ["{misdeed}"]', more=message("a"))
    view = held(world, access(), lambda mailbox, _: mailbox.look(), timeout=0.5)
    assert problem in view.problem


@pytest.mark.parametrize(
    ("misdeed", "problem"),
    [
        ("inject", "its server goes on in the clear after it agreed to TLS"),
        ("no-handshake", "imap.north.example was silent in the TLS handshake"),
    ],
)
def test_nobody_comes_between_starttls_and_tls(misdeed: str, problem: str) -> None:
    world = world_text(f'do = ["{misdeed}"]')
    view = held(world, access(tls="starttls"), lambda mailbox, _: mailbox.look(), timeout=0.5)
    assert problem in view.problem


def test_broken_names_of_folders_spoil_no_other() -> None:
    view = look(world_text('do = ["controls"]', more=message("a")))
    assert set(found(view)) == {"a"}
    assert "was left out" in view.notes[0]
    assert view.notes[0].isprintable()


@pytest.mark.parametrize(
    ("labels", "purpose", "is_elsewhere"),
    [
        ((), Purpose.ALL, False),
        ((b"\\Inbox",), Purpose.ALL, True),
        ((b"\\Inbox", b"Shop"), Purpose.OTHER, True),
        ((b"\\Sent",), Purpose.ALL, True),
        ((b"\\Draft",), Purpose.ALL, True),
        ((b"Shop",), Purpose.OTHER, False),
        ((b"\\Inbox",), Purpose.INBOX, False),
        (None, Purpose.JUNK, False),
    ],
)
def test_labels_tell_where_else_a_message_shows(
    labels: tuple[bytes, ...] | None, purpose: Purpose, *, is_elsewhere: bool
) -> None:
    known: set[int] = set()
    items = {b"X-GM-MSGID": 12, b"X-GM-LABELS": labels}
    assert is_seen_elsewhere(items, purpose, known) is is_elsewhere
    assert is_seen_elsewhere(items, Purpose.OTHER, known) is True
