"""Conversations at one address that differ by a value: it is told which of them went wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.speaks_out_of_turn import speaks_out_of_turn
from deliverkit.checks.smtp.summary import summarize
from deliverkit.checks.varied import readable, values_of, varied
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.observations.smtp import Unmet
from deliverkit.render.matrix import matrix
from tests.building import finding
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, spoken

DELIVERED = (*GREETED, b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok")
SMUGGLED = spoken((*DELIVERED, b"< 250 2.1.0 Ok", b"> QUIT", b"< 250 ok"), unmet=[Unmet(40, "221", "250 2.1.0 Ok")])
WELL = spoken((*DELIVERED, *LEFT))
VALUES = ("<LF>.<LF>", "<CR>.<LF>", "<CR><LF>.<LF>")


def with_value(one: Conversation, value: str) -> Conversation:
    call = one.transcript.call._replace(script=f"set eod = {value}\n< 220\n")
    return replace(one, transcript=replace(one.transcript, call=call))


HELD = (with_value(SMUGGLED, r'"\n.\n"'), with_value(WELL, r'"\r.\n"'), with_value(SMUGGLED, r'"\r\n.\n"'))


def test_the_verdict_and_the_evidence_name_what_went_wrong() -> None:
    held = conversations(*HELD, conversing=Conversing("smuggling"))
    said = summarize({Conversations: held, WayOut: OPEN}, ()).sentence
    assert said.endswith("(CVE-2023-51764), in 2 of 3 conversations: <LF>.<LF> and <CR><LF>.<LF>.")
    assert finding(expectation_unmet, held).evidence[-1].text == "eod: <LF>.<LF>, <CR><LF>.<LF>"
    notes = [one.note.partition(",")[0] for one in finding(speaks_out_of_turn, held).evidence]
    assert notes == ["<LF>.<LF>", "<CR><LF>.<LF>"]
    assert [row[2] for row in matrix(HELD).rows] == [*VALUES]


def test_of_many_values_the_first_are_named_and_the_rest_counted() -> None:
    held = conversations(*(with_value(SMUGGLED, f"v{n}") for n in range(1000)), conversing=Conversing("mine"))
    evidence = finding(expectation_unmet, held).evidence[-1]
    assert evidence.text.startswith("eod: v0, v1, ")
    assert evidence.note == "and 988 more"


def test_where_each_address_is_spoken_to_once_there_is_nothing_to_tell_apart() -> None:
    held = [HELD[0], replace(HELD[1], host=replace(HOST, address="11.0.2.25"))]
    assert varied(held) == ("", ["", ""])
    assert values_of(held) == {}


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (r'"\n.\n"', "<LF>.<LF>"),
        (r'"\r\n\0.\r\n"', "<CR><LF><NUL>.<CR><LF>"),
        ('"b c"', "b c"),
        ("bare", "bare"),
        ('""', '""'),
        ('"', '"'),
        (r'"a \x41"', r'"a \x41"'),
        (r'"\"\n"', r'"\"\n"'),
        (r'"\\n"', r'"\\n"'),
    ],
)
def test_ends_of_lines_are_shown_by_their_names_and_other_escapes_as_they_are(value: str, shown: str) -> None:
    assert readable(value) == shown
