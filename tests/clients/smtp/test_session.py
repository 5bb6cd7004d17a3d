"""Sessions over loopback with hosts that behave and hosts that do not: bounded, told in words, every octet kept."""

from __future__ import annotations

import asyncio
import socket
import time
from contextlib import ExitStack
from pathlib import Path

import pytest

from deliverkit.clients.reactor import Reactor
from deliverkit.clients.routes import Routes
from deliverkit.clients.smtp import EndedError, Session
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.live import Conversations
from deliverkit.clients.smtp.notes import MOST_LINE, MOST_OCTETS, MOST_REPLY, MOST_REPLY_OCTETS
from deliverkit.clients.smtp.provisions import KnownSecrets, Provisions, Trust
from deliverkit.clients.smtp.session import SmtpSession
from deliverkit.lab.mailhosts import MailHost
from deliverkit.lab.smtpserver import SmtpServer
from deliverkit.observations.smtp import Call, End, Kind, Transcript
from deliverkit.script.parsing import parse_script
from deliverkit.standards.smtp.reply import Reply
from tests.hostile_hosts import endless_long_lines
from tests.talking import (
    CLOCK,
    HOST,
    NAME,
    PATIENCE,
    call_to,
    command,
    conversations,
    deliver,
    driven,
    greet,
    leave,
    said,
    talk,
    talk_to,
)

SLOW = 20  # times the patience: longer than any of these may take


pytestmark = pytest.mark.usefixtures("either_loop")


def test_a_session_is_what_a_script_drives() -> None:
    async def work() -> Session:
        return SmtpSession(NAME, Settings(Trust(CLOCK)), Reactor(None))

    assert asyncio.run(work())


def test_every_octet_is_kept_in_order_with_its_line() -> None:
    async def drive(session: Session) -> None:
        assert (await session.read_reply(PATIENCE, line=1)).code == 220
        await session.send(b"NOOP\r\n", line=2)
        await session.send(b"RSET\r\n", line=3)
        assert (await session.read_reply(PATIENCE, line=4)).text == ("2.0.0 nothing done",)
        assert (await session.read_reply(PATIENCE, line=5)).text == ("2.0.0 forgotten",)
        session.close(line=6)

    found = talk(drive)
    assert [(entry.kind, entry.data, entry.line) for entry in found.entries] == [
        (Kind.CONNECTED, b"", 0),
        (Kind.RECEIVED, b"220 mx.lab.example ESMTP deliverkit lab\r\n", 1),
        (Kind.SENT, b"NOOP\r\n", 2),
        (Kind.SENT, b"RSET\r\n", 3),
        (Kind.RECEIVED, b"250 2.0.0 nothing done\r\n", 4),
        (Kind.RECEIVED, b"250 2.0.0 forgotten\r\n", 5),
        (Kind.CLOSED, b"", 6),
    ]
    assert found.end is End.CLOSED
    assert [entry.elapsed for entry in found.entries] == sorted(entry.elapsed for entry in found.entries)


def test_a_secret_is_sent_and_not_kept() -> None:
    async def drive(session: Session) -> None:
        await greet(session)
        await session.send(b"AUTH PLAIN AGFkYQBzM2NyZXQ=\r\n", shown=b"AUTH PLAIN {password}\r\n")
        assert (await session.read_reply(PATIENCE)).code == 235

    found = talk(drive, auth=["PLAIN"], users={"ada": "s3cret"})
    assert b"AUTH PLAIN {password}\r\n" in said(found, Kind.SENT)
    assert not any(b"AGFkYQ" in entry.data for entry in found.entries)


def test_one_octet_at_a_time_is_read_as_well() -> None:
    found = talk(greet_and_leave, do="split")
    assert said(found)[-1] == b"221 2.0.0 mx.lab.example says goodbye\r\n"
    assert found.end is End.CLOSED


async def greet_and_leave(session: Session) -> None:
    await greet(session)
    await leave(session)


def test_a_trickle_does_not_lengthen_the_time_for_a_reply() -> None:
    started = time.monotonic()
    found = talk(greet, do="split", seconds=0.05)
    assert time.monotonic() - started < PATIENCE * 3
    assert (found.end, found.detail) == (End.SILENT, "no whole reply within 0.4 s")
    assert said(found)[0].startswith(b"220")
    assert not said(found)[0].endswith(b"\n")


def test_silence_is_told() -> None:
    found = talk(greet, do="silent")
    assert (found.end, found.detail) == (End.SILENT, "no reply within 0.4 s")
    assert [entry.kind for entry in found.entries] == [Kind.CONNECTED, Kind.CLOSED]


