"""Servers that break off, lie, flood or fall silent: each spoils only its own mailbox, and is told of in words."""

from __future__ import annotations

import asyncio
import json
import socket
import time
import tracemalloc
from base64 import b64encode
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from deliverkit.clients.imap.connecting import Network
from deliverkit.clients.imap.opening import Mailboxes
from deliverkit.clients.recorded import Recorded
from deliverkit.clients.routes import REAL
from deliverkit.observations.mailbox import Bodies, ImapAccess, Mailbox, MailboxView, Mechanism
from tests.imap_scripts import LOOPBACK, USUAL, Reply, Script, serving

T = TypeVar("T")
SINCE = datetime(2026, 11, 25, tzinfo=UTC)
SECRET = "hunter2"  # noqa: S105 - an example
TIMEOUT = 0.4


@pytest.fixture(autouse=True)
def _secret(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET", SECRET)


def access(script: Script, mechanism: Mechanism = Mechanism.PASSWORD, way: str = "env:SECRET") -> ImapAccess:
    return ImapAccess(LOOPBACK, script.port, "ada", way, mechanism, "none")


async def with_mailbox(of: ImapAccess, then: Callable[[Mailbox], Awaitable[T]], timeout: float = TIMEOUT) -> T:
    mailboxes = Mailboxes(Network(Recorded({}), REAL, timeout))
    mailbox = mailboxes.open(of, since=SINCE, bodies=Bodies.REPORTS)
    try:
        return await then(mailbox)
    finally:
        await mailbox.close()
        mailboxes.close()


def look(replies: dict[str, Reply], greeting: bytes = Script({}).greeting) -> MailboxView:
    with serving(Script({**USUAL, **replies}, greeting)) as script:
        return asyncio.run(with_mailbox(access(script), lambda mailbox: mailbox.look()))


def told(answer: bytes) -> dict[str, Reply]:
    """What is answered to the command that fetches headers."""
    return {"UID FETCH 1 (BODY.PEEK[HEADER]": answer}


def test_what_is_in_order_is_read_without_changing_anything() -> None:
    with serving(Script(USUAL)) as script:
        view = asyncio.run(with_mailbox(access(script), lambda mailbox: mailbox.look()))
    [arrival] = view.arrivals
    assert (view.problem, arrival.uid, arrival.uid_validity, arrival.header) == ("", 1, 7, b"Subject: a\r\n\r\n")
    assert arrival.arrived == datetime(2026, 11, 25, 9, tzinfo=UTC)
    said = " ".join(script.commands)
    assert all(word not in said for word in ("SELECT", "STORE", "EXPUNGE", "APPEND", "BODY[", "RETURN"))
    assert "SINCE 24-Nov-2026" in said


@pytest.mark.parametrize(
    ("replies", "problem"),
    [
        (told(b"* 1 FETCH (UID 1 BODY[HEADER]<0> {999999999999}\r\n"), "its server sends 999,999,999,999 octets where"),
        (told(b"* 1 FETCH (UID 1 BODY[HEADER]<0> {" + b"9" * 5000 + b"}\r\n"), "its server says what is no IMAP"),
        (told(b"x" * 2_000_000), "its server sends a line of more than 1,000,000 octets"),
        (told(b"* 1 FETCH (" * 60_000 + b"\r\n%T OK done\r\n"), "its server says what is no IMAP"),
        (told(b"* 1 FETCH (UID 1 BODY[HEADER]<0> {14}\r\nSubj"), "nothing came from its server for 0.4 s"),
        (told(b"* 1 FETCH (UID 1 BODY[HEADER]<0> {14}\r\nSubject: a\r\n\r\n"), "nothing came from its server"),
        (told(b'* 1 FETCH (UID 1 BODY[HEADER]<0> "x)\r\n%T OK done\r\n'), "its server says what is no IMAP"),
        (told(b"\x00\xff\xfe garbage\r\n"), "its server says what is no IMAP: unexpected response"),
        (told(b"XYZ OK not asked\r\n"), "its server says what is no IMAP: unexpected response"),
        (told(b"* BYE too many connections\r\n"), "its server has too many connections of this mailbox open"),
        (told((b"* 1 FETCH (X " + b"x" * 900_000 + b")\r\n") * 10), "its server says more than 8 MiB to one command"),
        ({"UID SEARCH": b"%T NO [SERVERBUG] later\r\n"}, "its server cannot serve this mailbox just now"),
        ({"UID SEARCH": b"* SEARCH a b\r\n%T OK done\r\n"}, "its server says what is no IMAP"),
        ({"EXAMINE": b"%T NO no such folder\r\n"}, "its server refuses: select failed: no such folder"),
        ({"EXAMINE": b"* OK [UIDVALIDITY x] y\r\n* z EXISTS\r\n%T OK done\r\n"}, "its server says what is no IMAP"),
        ({"LIST": b"* LIST INBOX\r\n%T OK done\r\n"}, "its server says what is no IMAP"),
        ({"LIST": b'* LIST () "/" &AAA\r\n%T OK done\r\n' + b"* LIST (\r\n"}, ""),
        ({"LOGIN": b"%T NO [AUTHENTICATIONFAILED] hunter2 is wrong\r\n"}, "[AUTHENTICATIONFAILED] … is wrong)"),
        ({"LOGIN": b"%T BAD what\r\n"}, "its server refuses user ada with that password"),
        ({"LOGIN": b"%T NO [ALERT] Application-specific password required\r\n"}, "wants an app password"),
        ({"LOGIN": b"%T NO [LIMIT] Maximum number of connections reached\r\n"}, "too many connections"),
        ({"LOGIN": b"%T NO [ALERT] Your account is not enabled for IMAP use.\r\n"}, "IMAP is off for this mailbox"),
        ({"LOGIN": b"%T NO [EXPIRED] Password\r\n"}, "its password or token has expired"),
        ({"CAPABILITY": b"* CAPABILITY IMAP4rev1 LOGINDISABLED\r\n%T OK done\r\n"}, "takes no passwords here"),
        ({"CAPABILITY": b"* CAPABILITY POP3\r\n%T OK done\r\n"}, "its server refuses: server not IMAP4 compliant"),
    ],
)
def test_what_goes_wrong_is_told_as_a_clause(replies: dict[str, Reply], problem: str) -> None:
    view = look(replies)
    assert problem in view.problem
    assert SECRET not in view.problem
    assert "\n" not in view.problem


@pytest.mark.parametrize(
    ("greeting", "problem"),
    [
        (b"* BYE [ALERT] Too many simultaneous connections. (Failure)\r\n", "its server has too many connections"),
        (b"220 mx.example.com ESMTP\r\n", "its server says what is no IMAP: unexpected response"),
        (b"", "nothing came from its server for 0.4 s"),
        (b"\r\n" * 3, "unexpected response"),
    ],
)
def test_a_greeting_that_is_none_is_told(greeting: bytes, problem: str) -> None:
    assert problem in look({}, greeting).problem


def test_a_literal_that_is_announced_and_never_sent_costs_no_memory() -> None:
    tracemalloc.start()
    try:
        view = look(told(b"* 1 FETCH (UID 1 BODY[HEADER]<0> {400000000}\r\n"))
        assert tracemalloc.get_traced_memory()[1] < 8_000_000
    finally:
        tracemalloc.stop()
    assert "400,000,000 octets" in view.problem


def test_octets_that_trickle_end_a_command_all_the_same() -> None:
    def trickle(connected: socket.socket, _tag: bytes) -> None:
        for _ in range(100):
            connected.sendall(b"* OK still\r\n")
            time.sleep(TIMEOUT / 4)

    started = time.monotonic()
    view = look({"UID SEARCH": trickle})
    assert "its server was not done after 1.6 s" in view.problem
    assert time.monotonic() - started < 8


def test_what_was_found_before_the_end_is_kept() -> None:
    replies: dict[str, Reply] = {
        "LIST": b'* LIST () "/" INBOX\r\n* LIST (\\Junk) "/" Spam\r\n%T OK done\r\n',
        'EXAMINE "SPAM"': b"* BYE going down\r\n",
    }
    view = look(replies)
    assert [one.uid for one in view.arrivals] == [1]
    assert "going down" in view.problem


def test_another_folder_that_cannot_be_read_is_a_note() -> None:
    replies: dict[str, Reply] = {
        "LIST": b'* LIST () "/" Old\r\n* LIST () "/" INBOX\r\n%T OK done\r\n',
        'EXAMINE "OLD"': b"%T NO permission denied\r\n",
    }
    view = look(replies)
    assert view.problem == ""
    assert view.notes == ("the folder Old cannot be read: select failed: permission denied",)
    assert len(view.arrivals) == 1


def test_a_folders_name_never_becomes_a_command() -> None:
    name = b"x\r\nA9 DELETE INBOX"
    replies: dict[str, Reply] = {"LIST": b'* LIST () "/" {%d}\r\n%s\r\n%%T OK done\r\n' % (len(name), name)}
    with serving(Script({**USUAL, **replies})) as script:
        view = asyncio.run(with_mailbox(access(script), lambda mailbox: mailbox.look()))
    assert not [command for command in script.commands if "DELETE" in command]
    assert "was left out" in view.notes[0]


def test_a_connection_that_ended_meanwhile_is_made_anew() -> None:
    async def twice(mailbox: Mailbox) -> tuple[MailboxView, MailboxView]:
        return await mailbox.look(), await mailbox.look()

    calls: list[int] = []

    def once(connected: socket.socket, tag: bytes) -> None:
        calls.append(1)
        if len(calls) == 2:
            connected.shutdown(socket.SHUT_RDWR)
            return
        connected.sendall(b'* LIST () "/" INBOX\r\n%s OK done\r\n' % tag)

    with serving(Script({**USUAL, "LIST": once})) as script:
        views = asyncio.run(with_mailbox(access(script), twice))
    assert [view.problem for view in views] == ["", ""]
    assert script.connections == 2


def test_new_numbers_for_a_folder_make_its_messages_new() -> None:
    validities = iter([b"7", b"7", b"8"])

    def examine(connected: socket.socket, tag: bytes) -> None:
        connected.sendall(b"* 1 EXISTS\r\n* OK [UIDVALIDITY %s] x\r\n%s OK done\r\n" % (next(validities), tag))

    async def thrice(mailbox: Mailbox) -> list[list[int]]:
        return [[one.uid_validity for one in (await mailbox.look()).arrivals] for _ in range(3)]

    with serving(Script({**USUAL, "EXAMINE": examine})) as script:
        assert asyncio.run(with_mailbox(access(script), thrice)) == [[7], [], [8]]


def test_nobody_waits_in_vain_where_idle_ends_the_connection() -> None:
    async def waited(mailbox: Mailbox) -> tuple[float, str]:
        await mailbox.look()
        started = time.monotonic()
        await mailbox.wait(0.5)
        return time.monotonic() - started, (await mailbox.look()).problem

    def end(connected: socket.socket, _tag: bytes) -> None:
        connected.sendall(b"+ idling\r\n* BYE no idling here\r\n")
        connected.shutdown(socket.SHUT_RDWR)

    capabilities = b"* CAPABILITY IMAP4rev1 IDLE\r\n%T OK done\r\n"
    with serving(Script({**USUAL, "CAPABILITY": capabilities, "IDLE": end})) as script:
        seconds, problem = asyncio.run(with_mailbox(access(script), waited))
    assert 0.45 < seconds < 2
    assert problem == ""


@pytest.mark.parametrize("extensions", [b"IDLE", b"IDLE NOTIFY"])
def test_news_end_the_waiting(extensions: bytes) -> None:
    async def waited(mailbox: Mailbox) -> float:
        await mailbox.look()
        started = time.monotonic()
        await mailbox.wait(10)
        return time.monotonic() - started

    def tell(connected: socket.socket, _tag: bytes) -> None:
        connected.sendall(b"+ idling\r\n")
        time.sleep(0.1)
        connected.sendall(b"* OK still here\r\n* 2 EX")
        time.sleep(0.1)
        connected.sendall(b"ISTS\r\n")

    replies: dict[str, Reply] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 %s\r\n%%T OK done\r\n" % extensions,
        "NOTIFY": b"%T BAD not today\r\n",
        "IDLE": tell,
    }
    script = Script({**USUAL, **replies})
    script.replies["DONE"] = done_with(script)
    with serving(script):
        seconds = asyncio.run(with_mailbox(access(script), waited))
    assert 0.15 < seconds < 2


