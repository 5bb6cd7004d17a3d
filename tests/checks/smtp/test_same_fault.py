"""The same fault at several addresses is one finding that names the hosts, with one fix."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.refuses_this_sender import refuses_this_sender
from deliverkit.checks.smtp.speaks_out_of_turn import speaks_out_of_turn
from deliverkit.checks.smtp.summary import summarize
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Evidence
from deliverkit.observations.smtp import Unmet
from tests.building import finding, judged
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, spoken

BESIDE = replace(HOST, address="2a11:db8:1::25")
SECOND = SmtpHost("mx2.good.example", "11.0.2.25", 25, 20)
UNKNOWN = "550 5.1.1 not here"
MINE = Conversing("mine", "< 250")


def refused(host: SmtpHost, reply: str = UNKNOWN, *, line: int = 7) -> Conversation:
    begun = (*GREETED, b"> RCPT TO:<ada@good.example>", f"< {reply}".encode(), *LEFT)
    return spoken(begun, host=host, unmet=[Unmet(line, "250|251", reply)])


def test_a_refusal_at_every_address_is_one_finding_with_what_each_of_them_said() -> None:
    hosts = (HOST, BESIDE, SECOND)
    replies = ("550 5.1.1 not here [a1]", "550 5.1.1 not here [b2]", "550 5.1.1 not here [c3]")
    held = conversations(*map(refused, hosts, replies), conversing=MINE)
    found = finding(expectation_unmet, held)
    whole = "each of mx1.good.example and mx2.good.example, at 3 addresses, refuses RCPT TO:<ada@good.example> with 550"
    assert found.message == whole
    assert found.evidence == (
        Evidence("line 7 wants 250|251"),
        Evidence("mx1.good.example [11.0.1.25]:25", note="550 5.1.1 not here [a1]"),
        Evidence("mx1.good.example [2a11:db8:1::25]:25", note="550 5.1.1 not here [b2]"),
        Evidence("mx2.good.example [11.0.2.25]:25", note="550 5.1.1 not here [c3]"),
    )
    assert found.fix is not None
    assert found.fix.action == "the sender's job: correct the address, or take it off the list"


def test_what_every_host_says_is_said_once() -> None:
    found = finding(expectation_unmet, conversations(refused(HOST), refused(BESIDE), conversing=MINE))
    assert found.evidence == (
        Evidence("line 7 wants 250|251", note=f"got {UNKNOWN}"),
        Evidence("mx1.good.example [11.0.1.25]:25"),
        Evidence("mx1.good.example [2a11:db8:1::25]:25"),
    )


def test_what_is_mended_otherwise_or_stands_in_another_line_is_a_finding_of_its_own() -> None:
    later = refused(SECOND, "451 4.7.1 later")
    other = refused(SECOND, line=9)
    for one in (later, other):
        held = conversations(refused(HOST), refused(BESIDE), one, conversing=MINE)
        found = judged(expectation_unmet, held).findings
        assert [len(each.evidence) for each in found] == [3, 1]
        assert found[0].message.startswith(
            "mx1.good.example, at 2 addresses, refuses RCPT TO:<ada@good.example> with 550"
        )
        assert found[1].message.startswith("mx2.good.example [11.0.2.25]:25 refuses RCPT TO:<ada@good.example> ")


def test_a_host_that_is_spoken_to_several_times_is_named_once_and_what_it_always_says_is_said_once() -> None:
    unmet = [Unmet(12, "530", "250 2.1.0 ok")]
    held = [spoken(unmet=unmet), spoken(unmet=unmet)]
    found = finding(expectation_unmet, conversations(*held, conversing=Conversing("starttls-required")))
    assert found.message.startswith("mx1.good.example [11.0.1.25]:25, in 2 conversations, takes mail without TLS, as a")
    assert found.evidence == (Evidence("got 250 2.1.0 ok", note="wanted 530 (line 12 of starttls-required)"),)


def test_a_connection_that_every_host_refuses_is_one_finding() -> None:
    hosts = (HOST, BESIDE, SECOND)
    held = [spoken((f"< 554 5.7.1 {host.name} no".encode(),), host=host) for host in hosts]
    found = finding(refuses_this_sender, conversations(*held))
    assert found.message.startswith("each of mx1.good.example and mx2.good.example, at 3 addresses, refuses the conn")
    assert [one.text for one in found.evidence] == [
        "mx1.good.example [11.0.1.25]:25: 554 5.7.1 mx1.good.example no",
        "mx1.good.example [2a11:db8:1::25]:25: 554 5.7.1 mx1.good.example no",
        "mx2.good.example [11.0.2.25]:25: 554 5.7.1 mx2.good.example no",
    ]


def test_a_host_that_speaks_out_of_turn_in_every_conversation_is_told_once() -> None:
    early = spoken((b"< 220 a.b", b"< 250 more", *LEFT))
    found = finding(speaks_out_of_turn, conversations(early, spoken(), replace(early, host=HOST)))
    assert (
        found.message == "mx1.good.example [11.0.1.25]:25, in 2 conversations, says a reply that nothing had asked for"
    )


@pytest.mark.parametrize(
    ("lines", "reply", "does"),
    [
        ((b"> MAIL FROM:<a@b.example> SIZE=9",), "452 4.3.1 full", "refuses MAIL FROM:<a@b.example> for now with 452"),
        ((b"> AUTH PLAIN c2VjcmV0",), "535 5.7.8 no", "refuses AUTH with 535"),
        ((b"> DATA", b"< 354 go", b"> x\r\n."), "554 5.7.1 spam", "refuses the message with 554"),
    ],
)
def test_a_refusal_says_what_is_refused_and_with_which_code_and_never_a_secret(
    lines: tuple[bytes, ...], reply: str, does: str
) -> None:
    one = spoken((*GREETED, *lines, f"< {reply}".encode(), *LEFT), unmet=[Unmet(7, "250 within 5m", reply)])
    for script, evidence in (
        ("mine", Evidence("line 7 wants 250 within 5m", note=f"got {reply}")),
        ("deliver", Evidence(f"got {reply}", note="wanted 250 (line 7 of deliver)")),
    ):
        found = finding(expectation_unmet, conversations(one, conversing=Conversing(script)))
        assert found.message == f"{HOST.endpoint} {does}"
        assert found.evidence == (evidence,)


def test_what_all_that_failed_refuse_alike_is_named_in_the_verdict() -> None:
    held = conversations(refused(HOST), refused(SECOND), conversing=MINE)
    assert summarize({Conversations: held, WayOut: OPEN}, ()).sentence.endswith(
        " In 2 of 2 conversations a host refuses RCPT."
    )
    later = conversations(refused(HOST), refused(SECOND, "451 4.7.1 later"), conversing=MINE)
    assert summarize({Conversations: later, WayOut: OPEN}, ()).sentence.endswith("what the script mine expects.")
