"""How much it matters that a host did not say what a script expects."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.tls.no_starttls import no_starttls
from deliverkit.checks.tls.summary import summarize
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Severity
from deliverkit.observations.smtp import End, Unmet
from tests.building import finding
from tests.spoken import GREETED, HOST, LEFT, conversations, outcome, spoken

SECOND = replace(HOST, name="mx2.good.example", address="11.0.2.25")
BEGUN = (*GREETED, b"> MAIL FROM:<a@b.example>", b"< 250 ok", b"> RCPT TO:<c@d.example>")
TAKEN = spoken((*BEGUN, b"< 250 ok", b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok", *LEFT), host=SECOND)
GREYLISTED = spoken((*BEGUN, b"< 450 later", *LEFT), unmet=[Unmet(88, "250|251", "450 later")])
CLOSED = spoken((b"< 554 no", *LEFT), unmet=[Unmet(13, "220", "554 no")])
CUT = spoken(BEGUN, end=End.HUNG_UP, unmet=[Unmet(88, "250|251", "nothing")])
STAYING = spoken((*GREETED, b"> QUIT", b"< 451 stay"), unmet=[Unmet(26, "221", "451 stay")])
GONE = spoken((*GREETED, b"> QUIT"), end=End.HUNG_UP, unmet=[Unmet(26, "221", "nothing")])
REFUSED_AND_GONE = spoken((*BEGUN, b"< 550 no", b"> QUIT"), end=End.HUNG_UP, unmet=[Unmet(88, "250|251", "550 no")])
ODD_AND_GONE = spoken((*BEGUN, b"< 252 hm", b"> QUIT"), end=End.RESET, unmet=[Unmet(88, "250|251", "252 hm")])
TALKED = spoken(unmet=[Unmet(13, "4xx|5xx", "220 hello")])
IN_CLEAR = spoken(unmet=[Unmet(12, "530", "250 ok")])


def submission(one: Conversation) -> Conversation:
    return replace(one, host=replace(one.host, port=587))


@pytest.mark.parametrize(
    ("script", "held", "weight"),
    [
        ("deliver", (GREYLISTED, TAKEN), Severity.NOTE),
        ("deliver", (CLOSED, TAKEN), Severity.WARNING),
        ("deliver", (CUT, TAKEN), Severity.WARNING),
        ("deliver", (GREYLISTED,), Severity.ERROR),
        ("mine", (GREYLISTED, TAKEN), Severity.ERROR),
        ("probe", (GREYLISTED, TAKEN), Severity.ERROR),
        ("greet", (STAYING,), Severity.WARNING),
        ("probe", (GONE,), Severity.WARNING),
        ("deliver", (REFUSED_AND_GONE,), Severity.ERROR),
        ("deliver", (ODD_AND_GONE,), Severity.ERROR),
        ("mine", (STAYING,), Severity.ERROR),
        ("early-talker", (TALKED,), Severity.NOTE),
        ("starttls-required", (IN_CLEAR,), Severity.NOTE),
        ("starttls-required", (submission(IN_CLEAR),), Severity.ERROR),
    ],
)
def test_it_matters_as_much_as_the_mail_suffers_and_always_in_a_script_of_ones_own(
    script: str, held: tuple[Conversation, ...], weight: Severity
) -> None:
    assert finding(expectation_unmet, conversations(*held, conversing=Conversing(script))).at_most is weight


def test_no_fix_says_to_do_nothing() -> None:
    for script, one in (("early-talker", TALKED), ("starttls-required", IN_CLEAR)):
        assert finding(expectation_unmet, conversations(one, conversing=Conversing(script))).fix is None
    goodbye = finding(expectation_unmet, conversations(STAYING)).fix
    assert goodbye is not None
    assert goodbye.action.startswith("have the host answer QUIT with 221")


def test_what_goes_through_a_socket_does_not_travel_in_the_clear() -> None:
    bare = (b"< 220 a.b", b"> EHLO a", b"< 250 a.b", *LEFT)
    local = conversations(spoken(bare, host=SmtpHost("", "/run/mail.sock", 25)))
    assert outcome(no_starttls, local) == "not-applicable"
    assert summarize({Conversations: local}, ()).sentence == ""
    assert outcome(no_starttls, conversations(spoken(bare))) == "fail"
