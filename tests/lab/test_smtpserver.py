"""The lab's SMTP server, spoken to by a client that is none of ours: Python's own smtplib, and bare sockets."""

from __future__ import annotations

import asyncio
import smtplib
import socket
import ssl
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from deliverkit.errors import LabError
from deliverkit.lab.deliveries import Delivery
from deliverkit.lab.mailhosts import CERTIFICATES, MISDEEDS
from deliverkit.lab.running import running
from deliverkit.lab.world import load, parse
from tests.talking import HOST, serving

MESSAGE = b"Subject: x\r\n\r\n.dotted\r\ntext\r\n"


def use(client: Callable[[str, int], object], **manner: Any) -> tuple[Any, list[Delivery]]:
    """What the client says of a server of that manner, and what was delivered."""

    async def work() -> tuple[Any, list[Delivery]]:
        async with serving(**manner) as (server, place, _):
            found = await asyncio.wait_for(asyncio.to_thread(client, *place), 10)
            return found, server.memory.deliveries

    return asyncio.run(work())


def unverified() -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def test_a_message_is_taken_over_tls_as_it_was_sent() -> None:
    def send(host: str, port: int) -> object:
        with smtplib.SMTP(host, port, local_hostname="client.example", timeout=5) as smtp:
            smtp.starttls(context=unverified())
            smtp.login("ada", "s3cret")
            return smtp.sendmail("ada@a.example", ["bob@b.example", "eve@b.example"], MESSAGE)

    refused, delivered = use(send, auth=["PLAIN", "LOGIN"], users={"ada": "s3cret"})
    assert refused == {}
    recipients = ("bob@b.example", "eve@b.example")
    assert delivered == [
        Delivery("mx.lab.example", "client.example", "ada@a.example", recipients, MESSAGE, secure=True, user="ada")
    ]


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5"])
@pytest.mark.parametrize(("password", "code"), [("s3cret", 235), ("wrong", 535)])
def test_a_user_logs_in_by_each_mechanism(mechanism: str, password: str, code: int) -> None:
    def log_in(host: str, port: int) -> object:
        with smtplib.SMTP(host, port, timeout=5) as smtp:
            try:
                return smtp.login("ada", password)[0]
            except smtplib.SMTPAuthenticationError as error:
                return error.smtp_code

    assert use(log_in, auth=[mechanism], users={"ada": "s3cret"})[0] == code


@pytest.mark.parametrize(("token", "codes"), [("t0ken", [235]), ("other", [334, 535])])
@pytest.mark.parametrize("mechanism", ["XOAUTH2", "OAUTHBEARER"])
def test_a_token_logs_in(mechanism: str, token: str, codes: list[int]) -> None:
    from base64 import b64encode

    response = b64encode(f"user=ada\1auth=Bearer {token}\1\1".encode()).decode()

    def log_in(host: str, port: int) -> object:
        with smtplib.SMTP(host, port, timeout=5) as smtp:
            smtp.ehlo()
            first = smtp.docmd("AUTH", f"{mechanism} {response}")[0]
            return [first] if first != 334 else [first, smtp.docmd("")[0]]

    assert use(log_in, auth=[mechanism], users={"ada": "t0ken"})[0] == codes


def lines(*sent: str, octets: bytes = b"") -> Callable[[str, int], bytes]:
    """A client that sends these lines at once, and reads to the end."""

    def send(host: str, port: int) -> bytes:
        with socket.create_connection((host, port), timeout=5) as connection:
            connection.sendall("".join(f"{line}\r\n" for line in sent).encode() + octets)
            said = b""
            while data := connection.recv(65536):
                said += data
            return said

    return send


def codes(said: bytes) -> list[str]:
    return [line[:3] for line in said.decode("latin-1").splitlines() if line[3:4] == " "]


