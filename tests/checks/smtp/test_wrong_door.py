"""Hosts that are spoken to in a way that is not theirs at that port: no fault of theirs."""

from __future__ import annotations

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.refuses_this_sender import refuses_this_sender
from deliverkit.checks.smtp.wording import ending
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Finding
from deliverkit.observations.smtp import Unmet
from tests.building import finding
from tests.spoken import LEFT, conversations, spoken

GREETING = b"< 220 mx1.good.example ESMTP"
HELLO = (GREETING, b"> EHLO probe.example", b"< 250-mx1.good.example", b"< 250 AUTH PLAIN")
SIGNED_IN = (*HELLO, b"> AUTH PLAIN <secret:password>", b"< 235 2.7.0 ok")


def host(port: int) -> SmtpHost:
    return SmtpHost("mx1.good.example", "11.0.1.25", port)


def refused(*lines: bytes, port: int = 25) -> Conversation:
    """A conversation whose last line was not expected."""
    got = lines[-1].decode()[2:]
    return spoken((*lines, *LEFT), host=host(port), unmet=[Unmet(3, "250", got)])


def told(one: Conversation, script: str = "deliver") -> Finding:
    return finding(expectation_unmet, conversations(one, conversing=Conversing(script)))


@pytest.mark.parametrize("code", [500, 502])
def test_lmtp_where_smtp_is_spoken(code: int) -> None:
    one = refused(GREETING, b"> LHLO probe.example", b"< %d 5.5.1 no" % code)
    assert ending(one) == "does not speak LMTP there, but SMTP"
    assert told(one, "lmtp").fix is not None
    assert told(one, "lmtp").fix.action.startswith("leave --lmtp out")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "lines",
    [
        (b"< 220 store LMTP ready", b"> EHLO probe.example", b"< 500 5.5.1 Unknown command"),
        (GREETING, b"> EHLO probe.example", b"< 502 5.5.1 LMTP begins with LHLO"),
    ],
)
def test_smtp_where_lmtp_is_spoken(lines: tuple[bytes, ...]) -> None:
    one = refused(*lines, port=24)
    assert ending(one) == "speaks LMTP there, and no SMTP"
    assert told(one).fix.action == "give --lmtp, or name the port at which it speaks SMTP"  # type: ignore[union-attr]


def test_who_is_greeted_at_an_lmtp_port_is_told_the_same() -> None:
    lines = (b"< 220 store LMTP ready", b"> EHLO a", b"< 500 no", b"> HELO a", b"< 500 no")
    found = finding(refuses_this_sender, conversations(spoken((*lines, *LEFT), host=host(24))))
    assert "speaks LMTP there, and no SMTP" in found.message
    assert found.fix is not None
    assert "--lmtp" in found.fix.action


@pytest.mark.parametrize("port", [587, 465])
@pytest.mark.parametrize("reply", [b"< 554 5.7.1 Relay access denied", b"< 550 relay not permitted", b"< 530 sign in"])
def test_mail_without_a_sign_in_at_a_submission_port(port: int, reply: bytes) -> None:
    one = refused(*HELLO, b"> MAIL FROM:<a@a.example>", b"< 250 ok", b"> RCPT TO:<b@b.example>", reply, port=port)
    assert ending(one) == f"takes mail at port {port} from those who sign in, and nobody did"
    assert "sign in: --script submit --user NAME" in told(one).fix.action  # type: ignore[union-attr]
    assert "sign in: auth in the script" in told(one, "mine.smtp").fix.action  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("begun", "reply", "port"),
    [
        (HELLO, b"< 554 5.7.1 Relay access denied", 25),
        (HELLO, b"< 550 5.1.1 no such user", 587),
        (HELLO, b"< 450 4.7.1 later", 587),
        (SIGNED_IN, b"< 554 5.7.1 not yours", 587),
        ((*HELLO[:2], b"< 250 mx1.good.example"), b"< 554 5.7.1 Relay access denied", 587),
    ],
)
def test_other_refusals_are_what_they_are(begun: tuple[bytes, ...], reply: bytes, port: int) -> None:
    one = refused(*begun, b"> MAIL FROM:<a@a.example>", b"< 250 ok", b"> RCPT TO:<b@b.example>", reply, port=port)
    assert ending(one).startswith("refuses RCPT")