def done_with(script: Script) -> Reply:
    """What ends IDLE."""

    def done(connected: socket.socket, _tag: bytes) -> None:
        idle = next(command for command in reversed(script.tags) if command[1] == "IDLE")
        connected.sendall(b"%s OK idled\r\n" % idle[0])

    return done


async def seconds_until_news(mailbox: Mailbox) -> tuple[float, str]:
    """How long the waiting for news took, and what went wrong after it."""
    await mailbox.look()
    started = time.monotonic()
    await mailbox.wait(2)
    return time.monotonic() - started, (await mailbox.look()).problem


def test_news_on_the_way_into_idle_end_the_waiting() -> None:
    """A server may say what it has to say before it agrees to idle."""
    script = Script({**USUAL, "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE\r\n%T OK done\r\n"})
    script.replies |= {"IDLE": b"* 2 EXISTS\r\n+ idling\r\n", "DONE": done_with(script)}
    with serving(script):
        seconds, problem = asyncio.run(with_mailbox(access(script), seconds_until_news))
    assert (seconds < 1, problem) == (True, "")


@pytest.mark.parametrize(
    ("told", "is_news"),
    [
        (b"* STATUS {5}\r\nINBOX (MESSAGES 2 UIDVALIDITY 7 UIDNEXT 3)\r\n", True),
        (b"* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 8)\r\n", True),
        (b"* STATUS INBOX (MESSAGES 1 UIDNEXT 2 UIDVALIDITY 7)\r\n", False),
        (b"* STATUS Other (MESSAGES 9 UIDNEXT 9 UIDVALIDITY 7)\r\n", False),
        (b"* STATUS INBOX (UIDNEXT many)\r\n* STATUS INBOX\r\n* STATUS (INBOX) INBOX\r\n", False),
        (b"* STATUS\r\n* STATUS INBOX (MESSAGES)\r\n* STATUS &bad- (UIDNEXT 9)\r\n", False),
    ],
)
def test_what_notify_tells_of_each_folder_is_held_against_what_was_seen(told: bytes, *, is_news: bool) -> None:
    script = Script({**USUAL, "CAPABILITY": b"* CAPABILITY IMAP4rev1 IDLE NOTIFY\r\n%T OK done\r\n"})
    script.replies |= {"NOTIFY SET STATUS": told + b"%T OK done\r\n", "IDLE": b"+ idling\r\n"}
    script.replies |= {"DONE": done_with(script)}
    with serving(script):
        seconds, problem = asyncio.run(with_mailbox(access(script), seconds_until_news))
    assert (seconds < 1.5, problem) == (is_news, "")
    assert ("IDLE" in script.commands) is not is_news


