"""Conversations in which thousands of expectations were not met: what they share is looked at once."""

from __future__ import annotations

from collections import Counter

import pytest

from deliverkit.checks import in_place, refusals
from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.facts.conversing import Conversing
from deliverkit.observations.smtp import Unmet
from deliverkit.script.matching import describe
from deliverkit.standards.address_list import addresses_in
from deliverkit.standards.smtp.reply import Reply
from tests.building import finding, judged
from tests.spoken import GREETED, LEFT, conversations, spoken


def test_thousands_of_replies_that_came_otherwise_are_each_looked_at_a_few_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Each held against every reply they took a minute."""
    looked = Counter[str]()

    def counted(reply: Reply) -> str:
        looked[describe(reply)] += 1
        return describe(reply)

    monkeypatch.setattr(in_place, "describe", counted)
    number = 5000
    lines = [line for one in range(number) for line in (b"> NOOP", b"< 250 ok %d" % one)]
    held = conversations(
        spoken((*GREETED, *lines), unmet=[Unmet(5, "251", f"250 ok {one}") for one in range(number)]),
        conversing=Conversing("mine"),
    )
    found = judged(expectation_unmet, held).findings
    assert sum(len(one.evidence) for one in found) > 1
    assert 0 < max(looked.values()) <= 4


def test_whom_refusals_are_about_is_read_once_for_a_conversation(monkeypatch: pytest.MonkeyPatch) -> None:
    read = Counter[str]()

    def counted(text: str) -> tuple[str, ...]:
        read[text] += 1
        return addresses_in(text)

    monkeypatch.setattr(refusals, "addresses_in", counted)
    lines = [line for one in range(50) for line in (b"> RCPT TO:<u%d@b.example>" % one, b"< 550 5.1.1 no")]
    held = spoken(
        (*GREETED, b"> MAIL FROM:<a@a.example>", b"< 250 ok", *lines, *LEFT),
        unmet=[Unmet(88, "250|251", "550 5.1.1 no", f"u{one}@b.example") for one in range(50)],
    )
    assert len(finding(expectation_unmet, conversations(held, conversing=Conversing("deliver"))).evidence) == 51
    assert read.total() == 1