def test_commands_out_of_order_and_wrong_ones_are_refused() -> None:
    said, _ = use(
        lines(
            *("MAIL FROM:<a@a.example>", "EHLO x", "RCPT TO:<b@b.example>", "DATA", "MAIL FROM:a", "MAIL FROM:<a> X=1"),
            *("MAIL FROM:<a@a.example> SIZE=99999999", "MAIL FROM:<é@a.example>", "MAIL FROM:<é@a.example> SMTPUTF8"),
            *("VRFY b", "EXPN b", "NOOP", "HELP", "RSET", "WHAT", "STARTTLS now", "LHLO x", "QUIT"),
        )
    )
    assert codes(said) == [
        *("220", "503", "250", "503", "503", "501", "555", "552", "553", "250"),
        *("252", "502", "250", "214", "250", "500", "501", "500", "221"),
    ]


def test_chunks_are_put_together() -> None:
    octets = b"BDAT 5\r\nhelloBDAT 6 LAST\r\n world"
    _, delivered = use(
        lines("EHLO x", "MAIL FROM:<>", "RCPT TO:<b@b.example>", octets=octets + b"QUIT\r\n"),
    )
    assert [one.message for one in delivered] == [b"hello world"]


def test_lmtp_replies_for_each_recipient() -> None:
    said, _ = use(
        lines("LHLO x", "MAIL FROM:<>", "RCPT TO:<a@b.example>", "RCPT TO:<b@b.example>", "DATA", "x", ".", "QUIT"),
        lmtp=True,
    )
    assert codes(said) == ["220", "250", "250", "250", "250", "354", "250", "250", "221"]


START = ("EHLO x", "MAIL FROM:<>", "RCPT TO:<b@b.example>")


@pytest.mark.parametrize(
    ("extensions", "answer", "taken"), [(["CHUNKING"], "250", [6_000_000]), (["CHUNKING", "SIZE 1000000"], "552", [])]
)
def test_a_large_message_is_taken_whole_or_refused_in_words(
    extensions: list[str], answer: str, taken: list[int]
) -> None:
    chunk = b"BDAT 6000000 LAST\r\n" + b"x" * 6_000_000
    said, delivered = use(lines(*START, octets=chunk + b"QUIT\r\n"), extensions=extensions)
    assert codes(said)[4:] == [answer, "221"]
    assert [len(one.message) for one in delivered] == taken

    text = b"DATA\r\n" + b"xxxxxxxx\r\n" * 600_000 + b".\r\nQUIT\r\n"
    said, delivered = use(lines(*START, octets=text), extensions=extensions)
    assert codes(said)[4:] == ["354", answer, "221"]
    assert [len(one.message) for one in delivered] == taken


def test_a_chunk_without_a_size_is_refused() -> None:
    said, _ = use(lines(*START, "BDAT", "BDAT x LAST", "QUIT"))
    assert codes(said)[4:] == ["501", "501", "221"]


def test_replies_to_a_chunk_are_the_worlds_and_the_message_is_taken_all_the_same() -> None:
    octets = b"BDAT 1\r\nxBDAT 1 LAST\r\nyQUIT\r\n"
    said, delivered = use(lines(*START, octets=octets), replies={"BDAT": ["250 one", "250 all"]})
    assert b"250 one\r\n250 all\r\n221" in said
    assert [one.message for one in delivered] == [b"xy"]


def test_the_replies_to_a_message_over_lmtp_are_given_recipient_by_recipient() -> None:
    rcpt = [f"RCPT TO:<{name}@b.example>" for name in "abc"]
    said, delivered = use(
        lines("LHLO x", "MAIL FROM:<>", *rcpt, "DATA", "x", ".", "QUIT"),
        lmtp=True,
        replies={".": ["250 2.0.0 yes", "452 4.2.2 full"]},
        refuses={"c@b.example": "550 5.1.1 never heard of"},
    )
    assert b"250 2.0.0 yes\r\n452 4.2.2 full\r\n452 4.2.2 full\r\n221" in said
    assert [one.recipients for one in delivered] == [("a@b.example",)]


