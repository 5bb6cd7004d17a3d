"""Scripts cut short: whatever a host offers and answers, nothing is said after the step."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import KnownSecrets, Provisions
from deliverkit.errors import UsageError
from deliverkit.script import fill, format_script, load, parse_script
from deliverkit.script.cutting import drop_after, quit_after, steps_of
from tests.smtp_sessions import ServerSession

GIVEN = {
    "helo": ("client.example",),
    "from": ("a@client.example",),
    "rcpt": ("b@good.example", "b@good.example"),
    "user": ("b",),
    "date": ("Wed, 25 Nov 2026 09:00:00 +0000",),
    "message_id": ("1@client.example",),
}


class WithoutTls(ServerSession):
    """A host that does not offer STARTTLS."""

    def do_ehlo(self, _: str) -> None:
        self.say("250 mx.good.example")


def verbs_after_cutting(name: str, step: str, session: ServerSession) -> list[str]:
    (filled,) = fill(quit_after(load(name).script, step), GIVEN)
    held = asyncio.run(converse(filled, session, Provisions(KnownSecrets({"password": "s3cret"}), {}, patience=1)))
    assert held.unmet == ()
    return [one.split()[0].decode().upper() for one in session.sent if one.strip()]


@pytest.mark.parametrize(
    ("step", "said"),
    [
        ("CONNECT", []),
        ("EHLO", ["EHLO", "STARTTLS", "EHLO"]),
        ("starttls", ["EHLO", "STARTTLS"]),
        ("TLS", ["EHLO", "STARTTLS"]),
        ("MAIL", ["EHLO", "STARTTLS", "EHLO", "MAIL"]),
        ("RCPT", ["EHLO", "STARTTLS", "EHLO", "MAIL", "RCPT", "RCPT"]),
    ],
)
def test_quit_follows_the_step(step: str, said: list[str]) -> None:
    assert verbs_after_cutting("deliver", step, ServerSession()) == [*said, "QUIT"]


@pytest.mark.parametrize(("step", "said"), [("STARTTLS", ["EHLO"]), ("EHLO", ["EHLO"]), ("MAIL", ["EHLO", "MAIL"])])
def test_a_way_without_the_step_ends_there_too(step: str, said: list[str]) -> None:
    assert verbs_after_cutting("deliver", step, WithoutTls()) == [*said, "QUIT"]


def test_after_the_message_its_reply_is_read() -> None:
    session = ServerSession()
    said = verbs_after_cutting("deliver", "MESSAGE", session)
    assert said[-2:] == [".", "QUIT"]
    assert len(session.taken) == 1


def test_after_auth() -> None:
    session = ServerSession(requires_user=True)
    assert verbs_after_cutting("submit", "AUTH", session)[-2:] == ["AUTH", "QUIT"]


def test_the_connection_is_dropped_without_quit() -> None:
    session = ServerSession()
    (filled,) = fill(drop_after(load("deliver").script, "DATA"), GIVEN)
    held = asyncio.run(converse(filled, session, Provisions(KnownSecrets({}), {}, patience=1)))
    assert held.unmet == ()
    assert session.sent[-1] == b"DATA\r\n"
    assert session.taken == []


def test_a_way_without_the_step_sends_no_message() -> None:
    session = ServerSession()
    (filled,) = fill(drop_after(load("deliver").script, "BDAT"), GIVEN)
    asyncio.run(converse(filled, session, Provisions(KnownSecrets({}), {}, patience=1)))
    assert session.sent[-1].startswith(b"RCPT TO")
    assert session.taken == []


def test_quit_follows_no_quit() -> None:
    with pytest.raises(UsageError, match="QUIT is the end already"):
        quit_after(load("deliver").script, "quit")


def test_lmtp_reads_every_recipients_reply() -> None:
    cut = format_script(quit_after(load("lmtp").script, "MESSAGE"))
    assert "for each rcpt {\n  <+ 250 within 10m\n}\n> QUIT" in cut


def test_in_a_pipeline() -> None:
    script = parse_script(
        "< 220\npipeline {\n  > MAIL FROM:<>\n  < 250\n  > RCPT TO:<a@b.example>\n  < 250\n}\n> DATA\n"
    )
    assert format_script(quit_after(script, "MAIL")) == (
        "< 220\npipeline {\n  > MAIL FROM:<>\n  < 250\n}\n> QUIT\n< 221\nclose\n"
    )


def test_the_lines_of_a_message_are_no_steps() -> None:
    script = parse_script("< 220\n> MAIL FROM:<>\n< 250\n> DATA\n< 354\n> Mail is text\n> .\n< 250\n> QUIT\n< 221\n")
    assert steps_of(script) == ("CONNECT", "MAIL", "DATA", "MESSAGE", "QUIT")
    assert format_script(quit_after(script, "MAIL")) == "< 220\n> MAIL FROM:<>\n< 250\n> QUIT\n< 221\nclose\n"


def test_what_is_given_stays_given() -> None:
    script = parse_script("< 220\n> NOOP\n< 250\n> MAIL FROM:<{from}>\n< 250\ngiven from = a@b.example\n")
    assert format_script(drop_after(script, "NOOP")).endswith('close\ngiven from = "a@b.example"\n')


@pytest.mark.parametrize(
    ("step", "words"),
    [("VRFY", "no step VRFY: it has CONNECT, TLS, EHLO, STARTTLS, MAIL, RCPT"), ("DATA", "waits for a message")],
)
def test_what_cannot_be(step: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        quit_after(load("deliver").script, step)


@pytest.mark.parametrize("name", ["deliver", "submit", "lmtp", "probe", "greet"])
def test_every_step_of_a_shipped_script_can_be_the_last(name: str) -> None:
    script = load(name).script
    for step in steps_of(script):
        assert parse_script(format_script(drop_after(script, step)))
