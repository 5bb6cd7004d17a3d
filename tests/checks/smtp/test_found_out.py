"""What a script found out is said, where all went as it expects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.found_out import found_out
from deliverkit.checks.smtp.summary import summarize
from deliverkit.checks.smtp.wording import comes_to
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.observations.smtp import Handshake
from deliverkit.script import shipped
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, spoken

OTHER = replace(HOST, name="mx2.good.example", address="11.0.2.25")


def greeted_as(name: str, *, reply: str = "250 well") -> Conversation:
    return spoken((b"< 220 mx1", f"> EHLO {name}".encode(), f"< {reply}".encode(), *LEFT))


def smuggling(reply: str) -> Conversation:
    return spoken((*GREETED, b"> DATA", b"< 354 go", b"> x\r\n.", f"< {reply}".encode(), *LEFT))


def recipients(*replies: str) -> Conversation:
    tried = [line for one in replies for line in (b"> RCPT TO:<a@b.example>", f"< {one}".encode())]
    return spoken((*GREETED, *tried, *LEFT))


RCPTS = (b"> RCPT TO:<a@b.example>", b"< 250 ok", b"> RCPT TO:<c@b.example>", b"< 251 ok")


def asked(*lines: bytes) -> Conversation:
    return spoken((*GREETED, *lines, *LEFT))


SECURED = replace(spoken(), transcript=replace(spoken().transcript, handshake=Handshake(version="TLSv1.3")))


@pytest.mark.parametrize(
    ("script", "held", "clause"),
    [
        (
            "helo-strictness",
            [greeted_as("localhost"), greeted_as("not_a_name", reply="501 no")],
            "refuses 1 of 2 names that no mail server should give (not_a_name at EHLO), and takes localhost",
        ),
        ("helo-strictness", [greeted_as("a"), greeted_as("b")], "takes both names that no mail server should give (a"),
        ("smuggling", [smuggling("250 ok")], "ends a message at none of 1 spoilt sequence and takes them as text"),
        (
            "smuggling",
            [smuggling("250 ok"), smuggling("554 no")],
            "ends a message at none of 2 spoilt sequences; a mess",
        ),
        ("smuggling", [spoken()], ""),
        ("open-relay", [recipients("550 no", "553 no")], "refuses a recipient elsewhere in 2 forms of writing it"),
        ("open-relay", [spoken()], ""),
        ("starttls-required", [spoken()], "takes no mail before TLS, which at port 25 turns senders away"),
        ("starttls-required", [spoken(host=replace(HOST, port=587))], "takes no mail before TLS"),
        ("starttls-injection", [SECURED], "throws away what was sent in the clear"),
        ("size-limit", [spoken((b"< 220 a.b", b"> EHLO a", b"< 250-a.b", b"< 250 SIZE 1000"))], "refuses a message"),
        (
            "auth-methods",
            [spoken((b"< 220 a.b", b"> EHLO a", b"< 250-a.b", b"< 250 AUTH PLAIN LOGIN"))],
            "offers to si",
        ),
        ("probe", [recipients("250 ok")], "takes a@b.example, which does not prove that the mailbox exists"),
        ("probe", [spoken()], ""),
        (
            "probe",
            [asked(*RCPTS)],
            "takes a@b.example and c@b.example, which does not prove that these mailboxes exist",
        ),
        ("probe", [asked(*RCPTS[:2])], "takes a@b.example, which does not prove that the mailbox exists"),
        ("mine", [spoken()], ""),
    ],
)
def test_a_script_that_tests_a_host_says_what_it_found(script: str, held: list[Conversation], clause: str) -> None:
    told = found_out(script, held)
    assert told.startswith(clause)
    assert bool(told) is bool(clause)
    said = summarize({Conversations: conversations(*held, conversing=Conversing(script)), WayOut: OPEN}, ()).sentence
    assert said.startswith(f"{held[0].host.endpoint} {told or 'answers as the script '}")


@pytest.mark.parametrize(
    ("size", "limit"),
    [("1048576", "1,048,576 octets"), ("9" * 30, "9" * 30 + " octets"), ("much", "much octets"), ("0", ""), ("", "")],
)
def test_a_limit_is_told_as_every_number_of_octets_is(size: str, limit: str) -> None:
    told = found_out("size-limit", [spoken((b"< 220 a.b", b"> EHLO a", b"< 250-a.b", f"< 250 SIZE {size}".encode()))])
    assert told.partition(", and tells its limit: ")[2] == limit


def test_of_hosts_that_do_the_same_it_is_said_once_and_of_others_not_at_all() -> None:
    refusing = recipients("550 no")
    facts = {
        Conversations: conversations(refusing, replace(refusing, host=OTHER), conversing=Conversing("open-relay")),
        WayOut: OPEN,
    }
    assert summarize(facts, ()).sentence.endswith(": each refuses a recipient elsewhere in 1 form of writing it.")
    other = replace(recipients("550 no", "550 no"), host=OTHER)
    assert found_out("open-relay", [refusing, other]) == ""


def test_tls_that_is_offered_and_was_not_tried_is_not_missing() -> None:
    assert comes_to(spoken()) == "answers, TLS not tried"
    assert comes_to(spoken((b"< 220 a.b", b"> EHLO a", b"< 250 a.b", *LEFT))) == "answers, no TLS"
    assert comes_to(spoken((b"< 220 a.b", *LEFT))) == "answers"


def test_every_script_that_is_told_of_ships() -> None:
    from deliverkit.checks.found_out import _FOUND

    assert set(_FOUND) <= set(shipped())