@pytest.mark.parametrize("mechanism", [Mechanism.XOAUTH2, Mechanism.OAUTHBEARER])
def test_a_token_that_is_refused_is_sent_once_and_the_reason_told(mechanism: Mechanism) -> None:
    word = mechanism.value.upper()
    reason = b64encode(json.dumps({"status": "401", "schemes": "bearer", "scope": "https://mail.example/"}).encode())
    capabilities = b"* CAPABILITY IMAP4rev1 AUTH=%s\r\n%%T OK done\r\n" % word.encode()

    def challenge(connected: socket.socket, _tag: bytes) -> None:
        connected.sendall(b"+ %s\r\n" % reason if len(script.untagged) == 1 else b"%s NO no\r\n" % script.tags[-1][0])

    with serving(Script({**USUAL, "CAPABILITY": capabilities, "AUTHENTICATE": b"+ \r\n", "": challenge})) as script:
        view = asyncio.run(with_mailbox(access(script, mechanism), lambda mailbox: mailbox.look()))
    assert view.problem.startswith("its token is refused (401, wanted for https://mail.example/)")
    assert len(script.untagged) == 2
    assert SECRET not in view.problem


def test_whoever_gives_up_waiting_leaves_no_thread_behind() -> None:
    def never(_connected: socket.socket, _tag: bytes) -> None:
        time.sleep(0.01)

    async def given_up(script: Script) -> float:
        mailboxes = Mailboxes(Network(Recorded({}), REAL, 30))
        mailbox = mailboxes.open(access(script), since=SINCE, bodies=Bodies.REPORTS)
        looking = asyncio.create_task(mailbox.look())
        await asyncio.sleep(0.3)
        looking.cancel()
        started = time.monotonic()
        with pytest.raises(asyncio.CancelledError):
            await looking
        await mailbox.close()
        mailboxes.close()
        return started

    for command in ("CAPABILITY", "LOGIN", "LIST"):
        with serving(Script({**USUAL, command: never})) as script:
            started = asyncio.run(given_up(script))  # its end joins no thread of ours, but serving's end would
        assert time.monotonic() - started < 3