@pytest.mark.parametrize(
    ("replies", "sent", "expected"),
    [
        (["", "535 5.7.8 no"], ["AUTH LOGIN", "eA==", "NOOP"], ["334", "535", "250"]),
        (["334 eA==", "334 eA==", "235 in"], ["AUTH LOGIN", "eA==", "eA==", "NOOP"], ["334", "334", "235", "250"]),
        (["334 eA=="] * 4 + ["501 no"], ["AUTH PLAIN", "eA==", "eA==", "eA==", "*"], ["334"] * 4 + ["501"]),
        ("235 in", ["AUTH LOGIN", "NOOP"], ["235", "250"]),
    ],
)
def test_replies_reach_every_line_of_a_sign_in(replies: object, sent: list[str], expected: list[str]) -> None:
    said, _ = use(
        lines("EHLO x", *sent, "QUIT"), auth=["PLAIN", "LOGIN"], users={"ada": "x"}, replies={"AUTH": replies}
    )
    assert codes(said)[2:] == [*expected, "221"]


def test_a_mechanism_that_nobody_knows_is_refused() -> None:
    assert codes(use(lines("EHLO x", "AUTH FOO", "QUIT"), auth=["FOO"])[0])[2:] == ["504", "221"]


def test_replies_can_be_given_for_every_stage_and_in_turn() -> None:
    replies = {"RCPT": ["450 4.2.0 later", "250 now"], ".": "550-5.7.1 no\n550 5.7.1 never", "QUIT": "421 go"}
    rcpt = "RCPT TO:<b@b.example>"
    said, delivered = use(lines("EHLO x", "MAIL FROM:<>", rcpt, rcpt, "DATA", "x", ".", "QUIT"), replies=replies)
    assert codes(said) == ["220", "250", "250", "450", "250", "354", "550", "421"]
    assert b"550-5.7.1 no\r\n550 5.7.1 never\r\n" in said
    assert delivered == []


def test_only_known_recipients_are_taken_and_greylisting_asks_them_back() -> None:
    rcpt = ("RCPT TO:<b@b.example>", "RCPT TO:<nobody@b.example>", "RCPT TO:<b@b.example>")
    said, _ = use(lines("EHLO x", "MAIL FROM:<>", *rcpt, "QUIT"), recipients=["b@b.example"], do="greylist")
    assert codes(said)[3:6] == ["450", "550", "250"]


@pytest.mark.parametrize(
    ("do", "replies", "messages"),
    [
        ([], ["354", "250", "221"], [b"x\n.\nNOOP\r\n"]),
        ("lenient", ["354", "250", "250", "500", "221"], [b"x\n"]),
    ],
)
def test_a_dot_between_bare_line_feeds_ends_a_message_only_where_it_is_lenient(
    do: object, replies: list[str], messages: list[bytes]
) -> None:
    start = ("EHLO x", "MAIL FROM:<>", "RCPT TO:<b@b.example>", "DATA")
    said, delivered = use(lines(*start, octets=b"x\n.\nNOOP\r\n.\r\nQUIT\r\n"), do=do)
    assert codes(said)[4:] == replies
    assert [one.message for one in delivered] == messages


def test_a_world_has_mail_servers_and_their_root() -> None:
    text = """
        like = "good"
        listening = ["11.0.1.26"]
        [[smtp]]
        address = "11.0.1.25"
        name = "mx1.good.example"
        [[smtp]]
        address = "11.0.1.25"
        port = 465
        implicit = true
        do = ["tarpit at RCPT"]
    """

    async def work() -> tuple[set[tuple[str, int]], bytes, bytes, list[Delivery]]:
        async with running(parse(text, name="mine")) as lab:
            client = lines("EHLO x", "MAIL FROM:<>", "RCPT TO:<b@b.example>", "DATA", "x", ".", "QUIT")
            said = await asyncio.to_thread(client, *lab.routes["11.0.1.25", 25])
            return {place for place in lab.routes if place[1] != 53}, lab.roots, said, lab.deliveries

    places, roots, said, deliveries = asyncio.run(work())
    assert places == {("11.0.1.25", 25), ("11.0.1.25", 465), ("11.0.1.26", 25)}
    assert roots.startswith(b"-----BEGIN CERTIFICATE-----")
    assert said.startswith(b"220 mx1.good.example ")
    assert [one.message for one in deliveries] == [b"x\r\n"]


