"""A STARTTLS that was tried and came to nothing, one of which nothing can be told, and the count of addresses."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from deliverkit.checks.smtp.ehlo_refused import ehlo_refused
from deliverkit.checks.tls.no_starttls import no_starttls
from deliverkit.checks.tls.starttls_fails import starttls_fails
from deliverkit.checks.tls.summary import summarize
from deliverkit.checks.tls.wording import verdicts
from deliverkit.classes import replace
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.ruling import Does
from deliverkit.facts.rulings import rule_by_policy
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.starttls import how_starttls_failed
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import not_applicable
from deliverkit.observations.smtp import End, Handshake
from deliverkit.standards.mta_sts.policy import Mode, StsPolicy, parse_policy
from tests.building import finding, judged
from tests.spoken import GREETED, HOST, LEFT, conversations, outcome, spoken

BEGUN = (*GREETED, b"> STARTTLS")
POLICY = "version: STSv1\r\nmode: enforce\r\nmx: mx1.good.example\r\nmax_age: 604800\r\n"


def policy() -> StsPolicy:
    found = parse_policy(POLICY)
    assert found.mode is Mode.ENFORCE
    return found


def sentence(*held: Conversation) -> str:
    facts = {Conversations: conversations(*held), TlsProtocols: not_applicable("not asked")}
    return summarize(facts, ()).sentence


@pytest.mark.parametrize(
    ("lines", "end", "words"),
    [
        (BEGUN, End.HUNG_UP, "the host hangs up at STARTTLS"),
        (BEGUN, End.RESET, "the host resets the connection at STARTTLS"),
        (BEGUN, End.SILENT, "the host says nothing to STARTTLS"),
        ((*BEGUN, b"< 250 ok"), End.RESET, "STARTTLS is answered with 250"),
        ((*BEGUN, b"< 454 4.7.0 no TLS"), End.CLOSED, "STARTTLS is refused with 454"),
    ],
)
def test_a_starttls_that_comes_to_no_handshake_was_tried_and_fails(
    lines: Sequence[bytes], end: End, words: str
) -> None:
    one = spoken(lines, end=end)
    assert how_starttls_failed(one) == words
    assert verdicts(one).handshake.is_good is False
    assert sentence(one) == "TLS works at no mail host: mx1.good.example offers it, and it fails."
    assert outcome(starttls_fails, conversations(one)) == "fail"
    ruling = rule_by_policy(one, policy())
    assert (ruling.does, ruling.reason) == (Does.DEFERS, words)


def test_a_conversation_that_was_left_from_here_says_nothing_of_tls() -> None:
    one = spoken(BEGUN, end=End.INTERRUPTED)
    assert how_starttls_failed(one) == ""
    assert verdicts(one).handshake.is_good is None


def test_a_no_to_starttls_with_a_command_behind_it_says_nothing_of_tls() -> None:
    lines = (*GREETED, b"> STARTTLS\r\nX-SENT-IN-THE-CLEAR", b"< 554 SMTP synchronization error")
    one = spoken(lines)
    assert verdicts(one).handshake.is_good is None
    assert sentence(one) == ""
    held = conversations(one, conversing=Conversing(name="starttls-injection"))
    found = judged(starttls_fails, held)
    assert (str(found.outcome), "out together with something else" in found.reasons[0]) == ("not-applicable", True)
    assert rule_by_policy(one, policy()).does is Does.CANNOT_TELL


@pytest.mark.parametrize(
    "refusal",
    [
        b"550 5.7.1 Helo command rejected: need fully-qualified hostname",
        b"504 5.5.2 <probe>: Helo command rejected: need fully-qualified hostname",
        b"501 Syntactically invalid EHLO argument(s)",
        b"450 4.7.1 Helo command rejected: Host not found",
    ],
)
def test_an_ehlo_that_is_refused_for_the_name_says_nothing_of_tls(refusal: bytes) -> None:
    one = spoken((GREETED[0], b"> EHLO probe", b"< " + refusal, b"> HELO probe", b"< 250 mx1", *LEFT))
    found = finding(ehlo_refused, conversations(one))
    assert found.fix is not None
    assert "--helo NAME" in found.fix.action
    assert outcome(no_starttls, conversations(one)) == "unknown"
    assert sentence(one) == ""
    assert rule_by_policy(one, policy()).does is Does.CANNOT_TELL


def test_an_ehlo_that_the_host_does_not_know_is_no_tls() -> None:
    one = spoken((GREETED[0], b"> EHLO probe", b"< 502 5.5.1 what?", b"> HELO probe", b"< 250 mx1", *LEFT))
    found = finding(ehlo_refused, conversations(one))
    assert found.fix is not None
    assert "SMTP inspection" in found.fix.action
    assert sentence(one) == "No mail host offers TLS: mail travels in the clear."


def secured(name: str, address: str) -> Conversation:
    one = spoken(host=replace(HOST, name=name, address=address))
    return replace(one, transcript=replace(one.transcript, handshake=Handshake("TLSv1.3", "x")))


def test_addresses_that_do_not_answer_are_counted_apart() -> None:
    here = [secured("mx1.good.example", f"11.0.1.{number}") for number in (1, 2, 3)]
    lost = [spoken((), host=replace(HOST, address=f"2a11:db8::{number}"), end=End.TIMEOUT) for number in (1, 2)]
    assert "works at all 3 addresses (" in sentence(*here)
    assert "works at all 3 addresses that answer, of 5 (" in sentence(*here, *lost)
    assert "works at both addresses that answer, of 4 (" in sentence(*here[:2], *lost)
    assert "works with mx1.good.example, the only address that answers, of 3 (" in sentence(here[0], *lost)
    bare = spoken(
        (GREETED[0], b"> EHLO a", b"< 250 mx1", *LEFT), host=replace(HOST, name="mx2.good.example", address="11.0.1.9")
    )
    assert "works at 3 of 4 addresses that answer, of 6 (TLS 1.3); mx2.good.example offers none" in sentence(
        *here, bare, *lost
    )
