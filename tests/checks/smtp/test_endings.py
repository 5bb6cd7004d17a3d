"""What a conversation comes to that the host ended, or let end: the refusal, the message that it took, or where."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.wording import comes_to, ending
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import End, Kind, Unmet
from deliverkit.render.dialogue import lines_of
from deliverkit.render.look import Detail
from tests.building import finding
from tests.spoken import GREETED, LEFT, conversations, spoken

MAIL = (*GREETED, b"> MAIL FROM:<a@b.example>")
RCPT = (*MAIL, b"< 250 ok", b"> RCPT TO:<c@d.example>")
SENT = (*RCPT, b"< 250 ok", b"> DATA", b"< 354 go", b"> x\r\n.")
TAKEN = (*SENT, b"< 250 ok")
LOST = [End.HUNG_UP, End.RESET, End.SILENT, End.STUCK]
WORDS = {
    End.HUNG_UP: "hung up",
    End.RESET: "reset the connection",
    End.SILENT: "fell silent",
    End.STUCK: "stopped reading",
    End.FLOODED: "said more than a conversation may hold",
    End.INTERRUPTED: "was left from here",
}


def ended(end: End, *lines: bytes, unmet: tuple[Unmet, ...] = (), detail: str = "") -> Conversation:
    one = spoken(lines, end=end, unmet=unmet)
    return replace(one, transcript=replace(one.transcript, detail=detail))


def shown(one: Conversation) -> list[str]:
    return [line.text for line in lines_of(one, Detail.USUAL) if not line.mark]


@pytest.mark.parametrize("end", [*LOST, End.FLOODED])
@pytest.mark.parametrize("lines", [(b"> QUIT",), ()], ids=["at QUIT", "at once"])
@pytest.mark.parametrize(
    ("said", "unmet", "words"),
    [
        ((*RCPT, b"< 550 5.1.1 no"), Unmet(88, "250|251", "550 5.1.1 no"), "refuses RCPT: 550 5.1.1 no ("),
        ((*SENT, b"< 550 5.7.1 no"), Unmet(109, "250 within 10m", "550 5.7.1 no"), "refuses the message: 550 5.7.1 no"),
        (
            (*GREETED, b"> AUTH PLAIN", b"< 535 5.7.8 no"),
            Unmet(30, "235", "535 5.7.8 no"),
            "refuses AUTH: 535 5.7.8 no",
        ),
        ((b"< 554 go away",), Unmet(16, "220", "554 go away"), "refuses the connection: 554 go away"),
    ],
)
def test_a_refusal_is_told_however_the_host_ends_the_conversation_behind_it(
    end: End, lines: tuple[bytes, ...], said: tuple[bytes, ...], unmet: Unmet, words: str
) -> None:
    if end is End.FLOODED and not lines:
        return  # which is no goodbye: the reply to something else has no end
    assert ending(ended(end, *said, *lines, unmet=(unmet,))).startswith(words)


def test_what_else_came_otherwise_is_told_too() -> None:
    unmet = Unmet(26, "220 to STARTTLS", "250 ok")
    one = ended(End.RESET, *GREETED, b"> STARTTLS", b"< 250 ok", b"> QUIT", unmet=(unmet,))
    assert "250 ok" in ending(one)
    assert "reset" not in ending(one)


@pytest.mark.parametrize("end", [*LOST, End.FLOODED, End.INTERRUPTED])
@pytest.mark.parametrize("unmet", [(Unmet(111, "221", "nothing: it ended"),), ()])
def test_a_message_that_was_taken_is_told_as_taken(end: End, unmet: tuple[Unmet, ...]) -> None:
    one = ended(end, *TAKEN, b"> QUIT", unmet=unmet)
    assert ending(one) == comes_to(one) == f"accepted the message; {WORDS[end]} at QUIT"


@pytest.mark.parametrize("end", LOST)
def test_where_it_ended_is_told(end: End) -> None:
    unmet = (Unmet(85, "250", "nothing: it ended"),)
    assert ending(ended(end, *MAIL, unmet=unmet)) == f"{WORDS[end]} after MAIL"
    assert ending(ended(end, unmet=unmet)) == f"{WORDS[end]} before it greeted"
    assert (
        ending(ended(end, *SENT, unmet=unmet))
        == f"{WORDS[end]} after the whole message (it may have taken the message)"
    )
    assert ending(ended(end, *GREETED, b"> QUIT", unmet=unmet)) == f"answers; {WORDS[end]} at QUIT"
    assert ending(ended(end, *TAKEN, b"> RSET", unmet=unmet)) == f"accepted the message; {WORDS[end]} after RSET"


def test_only_a_detail_that_says_more_is_told() -> None:
    assert ending(ended(End.HUNG_UP, *MAIL, detail="the host closed the connection")) == "hung up after MAIL"
    assert ending(ended(End.RESET, *MAIL, detail="the connection was reset")) == "reset the connection after MAIL"
    assert (
        ending(ended(End.SILENT, *MAIL, detail="no reply within 3 s")) == "fell silent after MAIL: no reply within 3 s"
    )


def test_an_endless_reply_to_anything_but_quit_is_no_goodbye() -> None:
    one = ended(End.FLOODED, *RCPT, detail="a reply of more than 256 lines")
    assert not one.answers
    assert ending(one) == "said more than a conversation may hold after RCPT: a reply of more than 256 lines"
    flooding = ended(End.FLOODED, detail="more than 9 lines")
    assert ending(flooding) == "said more than a conversation may hold: more than 9 lines"


@pytest.mark.parametrize(
    ("end", "detail", "last"),
    [
        (End.CLOSED, "", ["closed from here"]),
        (End.HUNG_UP, "the host closed the connection", ["hung up: the host closed the connection"]),
        (End.RESET, "the connection was reset", ["reset the connection: the connection was reset"]),
        (End.INTERRUPTED, "", ["was left from here"]),
        (End.SILENT, "no reply within 3 s", ["fell silent: no reply within 3 s", "closed from here"]),
        (End.FLOODED, "too much", ["said more than a conversation may hold: too much", "closed from here"]),
        (
            End.TLS_FAILED,
            "the host closed the connection during the handshake",
            ["fails in the TLS handshake: the host closed the connection during the handshake"],
        ),
        (End.TLS_FAILED, "an alert", ["fails in the TLS handshake: an alert", "closed from here"]),
    ],
)
def test_a_dialogue_says_once_who_ended_it(end: End, detail: str, last: list[str]) -> None:
    one = ended(end, *GREETED, b"> STARTTLS", detail=detail)
    closed = one.transcript.entries[-1]._replace(kind=Kind.CLOSED, data=b"")
    entries = (*one.transcript.entries, closed)
    assert shown(replace(one, transcript=replace(one.transcript, entries=entries))) == ["connected", *last]


def test_who_hangs_up_at_quit_is_told_that_no_mail_is_lost() -> None:
    one = ended(End.HUNG_UP, *TAKEN, b"> QUIT", unmet=(Unmet(111, "221", "nothing: it ended"),))
    told = finding(expectation_unmet, conversations(one, conversing=Conversing("deliver")))
    assert told.message.endswith("hangs up at QUIT")
    assert told.fix is not None
    assert "no mail is lost" in told.fix.action
    well = spoken((*TAKEN, *LEFT))
    assert ending(well) == "accepted the message"
