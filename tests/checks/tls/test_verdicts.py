"""The verdicts on TLS are kept apart: a bad certificate is never "no TLS", and what was not tried is not bad."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from deliverkit.checks.tls.certificate_ends_soon import SOON
from deliverkit.checks.tls.no_starttls import no_starttls
from deliverkit.checks.tls.starttls_fails import starttls_fails
from deliverkit.checks.tls.summary import summarize
from deliverkit.checks.tls.weak_certificate import _weak_key, _weak_signature
from deliverkit.checks.tls.wording import verdicts
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.lab.world import load
from deliverkit.script import fill, format_script
from deliverkit.script import load as load_script
from deliverkit.standards.certificates import Certificate
from tests.judging import Judged, judge
from tests.spoken import GREETED, LEFT, conversations, outcome, spoken

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CERTIFICATE = Certificate("a", "b", ("mx1.good.example",), NOW, NOW, "RSA-2048", "sha256", is_self_signed=False)


def of_mx2(judged: Judged) -> Conversation:
    found = judged.report.fact(Conversations)
    assert isinstance(found, Conversations)
    [one] = [one for one in found.held if one.host.address == "11.0.2.25"]
    return one


@pytest.mark.parametrize(
    ("world", "good"),
    [
        ("smtp-good", (True, True, True, True)),
        ("tls-none", (False, None, None, None)),
        ("tls-refused", (True, False, None, None)),
        ("tls-handshake-fails", (True, False, None, None)),
        ("tls-handshake-cut-off", (True, False, None, None)),
        ("tls-old", (True, True, True, True)),
        ("tls-certificate-expired", (True, True, False, True)),
        ("tls-certificate-early", (True, True, False, True)),
        ("tls-certificate-self-signed", (True, True, False, True)),
        ("tls-certificate-no-chain", (True, True, False, True)),
        ("tls-certificate-unknown-authority", (True, True, False, True)),
        ("tls-certificate-wrong-name", (True, True, True, False)),
        ("smtp-hangs-up", (None, None, None, None)),
        ("smtp-ehlo-refused", (False, None, None, None)),
    ],
)
def test_each_verdict_is_its_own(world: str, good: tuple[bool | None, ...]) -> None:
    judged = judge(load(world))
    assert tuple(word.is_good for word in verdicts(of_mx2(judged)).by_name.values()) == good
    sentence = judged.report.verdicts["tls"].sentence
    assert ("none" in sentence or "no TLS" in sentence) is (good[0] is False)


def test_the_name_is_not_judged_where_the_host_was_named_by_its_address() -> None:
    one = of_mx2(judge(load("tls-certificate-wrong-name")))
    told = one.transcript
    assert told.handshake
    call, shake = told.call._replace(host=one.host.address), told.handshake._replace(server_name=one.host.address)
    by_address = Conversation(replace(one.host, name=one.host.address), replace(told, call=call, handshake=shake))
    assert verdicts(by_address).name.is_good is None
    assert "named by its address" in verdicts(by_address).name.words


def test_tls_that_is_offered_and_not_tried_is_not_known() -> None:
    assert tuple(word.is_good for word in verdicts(spoken(GREETED)).by_name.values()) == (True, None, None, None)


@pytest.mark.parametrize(
    ("key", "signature", "weak"),
    [
        ("RSA-2048", "sha256", 0),
        ("RSA-1024", "sha256", 1),
        ("RSA-1024", "sha1", 2),
        ("EC-256", "md5", 1),
        ("EC-192", "sha256", 1),
        ("Ed25519", "", 0),
        ("DSAPublicKey", "sha256", 0),
    ],
)
def test_short_keys_and_old_hashes_are_weak(key: str, signature: str, weak: int) -> None:
    shown = replace(CERTIFICATE, key=key, signature=signature)
    assert len([*_weak_key(shown), *_weak_signature(shown)]) == weak


def test_soon_is_two_weeks() -> None:
    assert SOON == 14


ASKED = "< 220\n> EHLO a.example\n< 250\n"
FILLED = format_script(fill(load_script("probe").script, {"mx": ("mx1.good.example",), "rcpt": ("a@b.example",)})[0])


@pytest.mark.parametrize(
    ("script", "said"),
    [
        (ASKED, "not-applicable"),
        (f"{ASKED}starttls\n", "unknown"),
        (f"{ASKED}> STARTTLS\n< 220\ntls\n", "unknown"),
        (f"{ASKED}if offered STARTTLS {{\n  starttls\n}}\n", "unknown"),
        (f"set no_tls = yes\n{ASKED}if not set no_tls {{\n  starttls\n}}\n", "not-applicable"),
        (FILLED, "unknown"),
        ("", "unknown"),
        ("what is no script", "unknown"),
    ],
)
def test_a_script_that_never_meant_to_speak_tls_leaves_nothing_untold(script: str, said: str) -> None:
    told = spoken((*GREETED, *LEFT))
    one = replace(told, transcript=replace(told.transcript, call=told.transcript.call._replace(script=script)))
    assert outcome(starttls_fails, conversations(one)) == said


@pytest.mark.parametrize(
    ("script", "said"),
    [("< 220\n> HELO a.example\n< 250\n", "not-applicable"), (ASKED, "unknown"), ("", "unknown")],
)
def test_a_host_that_was_never_asked_what_it_offers_is_not_said_to_offer_no_tls(script: str, said: str) -> None:
    told = spoken((b"< 220 mx1.good.example", b"> HELO a.example", b"< 250 mx1.good.example", *LEFT))
    one = replace(told, transcript=replace(told.transcript, call=told.transcript.call._replace(script=script)))
    assert outcome(no_starttls, conversations(one)) == said
    assert summarize({Conversations: conversations(one)}, ()).sentence == ""


def test_a_host_without_starttls_that_is_asked_for_it_all_the_same_is_counted_once() -> None:
    bare = (b"< 220 mx1.good.example", b"> EHLO a.example", b"< 250 mx1.good.example")
    refused = spoken((*bare, b"> STARTTLS", b"< 502 5.5.1 not implemented", *LEFT))
    assert summarize({Conversations: conversations(refused)}, ()).sentence == (
        "No mail host offers TLS: mail travels in the clear."
    )