def test_an_endless_greeting_is_cut_off() -> None:
    found = talk(greet, do="flood")
    assert (found.end, found.detail) == (End.FLOODED, f"a reply of more than {MOST_REPLY} lines")
    assert len(said(found)) == MOST_REPLY + 1


def test_an_endless_greeting_of_long_lines_is_cut_off_sooner() -> None:
    found = talk_to(endless_long_lines, greet)
    assert (found.end, found.detail) == (End.FLOODED, "a reply of more than 65,536 octets")
    assert MOST_REPLY_OCTETS < sum(map(len, said(found))) < MOST_REPLY_OCTETS + 2 * MOST_LINE


def test_an_endless_reply_is_cut_off() -> None:
    found = talk(greet, do="flood at EHLO")
    assert (found.end, found.detail) == (End.FLOODED, f"a reply of more than {MOST_REPLY} lines")


def test_a_line_of_a_megabyte_is_cut_off_and_only_its_beginning_kept() -> None:
    found = talk(greet, do="long-line")
    assert (found.end, found.detail) == (End.FLOODED, "a line of more than 8,192 octets")
    [line] = said(found)
    assert len(line) == MOST_LINE
    assert line.startswith(b"220 xxx")


def test_replies_without_an_end_are_cut_off() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                writer.write(b"220 %s\r\n" % (b"x" * 4000))
                await writer.drain()
        except OSError:
            writer.close()

    found = talk_to(babble, lambda session: session.listen(5.0))
    assert (found.end, found.detail) == (End.FLOODED, f"more than {MOST_OCTETS:,} octets")
    assert sum(map(len, said(found))) <= MOST_OCTETS + 300_000


def test_many_short_lines_are_cut_off() -> None:
    async def babble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"\r\n" * 12_000)
        await writer.drain()
        writer.close()

    found = talk_to(babble, lambda session: session.listen(5.0))
    assert (found.end, found.detail) == (End.FLOODED, "more than 10,000 lines")
    assert len(found.entries) <= 10_002


def test_what_is_sent_counts_among_the_lines() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"a\n" * 9_970)
        await reader.read()
        writer.close()

    script = parse_script("wait 1.5s\n" + ">\n" * 450)
    provisions = Provisions(KnownSecrets({}), {}, patience=PATIENCE)
    found = talk_to(babble, lambda session: converse(script, session, provisions))
    assert (found.end, found.detail) == (End.FLOODED, "more than 10,000 lines")
    assert len(found.entries) <= 10_001
    assert not any(entry.secure for entry in found.entries)


def test_a_host_that_stops_reading_is_given_up() -> None:
    async def drive(session: Session) -> None:
        await deliver(session, b"x" * 70 + b"\r\n" + b"y" * 30_000_000)

    started = time.monotonic()
    found = talk(drive, do="deaf")
    assert time.monotonic() - started < PATIENCE * SLOW
    assert (found.end, found.detail) == (End.STUCK, "the host read nothing for 0.4 s")


def test_a_host_that_hangs_up_or_resets() -> None:
    async def drive(session: Session) -> None:
        await greet(session)
        await command(session, "MAIL FROM:<>")

    gone = talk(drive, do="drop")
    assert (gone.end, gone.detail) == (End.HUNG_UP, "the host closed the connection")
    assert said(gone, Kind.SENT)[-1] == b"MAIL FROM:<>\r\n"
    reset = talk(drive, do="reset")
    assert (reset.end, reset.detail) == (End.RESET, "the connection was reset")


