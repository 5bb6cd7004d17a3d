"""What comes too early is told from what is due, also in pipelines, messages, exchanges and TLS."""

from __future__ import annotations

import pytest

from deliverkit.clients.smtp import Session
from deliverkit.observations.smtp import Entry, Kind
from deliverkit.standards.smtp.turns import early_lines
from tests.talking import deliver, greet, leave, secure, talk

ENDS = {">": Kind.SENT, "<": Kind.RECEIVED, "=": Kind.SECURED}


def entries(*lines: str) -> list[Entry]:
    return [Entry(0.0, ENDS[line[0]], f"{line[1:]}\r\n".encode()) for line in lines]


@pytest.mark.parametrize(
    ("lines", "early"),
    [
        (["<220 a", ">EHLO", "<250-a", "<250 b", ">QUIT", "<221 c"], []),
        (["<220 a", "<250-x", "<250 y", ">EHLO", "<250 b"], ["250-x", "250 y"]),
        (["<220 a", ">QUIT", "<221 b", "<250 x"], ["250 x"]),
        (["<220 a", ">MAIL", ">RCPT", ">DATA", "<250 b", "<250 c", "<354 d"], []),
        (["<220 a", ">MAIL\r\nRCPT", "<250 b", "<250 c", "<250 x"], ["250 x"]),
        (["<220 a", ">DATA", "<354 b", ">one\r\ntwo\r\nthree", ">.", "<250 c", "<250 x", ">QUIT"], ["250 x"]),
        (["<220 a", ">AUTH", "<334 b", ">eA==", "<334 c", ">eA==", "<235 d", "<250 x"], ["250 x"]),
        (["<220 a", ">STARTTLS", "<220 b", "<250 x", "=", ">EHLO", "<250 c"], ["250 x"]),
        (["=", "<220 a", ">EHLO", "<250 b", "<250 x"], ["250 x"]),
        (["<220 a", ">STARTTLS\r\nNOOP", "<220 b", "=", "<250 x"], ["250 x"]),
        (["<220 a", "<421 b"], []),
        ([">EHLO", "<220 a", "<250 b"], []),
        (["<220 a", ">LHLO", "<250 b", ">DATA", "<354 c", ">.", "<250 d", "<250 e"], []),
    ],
)
def test_what_is_not_due_is_early(lines: list[str], early: list[str]) -> None:
    assert [entry.data for entry in early_lines(entries(*lines))] == [f"{line}\r\n".encode() for line in early]


async def deliver_securely(session: Session) -> None:
    await secure(session)
    await leave(session)


async def greet_and_leave(session: Session) -> None:
    await greet(session)
    await leave(session)


def test_a_host_that_behaves_is_never_early() -> None:
    assert early_lines(talk(deliver).entries) == ()
    assert early_lines(talk(deliver_securely).entries) == ()


@pytest.mark.parametrize("do", ["early", "talkative"])
def test_a_host_that_says_too_much_is(do: str) -> None:
    assert [entry.data for entry in early_lines(talk(greet_and_leave, do=do).entries)][:1] == [
        b"250 and one thing more\r\n"
    ]


def test_so_is_one_that_speaks_in_the_clear_before_tls() -> None:
    [entry] = early_lines(talk(deliver_securely, do="inject").entries)
    assert (entry.data, entry.secure) == (b"250 and one thing more\r\n", False)
