"""The fix that belongs to a refusal of a seed copy."""

import pytest

from deliverkit.checks.placement.copies_bounced import copies_bounced
from deliverkit.checks.placement.copies_refused import copies_refused
from deliverkit.checks.remedies import fix_for_text, fix_or_whom_to_ask
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.knowledge.parties import Parties
from deliverkit.knowledge.replies import read_reply
from deliverkit.model import Check, Fix
from deliverkit.standards.smtp.reply import Reply
from tests.building import finding


@pytest.mark.parametrize(
    ("reply", "fix"),
    [
        ("550 5.1.1 no such user", "the sender's job: correct the address, or take it off the list"),
        (
            "smtp; 550-5.7.26 fails its DMARC policy",
            "the sender's job: sign with DKIM as the From domain",
        ),
        ("452 4.2.2 x", "the recipient's job: wait; if it goes on for weeks, stop mailing the address"),
        ("5.2.1", "the sender's job: stop mailing this address until its owner writes"),
        ("550 5.7.1 no", "ask postmaster@one.example, with the whole reply, the time and the sending address"),
        ("it does not say why", "ask postmaster@one.example, with the whole reply"),
        ("", "ask postmaster@one.example, with the whole reply"),
        ("451 4.7.1 no", "ask postmaster@one.example, with the whole reply"),  # it was given up: nobody comes back
        ("250 2.0.0 ok", "ask postmaster@one.example, with the whole reply"),
        ("554 5.4.4 no route", "the sender's operator's job: deliverkit mx one.example shows"),
    ],
)
def test_a_quoted_reply_says_what_to_do(reply: str, fix: str) -> None:
    assert fix_for_text(reply, "ada@one.example").action.startswith(fix)


def test_a_refusal_that_nobody_can_read_is_told_alike_wherever_it_came() -> None:
    reading = read_reply(Reply(550, ("no",)), parties=Parties(recipient="one.example"))
    assert fix_for_text("550 no", "ada@one.example") == fix_or_whom_to_ask(reading) == Fix(reading.advice)


@pytest.mark.parametrize(("check", "fate"), [(copies_refused, Fate.REJECTED), (copies_bounced, Fate.BOUNCED)])
def test_a_copy_that_was_refused_has_the_fix_of_its_reply(check: Check, fate: Fate) -> None:
    told = "accepted by relay.example (250 2.0.0 ok), then it bounced: 550 5.1.1 no such user"
    for reply, fix in (
        ("550 5.1.1 no such user", "the sender's job: correct the address"),
        ("550 no", "ask postmaster@one.example, with the whole reply, the time and the sending address"),
    ):
        copy = PlacedCopy("ada@one.example", "One", fate, detail=told, reply=reply)
        found = finding(check, placement_of("spring", [copy]))
        assert found.fix is not None
        assert found.fix.action.startswith(fix)
