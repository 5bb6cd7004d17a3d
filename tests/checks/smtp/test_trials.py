"""What it means of a host that a shipped script did not get what it expects, or did."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.refuses_this_sender import refuses_this_sender
from deliverkit.checks.smtp.summary import summarize
from deliverkit.checks.trials import trial_of
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, WayOut
from deliverkit.facts.smtp import Conversations as Held
from deliverkit.observations.smtp import TRUSTED, Handshake, Unmet
from deliverkit.script import load
from deliverkit.script.parsing import parse_script
from tests.building import finding
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, outcome, spoken

DELIVERED = (*GREETED, b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok")
OTHER = replace(HOST, address="11.0.2.25", name="mx2.good.example")


def verdict(script: str, *held: Conversation) -> str:
    facts = {Held: conversations(*held, conversing=Conversing(script)), WayOut: OPEN}
    return summarize(facts, ()).sentence


def test_what_was_smuggled_is_said_first_and_how_to_mend_it() -> None:
    well = spoken((*DELIVERED, *LEFT))
    smuggled = spoken((*DELIVERED, b"> QUIT", b"< 250 2.1.0 Ok"), unmet=[Unmet(29, "221", "250 2.1.0 Ok")])
    said = verdict("smuggling", well, smuggled, smuggled)
    assert said.startswith("mx1.good.example [11.0.1.25]:25 takes what follows a message for commands, ")
    assert said.endswith(", in 2 of 3 conversations.")
    assert verdict("smuggling", well, well).endswith(
        " ends a message at none of 2 spoilt sequences and takes them as text, in 2 conversations."
    )
    found = finding(expectation_unmet, conversations(smuggled, conversing=Conversing("smuggling")))
    assert found.fix is not None
    assert "smtpd_forbid_bare_newline" in found.fix.action
    assert found.evidence[0].note == "wanted 221 (line 29 of smuggling)"


@pytest.mark.parametrize(
    ("script", "unmet", "does"),
    [
        (
            "open-relay",
            Unmet(16, "5xx|4xx", "250 2.1.5 ok"),
            "takes a recipient elsewhere, which is not yet an open relay",
        ),
        ("early-talker", Unmet(13, "4xx|5xx", "220 hello"), "does not mind who talks before it has greeted"),
        ("catch-all", Unmet(19, "5xx", "250 2.1.5 ok"), "takes a recipient that nobody has"),
        ("starttls-required", Unmet(12, "530", "250 ok"), "takes mail without TLS"),
        ("vrfy", Unmet(11, "252|5xx", "250 ada"), "tells strangers whether a mailbox exists"),
        ("size-limit", Unmet(13, "552|452|5xx", "250 ok"), "takes the announcement of a message that is too large"),
        ("open-relay", Unmet(12, "250", "550 no"), ""),
        ("catch-all", Unmet(19, "5xx", "450 greylisted"), ""),
        ("smuggling", Unmet(19, "221", "250 ok"), ""),  # no message was taken before
        ("mine.smtp", Unmet(19, "5xx", "250 ok"), ""),
    ],
)
def test_a_test_that_a_host_fails_says_what_the_host_does(script: str, unmet: Unmet, does: str) -> None:
    one = spoken(unmet=[unmet])
    trial = trial_of(Conversing(script), one, unmet)
    assert (trial.does if trial else "").startswith(does)
    assert (trial is None) == (not does)
    assert (f"mx1.good.example [11.0.1.25]:25 {does}" in verdict(script, one)) or not does
    assert trial_of(Conversing(script, text="< 220"), one, unmet) == trial  # as a case file gives it


def test_octets_in_the_clear_that_are_answered_inside_tls_are_an_injection() -> None:
    unmet = Unmet(17, "250", "502 5.5.2 not known")
    bare = spoken(unmet=[unmet])
    secured = replace(bare, transcript=replace(bare.transcript, handshake=Handshake(version="TLSv1.3")))
    assert trial_of(Conversing("starttls-injection"), bare, unmet) is None
    trial = trial_of(Conversing("starttls-injection"), secured, unmet)
    assert trial is not None
    assert trial.does.startswith("answers inside TLS what was sent in the clear")


@pytest.mark.parametrize(
    ("script", "wanted"),
    [
        ("smuggling", "221"),
        ("starttls-injection", "250"),
        ("open-relay", "5xx|4xx"),
        ("early-talker", "4xx|5xx"),
        ("catch-all", "5xx"),
        ("starttls-required", "530"),
        ("vrfy", "252|5xx"),
        ("size-limit", "552|452|5xx"),
    ],
)
def test_the_scripts_still_want_what_the_trials_go_by(script: str, wanted: str) -> None:
    text = load(script).text
    assert parse_script(text)
    assert any(line.split()[:2] in ([sign, wanted] for sign in ("<", "<+", "<?")) for line in text.splitlines() if line)


def test_a_script_that_gets_all_it_expects_is_said_to() -> None:
    assert verdict("open-relay", spoken()).startswith(
        "mx1.good.example [11.0.1.25]:25 answers as the script open-relay expects: 220 250 221 in "
    )
    assert verdict("probe", spoken(), spoken(host=OTHER)) == ("Both mail hosts answer as the script probe expects.")
    assert " accepted the message: " in verdict("deliver", spoken((*DELIVERED, *LEFT)))
    assert " answers, and no message was sent: 220 250 221 in " in verdict("deliver", spoken())  # --quit-after RCPT
    assert verdict("greet", spoken(), spoken(host=OTHER)) == "Both mail hosts answer."


def test_a_refusal_that_the_script_wanted_is_no_fault_of_the_host() -> None:
    refused = spoken((b"< 521 5.5.1 protocol error",))
    assert outcome(refuses_this_sender, conversations(refused, conversing=Conversing("early-talker"))) == "pass"
    unwanted = spoken((b"< 521 5.5.1 protocol error",), unmet=[Unmet(3, "220", "521 5.5.1 protocol error")])
    assert outcome(refuses_this_sender, conversations(unwanted, conversing=Conversing("probe"))) == "fail"


@pytest.mark.parametrize(
    ("reply", "is_known"),
    [
        (b"521 5.5.1 Protocol error", True),
        (b"554 SMTP synchronization error", True),
        (b"554 mx1 ESMTP not accepting messages", True),
        (b"421 4.3.2 too busy", False),
        (b"554 5.7.1 no mail from you", False),
        (b"550 5.7.1 Helo command rejected", False),
    ],
)
def test_a_no_that_anybody_may_get_does_not_prove_that_early_talk_is_noticed(reply: bytes, *, is_known: bool) -> None:
    refused = spoken((b"> EHLO probe.example", b"< " + reply))
    held = conversations(refused, conversing=Conversing("early-talker"))
    assert outcome(expectation_unmet, held) == ("pass" if is_known else "unknown")
    said = verdict("early-talker", refused, spoken((b"> EHLO probe.example", b"< " + reply), host=OTHER))
    clause = "notices who talks before" if is_known else "says no, perhaps to everybody: that proves nothing"
    assert said.startswith(f"Each of 2 mail hosts {clause}")


def test_a_password_that_was_not_sent_says_why_and_what_to_do() -> None:
    unmet = Unmet(32, f"{TRUSTED}password is sent", "a certificate that is not trusted")
    found = finding(expectation_unmet, conversations(spoken(unmet=[unmet]), conversing=Conversing("submit")))
    assert found.fix is not None
    assert "--in-clear" in found.fix.action
