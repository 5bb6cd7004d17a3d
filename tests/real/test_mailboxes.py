"""Mailboxes against a real Dovecot."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import TypeVar

import pytest
from cryptography.hazmat.primitives.serialization import Encoding

from deliverkit.clients.imap.connecting import Network
from deliverkit.clients.imap.opening import Mailboxes
from deliverkit.clients.recorded import Recorded
from deliverkit.clients.routes import Routes
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.observations.mailbox import Bodies, FolderClass, ImapAccess, Mailbox, MailboxView, Mechanism
from tests.certificates import Authority
from tests.dovecot import NAME, PASSWORD, Dovecot, dovecot, missing_dovecot
from tests.servers import LOOPBACK

pytestmark = pytest.mark.skipif(bool(missing_dovecot()), reason=f"{missing_dovecot()} is missing")

T = TypeVar("T")
ADDRESS = "11.0.0.143"
REPORT = b"Subject: failed\r\nContent-Type: multipart/report; boundary=x\r\n\r\n--x\r\n"


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Dovecot]:
    monkeypatch.setenv("PASSWORD", PASSWORD)
    for folder in list(tmp_path.parents)[:3]:  # mail lies in it, and belongs to another user
        if folder.stat().st_mode & 0o055 == 0:
            folder.chmod(0o755)
    with dovecot(tmp_path) as running:
        yield running


def network(server: Dovecot, authority: Authority | None = None, timeout: float = 5) -> Network:
    found = (ResourceRecord(NAME, "A", 300, ADDRESS),)
    answers = {
        answer.query: answer
        for name in (NAME, "other.good.example")
        for answer in (Answer(name, "A", Status.NOERROR, found), Answer(name, "AAAA", Status.NODATA))
    }
    routes = Routes({(ADDRESS, 993): (LOOPBACK, server.tls), (ADDRESS, 143): (LOOPBACK, server.clear)})
    roots = (authority or server.authority).certificate().public_bytes(Encoding.PEM)
    return Network(Recorded(answers), routes, timeout, roots)


def access(host: str = NAME, *, tls: str = "implicit", user: str = "ada", way: str = "env:PASSWORD") -> ImapAccess:
    return ImapAccess(host, 993 if tls == "implicit" else 143, user, way, Mechanism.PASSWORD, tls)


def run(of: ImapAccess, over: Network, then: Callable[[Mailbox], Awaitable[T]]) -> T:
    async def held() -> T:
        mailboxes = Mailboxes(over)
        mailbox = mailboxes.open(of, since=datetime.now(UTC), bodies=Bodies.REPORTS)
        try:
            return await then(mailbox)
        finally:
            await mailbox.close()
            mailboxes.close()

    return asyncio.run(held())


def look(of: ImapAccess, over: Network) -> MailboxView:
    return run(of, over, lambda mailbox: mailbox.look())


@pytest.mark.parametrize("tls", ["implicit", "starttls", "none"])
def test_every_folder_is_looked_into_and_nothing_is_marked_as_read(server: Dovecot, tls: str) -> None:
    server.deliver("ada", b"Subject: one\r\n\r\nbody\r\n")
    server.deliver("ada", REPORT, folder=".Junk")
    server.deliver("ada", b"Subject: three\r\n\r\n", folder=".News.Ung&APw-ltig")
    server.deliver("ada", b"Subject: gone\r\n\r\n", folder=".Trash")
    old = datetime.now(UTC) - timedelta(days=3)
    server.deliver("ada", b"Subject: old\r\n\r\n", arrived=old)
    view = look(access(tls=tls), network(server))
    assert view.problem == ""
    found = {one.folder.name: one for one in view.arrivals}
    assert {name: one.folder.kind for name, one in found.items()} == {
        "INBOX": FolderClass.INBOX,
        "Junk": FolderClass.JUNK,
        "News.Ungültig": FolderClass.OTHER,
    }
    assert found["INBOX"].header == b"Subject: one\r\n\r\n"
    assert found["INBOX"].body == b""
    assert found["Junk"].header + found["Junk"].body == REPORT
    assert abs(found["INBOX"].arrived - datetime.now(UTC)) < timedelta(minutes=1)
    assert not [name for name in server.files("ada") if ":2," in name and "S" in name.partition(":2,")[2]]


@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
def test_what_arrives_anywhere_ends_the_waiting(server: Dovecot, folder: str) -> None:
    async def waited(mailbox: Mailbox) -> tuple[float, MailboxView]:
        await mailbox.look()
        loop = asyncio.get_running_loop()
        started = loop.time()
        loop.call_later(0.5, partial(server.append, "ada", b"Subject: new\r\n\r\n", folder))
        await mailbox.wait(20)
        return loop.time() - started, await mailbox.look()

    server.deliver("ada", b"Subject: before\r\n\r\n")
    seconds, view = run(access(), network(server), waited)
    assert seconds < 5
    assert [one.header for one in view.arrivals] == [b"Subject: new\r\n\r\n"]


@pytest.mark.parametrize("folder", ["INBOX", "Junk"])
def test_what_came_between_look_and_waiting_ends_it_at_once(server: Dovecot, folder: str) -> None:
    async def waited(mailbox: Mailbox) -> float:
        await mailbox.look()
        server.append("ada", b"Subject: new\r\n\r\n", folder)
        started = time.monotonic()
        await mailbox.wait(20)
        return time.monotonic() - started

    assert run(access(), network(server), waited) < 5


def test_only_what_is_given_is_deleted(server: Dovecot) -> None:
    async def deleted(mailbox: Mailbox) -> tuple[str, int]:
        view = await mailbox.look()
        given = tuple(one for one in view.arrivals if b"two" in one.header)
        return await mailbox.delete(given), len((await mailbox.look()).arrivals)

    for subject in (b"one", b"two", b"three"):
        server.deliver("ada", b"Subject: %s\r\n\r\n" % subject)
    server.deliver("ada", b"Subject: two\r\n\r\n", folder=".Junk")
    assert run(access(), network(server), deleted) == ("", 0)
    assert (len(server.files("ada")), server.files("ada", ".Junk")) == (2, [])


def test_mail_of_another_numbering_is_left(server: Dovecot) -> None:
    async def deleted(mailbox: Mailbox) -> str:
        view = await mailbox.look()
        return await mailbox.delete(tuple(one._replace(uid_validity=1) for one in view.arrivals))

    server.deliver("ada", b"Subject: one\r\n\r\n")
    assert "numbered anew" in run(access(), network(server), deleted)
    assert len(server.files("ada")) == 1


def test_a_wrong_password_is_told(server: Dovecot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WRONG", "not it")
    problem = look(access(way="env:WRONG"), network(server)).problem
    assert problem.startswith("its server refuses user ada with that password")
    assert "not it" not in problem


def test_a_certificate_that_is_not_good_is_told(server: Dovecot) -> None:
    assert (
        "the certificate of other.good.example is not good for it"
        in look(access("other.good.example"), network(server)).problem
    )
    stranger = network(server, Authority())
    for tls in ("implicit", "starttls"):
        assert f"the certificate of {NAME} is not good for it" in look(access(tls=tls), stranger).problem


def test_tls_where_there_is_none_is_told(server: Dovecot) -> None:
    plain = Network(Recorded({}), Routes({(LOOPBACK, 993): (LOOPBACK, server.clear)}), 2)
    assert "does that port begin with TLS?" in look(access(LOOPBACK), plain).problem


def test_too_many_connections_are_told(server: Dovecot) -> None:
    async def crowded(mailbox: Mailbox) -> list[str]:
        mailboxes = Mailboxes(over)
        others = [mailboxes.open(access(), since=datetime.now(UTC), bodies=Bodies.REPORTS) for _ in range(2)]
        problems = [(await one.look()).problem for one in (*others, mailbox)]
        for one in others:
            await one.close()
        mailboxes.close()
        return problems

    over = network(server)
    first, second, third = run(access(), over, crowded)
    assert (first, second) == ("", "")
    assert third.startswith("its server has too many connections of this mailbox open")


def test_a_server_that_falls_silent_is_told_and_looked_at_again(server: Dovecot) -> None:
    async def paused(mailbox: Mailbox) -> list[str]:
        problems = [(await mailbox.look()).problem]
        server.pause()
        try:
            problems.append((await mailbox.look()).problem)
        finally:
            server.go_on()
        for _ in range(20):  # it may still answer what came while it was paused, and send others away meanwhile
            again = (await mailbox.look()).problem
            if "[UNAVAILABLE]" not in again:
                break
            await asyncio.sleep(0.2)
        return [*problems, again]

    before, during, after = run(access(), network(server, timeout=1), paused)
    assert (before, after) == ("", "")
    assert during != ""