def test_a_secret_that_cannot_be_had_is_told_before_anything_is_connected() -> None:
    with serving(Script(USUAL)) as script:
        of = access(script, way="env:NOT_THERE")
        view = asyncio.run(with_mailbox(of, lambda mailbox: mailbox.look()))
    assert view.problem == "its secret cannot be had: there is no environment variable NOT_THERE"
    assert script.connections == 0


def test_nothing_goes_in_the_clear_to_a_far_host() -> None:
    of = ImapAccess("192.0.2.1", 143, "ada", "env:SECRET", tls="none")
    view = asyncio.run(with_mailbox(of, lambda mailbox: mailbox.look()))
    assert 'tls = "none" is for this machine' in view.problem


def test_at_gmail_messages_are_deleted_by_way_of_the_trash() -> None:
    async def deleted(mailbox: Mailbox) -> str:
        return await mailbox.delete((await mailbox.look()).arrivals)

    replies: dict[str, Reply] = {
        "CAPABILITY": b"* CAPABILITY IMAP4rev1 UIDPLUS MOVE X-GM-EXT-1\r\n%T OK done\r\n",
        "LIST": b'* LIST () "/" INBOX\r\n* LIST (\\Trash) "/" [Gmail]/Bin\r\n%T OK done\r\n',
        "SELECT": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n%T OK [READ-WRITE] done\r\n",
        "UID SEARCH UID 1 X-GM-RAW": b"* SEARCH\r\n%T OK done\r\n",
    }
    with serving(Script({**USUAL, **replies})) as script:
        assert asyncio.run(with_mailbox(access(script), deleted)) == ""
    assert 'UID MOVE 1 "[Gmail]/Bin"' in script.commands
    assert not [command for command in script.commands if "EXPUNGE" in command or "STORE" in command]


