"""What a reply means, and who is proved to have said it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.checks.remedies import fix_for
from deliverkit.knowledge.pasted import MOST_CHARACTERS, host_in, parse_pasted
from deliverkit.knowledge.reading import read_toml
from deliverkit.knowledge.replies import Reading, Remedy, read_reply
from deliverkit.render.look import Look
from deliverkit.render.reply import render_reading
from deliverkit.standards.smtp.enhanced_status import find_enhanced_status
from deliverkit.standards.smtp.reply import meaning


def _read(text: str, host: str = "") -> Reading:
    reply = parse_pasted(text)
    assert reply is not None
    return read_reply(reply, host or host_in(text))


@pytest.mark.parametrize(
    ("text", "host", "speaker", "said"),
    [
        ("550-5.7.26 due to domain's DMARC policy 550 5.7.26 see https://x - gsmtp", "", "Gmail", "DMARC policy"),
        ("550 5.7.26 Unauthenticated, SPF hard fail - gsmtp", "", "Gmail", "ends in -all"),
        ("550 5.7.26 Unauthenticated - gsmtp", "", "Gmail", "neither SPF nor DKIM"),
        ("550 5.7.27 did not pass", "mx.google.com", "Gmail", "SPF did not pass"),
        ("550 5.7.606 Access denied, banned sending IP, https://sender.office.com/", "", "Microsoft 365", "banned"),
        ("421 4.7.0 [TSS04] Messages temporarily deferred", "", "Yahoo", "volume"),
        ("504 5.7.40 unrecognised", "smtp.google.com", "Gmail", "signing in"),
        ("550 5.7.40 no record", "smtp.google.com", "Gmail", "no DMARC record"),
        ("554 5.7.1 [HME1] Message rejected", "", "iCloud", "both failed"),
        ("550 SC-002 (mail.example) sent by hotmail.com", "", "Outlook.com", "harvesting"),
    ],
)
def test_the_speaker_decides(text: str, host: str, speaker: str, said: str) -> None:
    reading = _read(text, host)
    assert reading.speaker == speaker
    assert said in reading.meanings[0].meaning


def test_without_a_proved_speaker_every_reading_is_given() -> None:
    shown = render_reading(_read("550 5.7.27 no"), Look())
    assert "null MX" in shown
    assert "If Gmail said it: SPF did not pass." in shown


@pytest.mark.parametrize(
    ("text", "speaker", "said"),
    [("550 5.7.606 no", "Microsoft 365", "is banned"), ("5.7.515", "Outlook.com", "more than 5,000 messages a day")],
)
def test_a_code_that_providers_alone_know_is_read_as_theirs_first(text: str, speaker: str, said: str) -> None:
    first, *others = render_reading(_read(text), Look()).splitlines()
    assert first.startswith(f"The host refused it for good; if {speaker} said it: ")
    assert said in first
    assert "is in no registry" in others[0]
    assert not any("ask postmaster" in line for line in others)


def test_gmails_words_about_spf_and_dkim_name_the_domain_that_stands_in_them() -> None:
    results = "Authentication results: DKIM = did not pass SPF [example.com] with ip: [192.0.2.1] = did not pass"
    gmail = _read(f"550-5.7.26 Gmail requires all senders to authenticate with either SPF or DKIM. {results}")
    anybody = _read(f"550-5.7.26 refused. {results}", "mx1.good.example")
    assert (gmail.speaker, anybody.speaker) == ("Gmail", "")
    for reading in (gmail, anybody):
        assert reading.remedy is not None
        assert "deliverkit spf example.com --ip 192.0.2.1; deliverkit dkim example.com" in reading.remedy.do


def test_a_known_host_outweighs_what_the_text_says() -> None:
    assert _read("550 5.7.1 go to support.google.com", "mx1.good.example").speaker == ""


def test_policy_alone_is_nobodys() -> None:
    assert _read("550 5.7.1 refused").meanings == ()


def test_out_of_a_log_line() -> None:
    reading = _read(
        "host mx1.x.example[11.0.1.25]:25 said: 554 5.7.1 <a@b.example>: Relay access denied (in reply to RCPT)"
    )
    assert (reading.reply.code, reading.reply.enhanced) == (554, "5.7.1")
    assert "does not take mail for this recipient's domain" in reading.meanings[0].meaning


def test_a_temporary_code_is_tried_again_whatever_the_cause() -> None:
    assert "tries again by itself" in render_reading(_read("450 4.1.1 user unknown"), Look())


def test_hostile_text_is_spelt_out() -> None:
    shown = render_reading(_read("550 5.7.1 \x1b[2J spam \u202e"), Look(width=60))
    assert re.fullmatch(r"[ -~\n]+", shown)


@pytest.mark.parametrize("text", ["", "hello", "12.34.56.78", "RFC 9989"])
def test_no_reply(text: str) -> None:
    assert parse_pasted(text) is None


@given(st.text(max_size=300), st.text(max_size=20))
def test_any_text_is_read(text: str, host: str) -> None:
    reply = parse_pasted(text)
    if reply is not None:
        assert render_reading(read_reply(reply, host), Look())


def test_a_huge_text_is_cut() -> None:
    reply = parse_pasted("550 " + "a " * 1_000_000)
    assert reply is not None
    assert sum(map(len, reply.text)) <= MOST_CHARACTERS


def test_a_blocklist_with_spam_in_its_name_is_no_filter_for_spam() -> None:
    for name in ("zen.spamhaus.org", "bl.spamcop.net"):
        reply = parse_pasted(f"554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using {name}")
        assert reply
        assert "lists the sending address" in {one.speaker: one for one in read_reply(reply).meanings}[""].meaning


def test_a_code_alone_says_what_to_do_where_the_registry_knows_it() -> None:
    assert _read("550 5.1.1 no").remedy == Remedy("the sender's", "correct the address, or take it off the list")
    assert "do          correct the address" in render_reading(_read("550 5.1.1 no"), Look())
    assert _read("550 5.7.1 no").remedy is None
    assert _read("550 no").remedy is None


def test_what_is_proved_says_more_than_the_code() -> None:
    by_text = _read("550 5.7.26 its DMARC policy is reject").remedy
    assert by_text is not None
    assert by_text.do.startswith("sign with DKIM as the From domain")


def test_where_the_provider_is_not_proved_each_reading_has_its_own_remedy() -> None:
    unproved = _read("550 5.7.27 no")  # SPF at Gmail, a null MX in the registry: who says it is not known
    fix = fix_for(unproved)
    assert fix is not None
    assert re.fullmatch(
        r"the sender's job: deliverkit mx DOMAIN: .*; "
        r"if Gmail says it, the sender's job: deliverkit spf DOMAIN --ip ADDRESS.*",
        fix.action,
    )
    shown = render_reading(unproved, Look())
    assert shown.count("whose job") == shown.count("retry") == shown.count("  do ") == 2
    assert shown.index("deliverkit mx DOMAIN") < shown.index("If Gmail said it") < shown.index("deliverkit spf DOMAIN")


def test_each_remedy_is_for_a_code_of_the_registry() -> None:
    table = read_toml("replies.toml")["remedy"]
    codes = [entry["about"] for entry in table]
    assert len(set(codes)) == len(codes)
    found = [find_enhanced_status(f"5.{code}") for code in codes if "." in code]
    assert all(status is not None and status.registered for status in found)
    assert all(meaning(int(code)) != meaning(499 if code[0] == "4" else 599) for code in codes if "." not in code)


@pytest.mark.parametrize(
    ("text", "do"),
    [
        (
            "550-5.7.26 Unauthenticated email from good.example is not accepted due to domain's DMARC policy - gsmtp",
            "deliverkit dmarc good.example shows",
        ),
        ("550 5.7.26 unauthenticated mail from good.example is not accepted: its DMARC policy", "dmarc good.example"),
        ("450 4.1.8 <a@nx.example>: Sender address rejected: Domain not found", "deliverkit mx nx.example,"),
        ("550-5.7.26 The MAIL FROM domain [x.example] has an SPF record with a hard fail", "deliverkit spf x.example "),
        ("550 5.7.26 Unauthenticated email from $(rm -r) is not accepted due to domain's DMARC policy", "dmarc DOMAIN"),
        (
            (
                "550-5.7.26 The MAIL FROM domain [x.example] has an SPF record with a hard fail\n"
                "550 5.7.26 policy (-all) but it fails to pass SPF checks with the ip: [198.51.100.7]."
            ),
            "deliverkit spf x.example --ip 198.51.100.7 shows why",
        ),
        (
            (
                "550 5.7.23 <b@y.example>: Recipient address rejected: SPF fail - not authorized. "
                "See http://www.openspf.net/Why?s=mfrom;id=a%40x.example;ip=2001:db8::25;r=mx.y.example"
            ),
            "deliverkit spf DOMAIN --ip 2001:db8::25",
        ),
        ("550 SPF: 192.0.2.222 is not allowed to send from <x.example>", "spf DOMAIN --ip 192.0.2.222,"),
        ("550 5.7.1 SPF fail: domain of x.example does not designate 192.0.2.9 as permitted sender", "--ip 192.0.2.9,"),
        ("550 5.7.23 SPF fail, see http://192.0.2.80/spf and ip: 999.2.0.1", "--ip ADDRESS"),
        ("550 5.1.2 bad destination", "deliverkit mx DOMAIN shows"),
        ("550 5.7.1 no", "ask postmaster@DOMAIN, with the whole reply"),
        ("550", "ask postmaster@DOMAIN, with the whole reply"),
        ("450 no", "wait; a mail server comes back by itself; if it goes on, ask postmaster@DOMAIN"),
        ("454 4.7.0 TLS not available due to local problem", "look for the cause in the host's log"),
        (
            "553 5.7.1 <a@b.example>: Sender address rejected: not owned by user ada",
            "send as the user who is signed in",
        ),
        ("554 5.7.1 <unknown[192.0.2.1]>: Client host rejected: Access denied", "sign in first; else ask postmaster@"),
        ("550 5.1.1 <a@b.example>: Recipient address rejected: undeliverable address: host x said no", "correct the"),
        ("450 4.1.1 <a@b.example>: Recipient address rejected: unverified address: in progress", "wait; a mail"),
        ("421 4.4.2 mx.example Error: timeout exceeded", "send without a break between commands"),
        ("550 Verification failed for <a@b.example>", "let the Return-Path's mailbox exist"),
        ("451 Temporary local problem - please try later", "ask postmaster@DOMAIN"),
        ("535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled", "allow SMTP AUTH for this"),
        ("503 5.5.1 nested MAIL", "look in the conversation for what was said before"),
        ("535 no", "give the right user and password"),
    ],
)
def test_each_refusal_says_what_to_do_and_names_the_domain_where_it_is_known(text: str, do: str) -> None:
    shown = render_reading(_read(text), Look())
    assert do in " ".join(shown.split())
    assert "whose job" in shown
    assert "{" not in shown


@pytest.mark.parametrize("text", ["250 2.1.5 ok", "354 go on"])
def test_what_is_no_refusal_is_nobodys_job(text: str) -> None:
    shown = render_reading(_read(text), Look())
    assert "whose job" not in shown
    assert "  do " not in shown


def test_an_exact_code_counts_for_more_than_a_range_that_holds_it() -> None:
    assert "poor reputation" in _read("550 5.7.708 denied", "x.prod.protection.outlook.com").meanings[0].meaning
    assert "over its threshold" in _read("550 5.7.705 denied", "x.prod.protection.outlook.com").meanings[0].meaning


def test_a_source_fits_a_narrow_terminal() -> None:
    shown = render_reading(_read("550 5.7.26 fails its DMARC policy"), Look(width=50))
    assert max(map(len, shown.splitlines())) <= 50
