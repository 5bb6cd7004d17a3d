"""``in turn``: a script ends where a host says what nothing had asked for, before anything is sent on that footing."""

from __future__ import annotations

import asyncio

import pytest

from deliverkit.classes import replace
from deliverkit.clients.smtp.connection import Settings
from deliverkit.clients.smtp.live import Conversations, by_script
from deliverkit.clients.smtp.provisions import NOTHING, KnownSecrets, Trust
from deliverkit.observations.smtp import IN_TURN, End, Kind, Transcript
from deliverkit.script import format_script, load, parse_script, shipped
from tests.talking import CLOCK, PATIENCE, call_to, serving

pytestmark = pytest.mark.usefixtures("either_loop")
LINES = "< 220\n> EHLO a\n< 250\n> MAIL FROM:<a@a.example>\n< 250\n> RCPT TO:<b@b.example>\n< 250\n> DATA\n< 354\n"
MESSAGE = "> @m.eml\n< 250\n> QUIT\n< 221\n"
GIVEN = replace(
    NOTHING, messages={"m.eml": b"Subject: x\r\n\r\nx\r\n"}, patience=PATIENCE, secrets=KnownSecrets({"password": "pw"})
)


def hold(text: str, **manner: object) -> Transcript:
    async def work() -> Transcript:
        async with serving(**manner) as (_, place, authority):
            settings = Settings(Trust(CLOCK, authority.root), PATIENCE)
            return await Conversations(settings, by_script(GIVEN)).converse(call_to(place, text))

    return asyncio.run(work())


def verbs(transcript: Transcript) -> list[str]:
    sent = (entry.data for entry in transcript.entries if entry.kind is Kind.SENT)
    return [data.split()[0].decode() for data in sent]


@pytest.mark.parametrize(
    ("stage", "before"),
    [("CONNECT", []), ("EHLO", ["EHLO"]), ("MAIL", ["EHLO", "MAIL"]), ("RCPT", ["EHLO", "MAIL", "RCPT"])],
)
def test_nothing_more_is_sent_than_goodbye(stage: str, before: list[str]) -> None:
    one = hold("in turn\n" + LINES + MESSAGE, do=[f"early at {stage}"])
    assert verbs(one) == [*before, "QUIT"]
    assert [(unmet.wanted, unmet.got) for unmet in one.unmet] == [(IN_TURN, "250 and one thing more")]
    assert one.end is End.CLOSED


def test_no_message_goes_out_and_nothing_ends_up_in_it() -> None:
    one = hold("in turn\n" + LINES + MESSAGE, do=["early at DATA"])
    assert verbs(one) == ["EHLO", "MAIL", "RCPT", "DATA"]
    assert [unmet.wanted for unmet in one.unmet] == [IN_TURN]


@pytest.mark.parametrize(
    "statement", ["starttls", "auth PLAIN in clear", "bdat @m.eml", "pipeline {\n  > NOOP\n  < 250\n}"]
)
def test_every_statement_that_speaks_waits_for_its_turn(statement: str) -> None:
    begin = "in turn\nset user = u\n< 220\n> EHLO a\n< 250\n"
    assert verbs(hold(begin + statement + "\n", do=["early at EHLO"])) == ["EHLO", "QUIT"]


@pytest.mark.parametrize("stage", ["CONNECT", "EHLO", "MAIL"])
def test_without_that_line_a_script_goes_on(stage: str) -> None:
    text = LINES.replace("< 354", "<+ 354").replace("< 250", "<? 250")
    one = hold(text + "close\n", do=[f"early at {stage}"])
    assert verbs(one) == ["EHLO", "MAIL", "RCPT", "DATA"]


def test_a_host_that_keeps_its_turn_notices_nothing() -> None:
    one = hold("in turn\n" + LINES + MESSAGE)
    assert (one.unmet, verbs(one)[-1]) == ((), "QUIT")


def test_what_is_pipelined_is_no_reply_too_many() -> None:
    lines = (
        "in turn\n< 220\n> EHLO a\n< 250\n> NOOP\n> NOOP\n> NOOP\n< 250\n> NOOP\n< 250\n< 250\n< 250\n> QUIT\n< 221\n"
    )
    assert hold(lines).unmet == ()


def test_a_host_that_closes_is_heard_out() -> None:
    text = "in turn\n< 220\n> EHLO a\n< 250\n> MAIL FROM:<a@a.example>\n< 250\n"
    one = hold(text, replies={"EHLO": "250 a\n421 4.3.2 closing"})
    assert [unmet.got for unmet in one.unmet] == ["421 4.3.2 closing"]


def test_the_shipped_scripts_that_send_have_the_line() -> None:
    having = {name for name in shipped() if load(name).script.is_in_turn}
    assert having == {"deliver", "submit", "lmtp", "probe"}


def test_the_line_stands_outside_of_blocks_and_is_written_back() -> None:
    text = "in turn\n\n< 220\n"
    assert format_script(parse_script(text)) == text
    assert not parse_script("< 220\n").is_in_turn