def test_single_messages_are_left_where_a_server_deletes_only_all() -> None:
    async def deleted(mailbox: Mailbox) -> str:
        return await mailbox.delete((await mailbox.look()).arrivals)

    with serving(Script(USUAL)) as script:
        assert "UIDPLUS" in asyncio.run(with_mailbox(access(script), deleted))
    assert not [command for command in script.commands if "SELECT" in command or "STORE" in command]


@given(st.data())
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_said_is_a_view_and_never_an_exception(data: st.DataObject) -> None:
    key = data.draw(st.sampled_from([one for one in USUAL if one != "LOGOUT"]))
    usual = USUAL[key]
    assert isinstance(usual, bytes)
    start = data.draw(st.integers(0, len(usual)))
    end = data.draw(st.integers(start, min(len(usual), start + 4)))
    put = data.draw(
        st.binary(max_size=6) | st.sampled_from([b"(", b'"', b"{3}\r\n", b"NIL", b"9" * 5000, b"\r\n", b")"])
    )
    with serving(Script({**USUAL, key: usual[:start] + put + usual[end:]})) as script:
        view = asyncio.run(with_mailbox(access(script), lambda mailbox: mailbox.look(), timeout=0.05))
    assert "\n" not in view.problem
    assert SECRET not in view.problem