def test_a_server_stands_in_place_of_the_one_below() -> None:
    below = '[[smtp]]\naddress = "11.0.1.25"\n[[smtp]]\naddress = "11.0.1.26"\n'
    world = parse(f'target = "a.example"\n{below}[[smtp]]\naddress = "11.0.1.25"\nname = "x"', name="mine")
    assert [(one.address, one.name) for one in world.smtp] == [("11.0.1.25", "x"), ("11.0.1.26", "mx.lab.example")]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour = 1", "has no key 'colour'"),
        ('do = "explode"', "choose one of"),
        ('do = "drop at LUNCH"', "'LUNCH' of the smtp server at 11.0.1.25: choose one of"),
        ('certificate = "golden"', "choose one of early, ending, expired"),
        ('tls = "3.0"', "choose one of alert, every, old"),
        ('replies = { LUNCH = "250 x" }', "choose one of"),
    ],
)
def test_a_server_that_cannot_be_made_is_refused(text: str, said: str) -> None:
    with pytest.raises(LabError) as refusal:
        parse(f'target = "a.example"\n[[smtp]]\naddress = "11.0.1.25"\n{text}', name="mine")
    assert said in str(refusal.value)


def test_a_world_without_mail_servers_has_no_root() -> None:
    async def work() -> bytes:
        async with running(load("good")) as lab:
            return lab.roots

    assert asyncio.run(work()) == b""


def test_what_came_in_the_clear_before_tls_is_forgotten_unless_it_is_credulous() -> None:
    def inject(host: str, port: int) -> bytes:
        with socket.create_connection((host, port), timeout=5) as plain:
            plain.recv(1000)
            plain.sendall(b"STARTTLS\r\nNOOP\r\n")
            assert plain.recv(1000).startswith(b"220")
            with unverified().wrap_socket(plain, server_hostname="x") as secure:
                secure.settimeout(0.3)
                try:
                    return secure.recv(1000)
                except TimeoutError:
                    return b""

    assert use(inject)[0] == b""
    assert use(inject, do="credulous")[0].startswith(b"250")


def test_it_listens_on_loopback_alone() -> None:
    async def work() -> str:
        async with serving() as (_, place, _):
            return place[0]

    assert asyncio.run(work()) == HOST


def test_all_that_a_server_can_do_wrong_is_told_where_worlds_are() -> None:
    text = (Path(__file__).parents[2] / "docs" / "how-to.md").read_text("utf-8")
    assert [word for word in {*MISDEEDS, *CERTIFICATES} if f"`{word}`" not in text] == []


@pytest.mark.parametrize("implicit", [True, False])
def test_half_closed_inside_tls_says_so_in_tls_and_reads_on(*, implicit: bool) -> None:
    def hear(host: str, port: int) -> tuple[bytes, bytes]:
        with socket.create_connection((host, port), timeout=1) as plain:
            if not implicit:
                plain.recv(1000)
                plain.sendall(b"STARTTLS\r\n")
                plain.recv(1000)
            with unverified().wrap_socket(plain, suppress_ragged_eofs=False) as secure:
                secure.sendall(b"EHLO x\r\n")
                first = secure.recv(1000)
                first = secure.recv(1000) if implicit else first
                ended = secure.recv(1000)  # an end without close_notify is an error
                secure.sendall(b"NOOP\r\n" * 1000)
                return first, ended

    first, ended = use(hear, do="half-close at EHLO", implicit=implicit)[0]
    assert first.startswith(b"250-mx.lab.example")
    assert ended == b""
