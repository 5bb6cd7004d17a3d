"""A no to the null sender: the host takes no bounces, unless it is about who asks."""

from __future__ import annotations

import pytest

from deliverkit.checks.refusals import reading_of
from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.wording import reply_meaning
from deliverkit.checks.trials import trial_of
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.knowledge.replies import TAKES_NO_BOUNCES
from deliverkit.observations.smtp import Unmet
from deliverkit.standards.smtp.dialogue import Exchange
from tests.building import finding
from tests.spoken import GREETED, LEFT, conversations, spoken

SCRIPT = Conversing(name="null-sender")


def refused(reply: str, sender: str = "<>") -> tuple[Conversation, Exchange]:
    lines = (*GREETED, b"> MAIL FROM:" + sender.encode() + b" SIZE=9", b"< " + reply.encode(), *LEFT)
    one = spoken(lines, unmet=(Unmet(27, "250", reply),))
    no = one.after("MAIL")
    assert no is not None
    return one, no


@pytest.mark.parametrize(
    "reply",
    [
        "550 5.1.7 no null senders",
        "501 5.1.7 Bad sender address syntax",
        "553 5.5.4 domain name required for sender address",
        "554 5.7.1 <>: Sender address rejected: Access denied",
    ],
)
def test_a_host_that_refuses_the_null_sender_takes_no_bounces(reply: str) -> None:
    one, no = refused(reply)
    assert reading_of(one, no).proved == TAKES_NO_BOUNCES
    assert reply_meaning(no, one.host.name) == TAKES_NO_BOUNCES.meaning
    found = finding(expectation_unmet, conversations(one, conversing=SCRIPT))
    assert "takes no bounces, as every host has to (RFC 5321 §4.5.5, §6.1)" in found.message
    assert found.fix is not None
    assert found.fix.action.startswith("the host's job: ")
    probed = finding(expectation_unmet, conversations(one, conversing=Conversing(name="probe")))
    assert probed.fix is not None
    assert probed.fix.action.startswith("the receiving side's job: let the host take MAIL FROM:<>")


@pytest.mark.parametrize(
    "reply",
    [
        "554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org",
        "550 5.7.1 Your IP is on our block list",
        "550 5.7.1 192.0.2.1 is not permitted to send",
        "530 5.7.0 Must issue a STARTTLS command first",
        "450 4.7.1 try again later",
    ],
)
def test_a_no_that_is_about_who_asks_is_none_to_the_null_sender(reply: str) -> None:
    one, no = refused(reply)
    assert TAKES_NO_BOUNCES not in reading_of(one, no).meanings
    assert trial_of(SCRIPT, one, one.transcript.unmet[0]) is None


def test_the_same_reply_to_another_sender_is_read_as_ever() -> None:
    one, _ = refused("550 5.1.7 bad sender", "<bob@good.example>")
    no = one.after("MAIL")
    assert no is not None
    assert "malformed" in reply_meaning(no, one.host.name)
