"""Hosts that take the connection, and where nobody greets: whose fault that is, and when it is not known."""

from __future__ import annotations

import pytest

from deliverkit.checks.smtp.no_host_answers import no_host_answers
from deliverkit.classes import replace
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.observations.smtp import End, Entry, Kind
from tests.building import finding, judged
from tests.spoken import HOST, LEFT, OPEN, conversations, outcome, spoken

OTHER = replace(HOST, name="mx2.good.example", address="11.0.2.25")
GREETING, EHLO = b"< 220 mx1.good.example ESMTP", b"> EHLO probe.example"
HTTP = (b"< HTTP/1.1 400 Bad Request", *LEFT)
BUSY, CLOSED = (b"< 421 4.3.2 too busy",), (b"< 521 5.3.2 no mail here", *LEFT)
TURNED_AWAY = (b"< 554 5.7.1 no mail from you", *LEFT)


def silent(seconds: float) -> Conversation:
    """A host that says nothing, and how long it was waited for."""
    one = spoken((), end=End.SILENT)
    entries = (*one.transcript.entries, Entry(seconds, Kind.CLOSED))
    return replace(one, transcript=replace(one.transcript, entries=entries))


@pytest.mark.parametrize(
    ("held", "does"),
    [
        (spoken((), end=End.HUNG_UP), "it hangs up before it greets"),
        (spoken((), end=End.RESET), "it resets the connection before it greets"),
        (silent(30.0), "it says nothing"),
        (spoken((), end=End.FLOODED), "it greets without end"),
        (spoken(HTTP), "it says HTTP/1.1 400 Bad Request, which is no greeting"),
        (spoken(CLOSED), "it says 521 5.3.2 no mail here"),
    ],
)
def test_hosts_that_do_not_greet_are_an_error_when_there_is_no_other(held: Conversation, does: str) -> None:
    found = finding(no_host_answers, conversations(held), OPEN)
    assert found.message == f"its only address does not greet as a mail host that takes mail: {does}"
    assert outcome(no_host_answers, conversations(held, spoken(host=OTHER)), OPEN) == "pass"


@pytest.mark.parametrize(
    ("held", "why"),
    [
        (spoken(BUSY), "no host takes mail at this moment (it says 421 4.3.2 too busy)"),
        (
            spoken(TURNED_AWAY),
            (
                "no host takes mail from this machine (it says 554 5.7.1 no mail from you), and that may be about this "
                "machine alone"
            ),
        ),
        (
            spoken((GREETING, EHLO), end=End.HUNG_UP),
            "no host takes mail from this machine (it hangs up after EHLO), and that may be about this machine alone",
        ),
        (
            silent(2.0),
            "no host greeted in the time it was given (it says nothing), and senders wait for five minutes",
        ),
    ],
)
def test_what_may_be_about_this_machine_is_not_known(held: Conversation, why: str) -> None:
    found = judged(no_host_answers, conversations(held), OPEN)
    assert (str(found.outcome), found.reasons) == ("unknown", (why,))


def test_one_that_turns_us_away_beside_dead_ones_leaves_it_open() -> None:
    held = conversations(spoken((), end=End.HUNG_UP), spoken((), host=OTHER, end=End.HUNG_UP), spoken(TURNED_AWAY))
    (reason,) = judged(no_host_answers, held, OPEN).reasons
    assert "2 of them: hangs up before it greets; 1 of them: says 554 5.7.1 no mail from you" in reason


def test_a_no_behind_the_greeting_and_a_script_of_ones_own_are_told_elsewhere() -> None:
    later = spoken((GREETING, EHLO, b"< 250 mx1.good.example", b"> MAIL FROM:<>", b"< 451 4.7.1 later"))
    assert outcome(no_host_answers, conversations(later), OPEN) == "pass"
    test = conversations(spoken((), end=End.HUNG_UP), conversing=Conversing(name="deliver"))
    assert outcome(no_host_answers, test, OPEN) == "pass"


def test_what_a_case_does_not_hold_may_have_greeted() -> None:
    lost = spoken((), host=OTHER, end=End.UNRECORDED)
    assert outcome(no_host_answers, conversations(spoken((), end=End.HUNG_UP), lost), OPEN) == "unknown"
