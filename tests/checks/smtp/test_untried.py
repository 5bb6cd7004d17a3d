"""Addresses of the other version of IP than the one to connect from: they are not tried, and nobody is blamed."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.host_silent import host_silent
from deliverkit.checks.smtp.no_host_answers import no_host_answers
from deliverkit.checks.smtp.summary import summarize
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.model import Check, Outcome
from deliverkit.observations.smtp import End
from tests.building import judged
from tests.commands import run
from tests.spoken import HOST, OPEN, conversations, spoken

IPV6 = replace(HOST, address="2a11:db8:1::25")
WHY = "--source 11.0.9.9 is of IPv4"


def untried() -> Conversation:
    found = spoken((), host=IPV6, end=End.UNTRIED)
    return replace(found, transcript=replace(found.transcript, detail=WHY))


def sentence(*held: Conversation) -> str:
    return summarize({Conversations: conversations(*held), WayOut: OPEN}, ()).sentence


def test_the_verdict_says_which_were_not_tried() -> None:
    told = f"mx1.good.example [2a11:db8:1::25]:25 was not tried, for {WHY}."
    assert sentence(spoken(), untried()) == f"mx1.good.example answers at 1 of 2 addresses. {told}"
    assert sentence(untried()) == f"Cannot tell what the mail hosts say: {told}"


@pytest.mark.parametrize("check", [no_host_answers, host_silent])
def test_nobody_is_blamed(check: Check) -> None:
    found = judged(check, conversations(untried()), OPEN)
    assert (found.outcome, found.findings) == (Outcome.UNKNOWN, ())
    assert any(WHY in reason for reason in found.reasons)


def test_what_answers_over_the_other_version_is_judged() -> None:
    found = judged(host_silent, conversations(spoken(), untried()), OPEN)
    assert found.outcome is Outcome.UNKNOWN
    assert found.reasons == (f"over IPv6 nothing was tried ({WHY}): nothing is said of 2a11:db8:1::25",)
    assert judged(no_host_answers, conversations(spoken(), untried()), OPEN).outcome is Outcome.PASS


def test_the_control_is_not_asked_for_what_was_not_tried() -> None:
    assert conversations(spoken(), untried()).unreached == frozenset()
    assert conversations(spoken((), end=End.TIMEOUT), untried()).unreached == {4}


def test_a_host_of_which_no_address_can_be_tried_is_not_known() -> None:
    shown = run("smtp", "localhost:25", "--source", "::1", "--resolver", "127.0.0.1")
    assert shown.returncode == 3
    assert shown.stdout.startswith(
        "Cannot tell what the mail hosts say: localhost [127.0.0.1]:25 was not tried, for --source ::1 is of IPv6.\n"
    )
    assert "error" not in shown.stdout


def test_a_socket_is_connected_to_from_no_address() -> None:
    shown = run("smtp", "unix:/run/none", "--source", "127.0.0.1")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "unix:/run/none is connected to from no address: leave --source out" in shown.stderr
