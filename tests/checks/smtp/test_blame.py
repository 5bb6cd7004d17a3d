"""Whose fault it is that an expectation was not met: the host's, the script's, an option's; and of which recipient."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.conversation_cut_off import conversation_cut_off
from deliverkit.checks.smtp.endless_reply import endless_reply
from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.wording import codes, ending, said
from deliverkit.clients.smtp.authentication import MECHANISMS
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation
from deliverkit.model import Evidence, Finding
from deliverkit.observations.smtp import End, Unmet
from deliverkit.script.filling import BEARER, BY_PASSWORD
from deliverkit.standards.smtp.extensions import Extension, looked_for
from tests.building import finding, judged
from tests.spoken import GREETED, HOST, LEFT, conversations, outcome, spoken

OFFERED = (
    b"< 220 mx1.good.example",
    b"> EHLO probe.example",
    b"< 250-mx1.good.example",
    b"< 250-SIZE 1000",
    b"< 250 AUTH PLAIN LOGIN",
)
HELLO = "250 mx1.good.example SIZE 1000 AUTH PLAIN LOGIN"
OPTIONS = "if set chunked {\n}\nif set dsn {\n}\nauth {mechanism}\n"


def asked(wanted: str, got: str = HELLO, *, script: str = "", lines: tuple[bytes, ...] = ()) -> Conversation:
    """A conversation whose third line was not met."""
    left = () if got.startswith("354") else LEFT  # which would be taken for the message's
    one = spoken((*OFFERED, *lines, *left), unmet=[Unmet(3, wanted, got)])
    return replace(one, transcript=replace(one.transcript, call=one.transcript.call._replace(script=script)))


def told(one: Conversation, script: str) -> Finding:
    return finding(expectation_unmet, conversations(one, conversing=Conversing(script)))


@pytest.mark.parametrize(
    ("text", "extension"),
    [
        ("^CHUNKING$", Extension("CHUNKING")),
        ("^SIZE( |$)", Extension("SIZE")),
        ("^AUTH[ =]", Extension("AUTH")),
        ("^auth .*plain", Extension("AUTH", "PLAIN")),
        ("AUTH=LOGIN", Extension("AUTH", "LOGIN")),
        ("starttls", Extension("STARTTLS")),
        ("^X-OWN$", Extension("X-OWN")),
        ("X-OWN", None),
        ("^mx1", None),
        ("ESMTP", None),
        ("^(SIZE|DSN)$", None),
        ("^SIZE [1-9]", None),
        ("AUTH PLAIN LOGIN", None),
        ("", None),
    ],
)
def test_what_a_text_looks_for_is_an_extension_or_something_else(text: str, extension: Extension | None) -> None:
    assert looked_for(text) == extension


@pytest.mark.parametrize(
    ("wanted", "lacking"),
    [
        ("250 /^CHUNKING$/", "CHUNKING"),
        ('2xx "dsn" within 5s', "DSN"),
        ("250 /^SIZE/ /^DSN$/", "DSN"),
        ("250 /^AUTH .*CRAM-MD5/", "AUTH CRAM-MD5"),
        ("SMTPUTF8 offered, before a command beyond ASCII", "SMTPUTF8"),
    ],
)
def test_what_a_host_does_not_offer_is_told_by_its_name(wanted: str, lacking: str) -> None:
    one = asked(wanted)
    assert ending(one) == f"answers, but does not offer {lacking}; line 3 wants it"
    found = told(one, "my.smtp")
    assert found.message.endswith(f" does not offer {lacking}, which line 3 of the script my.smtp wants")
    assert found.evidence == (Evidence(HOST.endpoint, note="offers SIZE 1000, AUTH PLAIN LOGIN"),)
    assert found.fix is not None
    assert found.fix.action.endswith("; or, where it is right, change line 3 of the script my.smtp")
    shipped = told(one, "size-limit")
    assert shipped.message.endswith(f" does not offer {lacking}, which the script size-limit wants")


@pytest.mark.parametrize(
    ("wanted", "given", "without"),
    [("250 /^CHUNKING$/", "chunked", "leave --chunking out"), ("250 /^DSN$/", "dsn", "leave --dsn out")],
)
def test_an_option_that_a_host_cannot_follow_is_left_out(wanted: str, given: str, without: str) -> None:
    one = asked(wanted, script=f'{OPTIONS}given {given} = "x"\n')
    assert ending(one).endswith(f"; {without}")
    found = told(one, "deliver")
    assert found.fix is not None
    assert found.fix.action == without
    for script in (OPTIONS, f'given {given} = "x"\n'):  # the script asks for it by itself
        assert ending(asked(wanted, script=script)).endswith("; line 3 wants it")


def test_only_mechanisms_that_can_be_chosen_are_advised() -> None:
    assert {*BY_PASSWORD, *BEARER} == set(MECHANISMS)
    lines = (*OFFERED[:-1], b"< 250 AUTH NTLM GSSAPI login", b"> AUTH PLAIN", b"< 504 no", *LEFT)
    one = spoken(lines, unmet=[Unmet(3, "235", "504 no")])
    chosen = replace(one, transcript=replace(one.transcript, call=one.transcript.call._replace(script=OPTIONS)))
    assert ending(chosen).endswith("; choose one that it offers: --auth login")


@pytest.mark.parametrize(
    ("lines", "is_lacking"),
    [
        ((b"> AUTH XOAUTH2", b"< 504 5.5.4 no"), True),
        ((b"> AUTH XOAUTH2", b"< 535 5.7.8 no"), False),
        ((b"> AUTH PLAIN x", b"< 504 5.5.4 no"), False),
    ],
)
def test_a_way_of_signing_in_that_is_not_offered_is_chosen_anew(lines: tuple[bytes, ...], *, is_lacking: bool) -> None:
    one = asked("235", lines[1].decode()[2:], lines=lines, script=OPTIONS)
    assert ("does not offer AUTH XOAUTH2; choose one that it offers: --auth plain or login" in ending(one)) is (
        is_lacking
    )
    assert ending(one).startswith("refuses AUTH: ") is not is_lacking


@pytest.mark.parametrize(
    ("wanted", "got", "lines"),
    [
        ("250 /^SIZE$/", HELLO, ()),  # it offers that, and the line wants more
        ("250 /^DSN$/", "250 ok", (b"> NOOP", b"< 250 ok")),  # no answer to EHLO
        ("220 to STARTTLS", "454 4.7.0 not now", (b"> STARTTLS", b"< 454 4.7.0 not now")),
        ("251 /^DSN$/", HELLO, ()),  # another code is wanted, too
        ("250 /^(DSN$/", HELLO, ()),
        ("250 x\n> QUIT", HELLO, ()),
    ],
)
def test_where_it_is_not_known_nobody_is_blamed(wanted: str, got: str, lines: tuple[bytes, ...]) -> None:
    one = asked(wanted, got, lines=lines)
    if "STARTTLS" in wanted:
        assert "does not offer STARTTLS" in ending(one)
    else:
        assert "offer" not in ending(one)
        assert ending(one).startswith("answers; ")


def test_a_host_that_offers_starttls_and_refuses_it_is_refusing() -> None:
    lines = (*GREETED, b"> STARTTLS", b"< 454 4.7.0 not now", *LEFT)
    one = spoken(lines, unmet=[Unmet(3, "220 to STARTTLS", "454 4.7.0 not now")])
    assert ending(one).startswith("refuses STARTTLS for now: 454 4.7.0 not now")


@pytest.mark.parametrize(
    ("wanted", "got", "lines", "answers"),
    [
        ("220", HELLO, (), "EHLO with 250"),
        ("250", "220 mx1.good.example", (), "the connection with 220"),
        ("250", "354 go", (b"> DATA", b"< 354 go"), "DATA with 354"),
        ("299|23x", "250 ok", (b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok"), "the message with 250"),
    ],
)
def test_a_script_that_wants_what_no_host_says_is_at_fault(
    wanted: str, got: str, lines: tuple[bytes, ...], answers: str
) -> None:
    one = asked(wanted, got, lines=lines)
    words = f"; the script is at fault: line 3 wants {wanted}, and a host answers {answers} (RFC 5321 §4.3.2)"
    assert ending(one).endswith(words)
    found = told(one, "my.smtp")
    assert f"is not at fault: a host answers {answers}, and the script my.smtp wants something else" in found.message
    assert found.fix is not None
    assert found.fix.action == "change line 3 of the script my.smtp"


@pytest.mark.parametrize(
    ("wanted", "got", "lines"),
    [
        ("5xx", "250 ok", (b"> RCPT TO:<a@b.example>", b"< 250 ok")),  # who wants a refusal tests the host
        ("250 2.1.*", "250 ok", (b"> RCPT TO:<a@b.example>", b"< 250 ok")),
        ("221", "250 stay", (b"> QUIT", b"< 250 stay")),  # it is the host that is wrong
        ("299", "250 ok", (b"> XYZ", b"< 250 ok")),
    ],
)
def test_what_came_otherwise_is_told_without_blame(wanted: str, got: str, lines: tuple[bytes, ...]) -> None:
    one = asked(wanted, got, lines=lines)
    assert ending(one).endswith(f"; line 3 wants {wanted}, got {got}")
    fix = told(one, "my.smtp").fix
    assert fix is not None
    assert fix.action == "mend the host; or, where it is right, change line 3 of the script my.smtp"


def test_a_script_that_cannot_go_on_is_not_the_hosts_fault() -> None:
    one = asked("a value for {x}", "none")
    assert ending(one) == "answers; the script itself cannot go on: line 3 wants a value for {x}, got none"


def rcpt(*replies: str) -> list[bytes]:
    """RCPT for r0@b.example, r1@b.example …, with their replies."""
    return [
        line
        for number, reply in enumerate(replies)
        for line in (f"> RCPT TO:<r{number}@b.example>".encode(), f"< {reply}".encode())
    ]


def test_of_several_recipients_the_one_that_was_refused_is_named_by_its_command() -> None:
    no = "550 5.1.1 no such user"
    unmet = [Unmet(88, "250|251", no), Unmet(88, "250|251", no)]
    lines = (*GREETED, *rcpt("250 ok", no, "250 ok", no), b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok", *LEFT)
    one = spoken(lines, unmet=unmet)
    assert ending(one).startswith("accepted the message for 2 of 4 recipients, but refuses RCPT TO:<r1@b.example>: 550")
    found = told(one, "deliver")
    assert found.message.endswith(" refuses RCPT; it takes 2 of 4 recipients")
    assert found.evidence == (
        Evidence(f"got {no} (to RCPT TO:<r1@b.example>)"),
        Evidence(f"got {no} (to RCPT TO:<r3@b.example>)"),
        Evidence("wanted 250|251 (line 88 of deliver)"),
    )


def test_a_recipient_whom_the_host_names_or_who_is_the_only_one_is_not_named_twice() -> None:
    named = "550 5.1.1 <R1@b.example> is not known here"
    one = spoken((*GREETED, *rcpt("250 ok", named), *LEFT), unmet=[Unmet(88, "250|251", named)])
    assert ending(one).startswith("refuses RCPT: 550 5.1.1 <R1@b.example>")
    assert told(one, "deliver").evidence == (Evidence(f"got {named}", note="wanted 250|251 (line 88 of deliver)"),)
    only = spoken((*GREETED, *rcpt("550 5.1.1 no"), *LEFT), unmet=[Unmet(88, "250|251", "550 5.1.1 no")])
    assert ending(only).startswith("refuses RCPT: 550")
    assert told(only, "deliver").message == f"{HOST.endpoint} refuses RCPT TO:<r0@b.example> with 550"
    none = spoken((*GREETED, *rcpt("550 5.1.1 no", "550 5.1.1 no"), *LEFT), unmet=only.transcript.unmet * 2)
    assert told(none, "deliver").message.endswith("; it takes none of 2 recipients")


_WHOLE = (*GREETED, *rcpt("250 ok"), b"> DATA", b"< 354 go", b"> x\r\n.")


@pytest.mark.parametrize(
    ("end", "does", "fix"),
    [
        (End.HUNG_UP, "hangs up after the whole message; it may have taken the message, and a sender sends it again",
         "look in the host's log for why it ends"),
        (End.SILENT, "falls silent after the whole message; it may have taken the message, and a sender sends it again",
         "see whether it is only slow, with --patience 300 as senders have"),
    ],
)  # fmt: skip
def test_what_a_host_cuts_off_is_told_once_with_advice_that_is_right(end: End, does: str, fix: str) -> None:
    held = conversations(
        spoken(_WHOLE, end=end, unmet=[Unmet(109, "250 within 10m", "nothing: gone")]), conversing=Conversing("deliver")
    )
    found = finding(expectation_unmet, held)
    assert found.message == f"{HOST.endpoint} {does}"
    assert found.evidence == (Evidence("got nothing: gone", note="wanted 250 (line 109 of deliver)"),)
    assert found.fix is not None
    assert found.fix.action.startswith(fix)
    other = judged(conversation_cut_off, held)
    assert (str(other.outcome), other.findings) == ("not-applicable", ())
    assert f"SMTP002 tells that {HOST.endpoint} {does}" in " ".join(other.reasons)


def test_a_script_that_gives_little_time_is_changed_before_the_host_is_blamed() -> None:
    one = spoken(_WHOLE, end=End.SILENT, unmet=[Unmet(9, "250 within 1s", "nothing: gone")])
    fix = told(one, "my.smtp").fix
    assert fix is not None
    assert fix.action.startswith("see whether it is only slow, with more time in line 9 (within 5m), and in --patience")


def test_what_is_cut_off_behind_the_script_or_for_greet_is_told_by_the_check_for_that() -> None:
    cut = spoken(_WHOLE, end=End.HUNG_UP)
    assert outcome(conversation_cut_off, conversations(cut, conversing=Conversing("mine"))) == "fail"
    unmet = spoken(GREETED, end=End.HUNG_UP, unmet=[Unmet(5, "250", "nothing: gone")])
    assert outcome(conversation_cut_off, conversations(unmet)) == "fail"
    assert outcome(expectation_unmet, conversations(unmet)) == "pass"


def test_no_line_is_to_be_changed_for_a_host_that_says_too_much() -> None:
    one = spoken((b"< 220-on",), end=End.FLOODED, unmet=[Unmet(1, "220", "nothing: a reply of more than 256 lines")])
    found = told(one, "deliver")
    assert (found.message, found.fix) == (f"{HOST.endpoint} said more than a conversation may hold", None)
    assert outcome(endless_reply, conversations(one, conversing=Conversing("deliver"))) == "fail"


def test_a_reply_without_a_code_is_told_without_one() -> None:
    one = spoken((b"< hello", b"> EHLO a", b"< 250 ok", *LEFT))
    assert codes(one).startswith("? 250 221 in ")
    assert said(one.exchanges[0]) == "hello"