@pytest.mark.parametrize("last", [b"", b"421 4.3.2 going down\r\n"])
def test_a_reset_in_the_middle_of_a_message_is_told_as_one_after_the_last_words(last: bytes) -> None:
    async def reset(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n" + last)
        await asyncio.sleep(0.05)
        writer.transport.abort()  # what was not read makes a reset of it

    async def drive(session: Session) -> None:
        await session.read_reply(PATIENCE)
        await session.send(b"y" * 30_000_000)
        await session.read_reply(PATIENCE)

    found = talk_to(reset, drive)
    assert (found.end, found.detail) == (End.RESET, "the connection was reset")
    assert b"".join(said(found)) == b"220 hello\r\n" + last


def test_half_closed_what_was_said_is_read_and_the_end_told() -> None:
    replies: list[Reply] = []

    async def drive(session: Session) -> None:
        await greet(session)
        replies.append(await command(session, "MAIL FROM:<ada@a.example>"))
        await asyncio.sleep(0.05)
        await session.send(b"RCPT TO:<bob@b.example>\r\n")

    found = talk(drive, do="half-close")
    assert replies[0].code == 250
    assert (found.end, found.detail) == (End.HUNG_UP, "the host closed the connection")
    assert found.entries[-1].kind is Kind.CLOSED


def test_a_last_word_before_hanging_up_is_still_read() -> None:
    async def turn_away(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n421 4.3.2 not now\r\n")
        writer.close()

    replies: list[Reply] = []

    async def drive(session: Session) -> None:
        await session.read_reply(PATIENCE)
        await asyncio.sleep(0.05)
        await session.send(b"EHLO client.example\r\n")
        replies.append(await session.read_reply(PATIENCE))
        await session.read_reply(PATIENCE)

    found = talk_to(turn_away, drive)
    assert replies[0].code == 421
    assert found.end in {End.HUNG_UP, End.RESET}


def test_a_line_without_its_end_is_kept() -> None:
    async def stop(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220-one\r\n220 tw")
        writer.close()

    found = talk_to(stop, greet)
    assert said(found) == [b"220-one\r\n", b"220 tw"]
    assert found.end is End.HUNG_UP


def test_what_comes_too_early_stands_before_the_command() -> None:
    async def drive(session: Session) -> None:
        await session.read_reply(PATIENCE, line=1)
        await asyncio.sleep(0.05)
        await session.send(b"EHLO client.example\r\n", line=2)
        reply = await session.read_reply(PATIENCE, line=3)
        assert reply.text == ("and one thing more",)

    found = talk(drive, do="early")
    kinds = [(entry.kind, entry.line) for entry in found.entries[:4]]
    assert kinds == [(Kind.CONNECTED, 0), (Kind.RECEIVED, 1), (Kind.RECEIVED, 3), (Kind.SENT, 2)]


def test_what_comes_after_the_goodbye_is_kept() -> None:
    found = talk(greet_and_leave, do="talkative")
    assert said(found)[-2:] == [b"221 2.0.0 mx.lab.example says goodbye\r\n", b"250 and one thing more\r\n"]
    assert found.end is End.CLOSED


def test_another_code_inside_a_reply_is_a_defect_of_it() -> None:
    replies: list[Reply] = []

    async def drive(session: Session) -> None:
        replies.append(await greet(session))

    found = talk(drive, do="two-codes")
    assert said(found)[1:] == [b"250-one\r\n", b"550-two\r\n", b"250 three\r\n"]
    assert replies[0].defects == ("its lines bear different codes",)


def test_nul_and_escapes_are_kept_as_they_are() -> None:
    found = talk(greet, do="controls")
    assert any(b"\0\x1b[31mred\x1b[0m\x07" in line and b"\xff" in line for line in said(found))
    assert found.end is End.CLOSED


def test_bare_line_feeds_end_lines_and_are_a_defect() -> None:
    replies: list[Reply] = []

    async def drive(session: Session) -> None:
        replies.append(await greet(session))

    talk(drive, do="bare-lf")
    assert replies[0].defects == ("a line does not end with CRLF",)


def test_listening_keeps_what_comes_for_the_next_reply() -> None:
    async def drive(session: Session) -> None:
        await session.listen(0.05)
        assert (await session.read_reply(0.0)).code == 220

    assert talk(drive).end is End.CLOSED


def test_after_the_end_nothing_is_done_any_more() -> None:
    async def drive(session: Session) -> None:
        session.close()
        session.close()
        for step in (session.send(b"x"), session.read_reply(1.0), session.listen(1.0), session.start_tls()):
            with pytest.raises(EndedError) as ended:
                await step
            assert ended.value.end is End.CLOSED

    found = talk(drive)
    assert [entry.kind for entry in found.entries].count(Kind.CLOSED) == 1


def test_a_port_where_nobody_listens_refuses() -> None:
    with socket.create_server((HOST, 0)) as server:
        port = server.getsockname()[1]
    found = asyncio.run(conversations(greet).converse(call_to((HOST, port))))
    assert (found.end, found.detail, found.entries) == (End.REFUSED, "connection refused", ())


def test_a_world_leads_where_it_has_a_route_and_refuses_elsewhere() -> None:
    async def work() -> tuple[Transcript, Transcript]:
        server = SmtpServer(MailHost("11.0.1.25"))
        routes = Routes({("11.0.1.25", 25): await server.start(HOST)})

        # a source is none of the world's addresses: it is left out where a route leads elsewhere
        converser = Conversations(Settings(Trust(CLOCK), PATIENCE, routes, "11.0.9.9"), driven(greet))
        found = [await converser.converse(Call(NAME, f"11.0.1.{last}", 25, "")) for last in (25, 26)]
        await server.close()
        return found[0], found[1]

    here, nowhere = asyncio.run(work())
    assert here.end is End.CLOSED
    assert (nowhere.end, nowhere.detail) == (End.REFUSED, "no route to 11.0.1.26 port 25")


def test_a_name_is_no_address_and_is_not_looked_up() -> None:
    found = asyncio.run(conversations(greet).converse(Call(NAME, "localhost", 25, "")))
    assert found.end.is_unconnected


@pytest.mark.parametrize(("address", "port"), [("/run/\0", 0), (HOST, 65536), (HOST, -1), ("", 25), ("x" * 300, 25)])
def test_what_is_no_place_at_all_is_told_as_well(address: str, port: int) -> None:
    found = asyncio.run(conversations(greet).converse(Call(NAME, address, port, "")))
    assert found.end.is_unconnected
    assert found.detail


def test_a_port_that_is_none_is_not_cut_to_one() -> None:
    """The C library would take 65,536 more for the same port."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        listening.listen()
        port = listening.getsockname()[1] + 65536
        found = asyncio.run(conversations(greet).converse(Call(NAME, HOST, port, "")))
    assert (found.end, found.detail) == (End.UNREACHABLE, f"{port} is no port")


@pytest.mark.parametrize("address", ["mail.example", "m\xe4il.example", "fe80::1%no-such-network"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    found = asyncio.run(conversations(greet).converse(Call(NAME, address, 25, "")))
    assert (found.end, found.detail) == (End.UNREACHABLE, f"{address} is no address")


def test_a_source_that_is_a_name_is_not_looked_up() -> None:
    converser = Conversations(Settings(Trust(CLOCK), PATIENCE, source="localhost"), driven(greet))
    found = asyncio.run(converser.converse(Call(NAME, HOST, 25, "")))
    assert (found.end, found.detail) == (End.UNREACHABLE, "localhost is no address")


def test_a_socket_of_this_machine_that_is_full_is_told_and_not_waited_for(tmp_path: Path) -> None:
    place = str(tmp_path / "full")
    with socket.socket(socket.AF_UNIX) as full, ExitStack() as stack:
        full.bind(place)
        full.listen(0)
        for _ in range(3):
            waiting = stack.enter_context(socket.socket(socket.AF_UNIX))
            waiting.setblocking(False)
            waiting.connect_ex(place)
        found = asyncio.run(conversations(greet).converse(Call(NAME, place, 0, "")))
    assert found.end.is_unconnected
    assert found.detail


def test_a_source_of_the_other_family_leads_nowhere() -> None:
    async def work(source: str) -> Transcript:
        server = SmtpServer(MailHost("x"))
        place = await server.start(HOST)
        found = await Conversations(Settings(Trust(CLOCK), PATIENCE, source=source), driven(greet)).converse(
            call_to(place)
        )
        await server.close()
        return found

    assert asyncio.run(work("127.0.0.2")).end is End.CLOSED
    found = asyncio.run(work("::1"))
    assert (found.end, found.detail) == (End.UNTRIED, "--source ::1 is of IPv6")


def test_a_socket_of_this_machine_is_spoken_to(tmp_path: Path) -> None:
    async def work() -> tuple[Transcript, Transcript]:
        server = SmtpServer(MailHost("x", lmtp=True))
        place = await server.start(str(tmp_path / "lmtp"))
        found = await conversations(greet).converse(call_to(place))
        await server.close()
        (tmp_path / "lmtp").unlink(missing_ok=True)
        return found, await conversations(greet).converse(call_to(place))

    found, gone = asyncio.run(work())
    assert found.end is End.CLOSED
    assert (gone.end, gone.detail) == (End.REFUSED, "no such file or directory")


def test_ipv6_is_spoken_as_well() -> None:
    async def work() -> Transcript:
        server = SmtpServer(MailHost("x"))
        try:
            place = await server.start("::1")
        except OSError:
            pytest.skip("this machine has no IPv6 on loopback")
        found = await conversations(greet).converse(call_to(place))
        await server.close()
        return found

    assert asyncio.run(work()).end is End.CLOSED


def test_a_connection_that_nobody_answers_is_given_up() -> None:
    with socket.socket() as full, ExitStack() as stack:
        full.bind((HOST, 0))
        full.listen(0)
        for _ in range(4):  # more than it has room for: the next one is not even refused
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(full.getsockname())
        found = asyncio.run(conversations(greet, timeout=0.05).converse(call_to(full.getsockname())))
    assert (found.end, found.detail) == (End.TIMEOUT, "nobody answered within 0.05 s")
