"""What is a fault of a conversation, and what only looks like one."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from deliverkit.checks.smtp.conversation_cut_off import conversation_cut_off
from deliverkit.checks.smtp.expectation_unmet import expectation_unmet
from deliverkit.checks.smtp.greeting_names_another_host import greeting_names_another_host
from deliverkit.checks.smtp.host_silent import host_silent
from deliverkit.checks.smtp.hosts_offer_different_things import hosts_offer_different_things
from deliverkit.checks.smtp.malformed_reply import malformed_reply
from deliverkit.checks.smtp.no_host_answers import no_host_answers
from deliverkit.checks.smtp.refuses_this_sender import refuses_this_sender
from deliverkit.checks.smtp.sign_in_in_the_clear import sign_in_in_the_clear
from deliverkit.checks.smtp.slow_greeting import SLOW, slow_greeting
from deliverkit.checks.smtp.speaks_out_of_turn import speaks_out_of_turn
from deliverkit.checks.smtp.summary import summarize
from deliverkit.checks.smtp.talks_after_quit import talks_after_quit
from deliverkit.checks.smtp.wording import ending, reply_meaning
from deliverkit.checks.tls.no_starttls import no_starttls
from deliverkit.checks.tls.starttls_fails import starttls_fails
from deliverkit.cli.interrupted import cut_short
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversations, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Fix
from deliverkit.observations.smtp import End, Handshake, Unmet
from deliverkit.script.matching import describe
from deliverkit.standards.smtp.reply import meaning, parse_reply
from tests.building import finding
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, large, outcome, spoken

DEAD = spoken((), host=replace(HOST, address="11.0.2.25"), end=End.TIMEOUT)
DEAD_OVER_IPV6 = spoken((), host=replace(HOST, address="2a11:db8:1::25"), end=End.UNREACHABLE)


@pytest.mark.parametrize(("ipv6", "said"), [(True, "fail"), (False, "unknown"), (None, "unknown")])
def test_a_host_is_blamed_for_silence_only_where_others_answer(*, ipv6: bool | None, said: str) -> None:
    held = conversations(spoken(), DEAD_OVER_IPV6)
    assert outcome(host_silent, held, WayOut(ipv4=True, ipv6=ipv6)) == said


def test_a_silent_host_is_a_fault_beside_others_and_none_of_its_own_where_all_are() -> None:
    assert "11.0.2.25" in finding(host_silent, conversations(spoken(), DEAD), OPEN).message
    assert outcome(host_silent, conversations(DEAD), OPEN) == "not-applicable"
    assert outcome(no_host_answers, conversations(DEAD), OPEN) == "fail"
    assert outcome(no_host_answers, conversations(DEAD), WayOut(ipv4=False, ipv6=None)) == "unknown"


@pytest.mark.parametrize(
    ("reply", "fix"),
    [
        ("550 5.1.1 not here", "the sender's job: correct the address, or take it off the list"),
        ("550 5.7.1 no", "ask postmaster@y.example, with the whole reply"),
        ("451 4.7.1 no", "wait; a mail server comes back by itself; if it goes on, ask postmaster@y.example,"),
        ("550 5.7.23 no", "the sender's job: deliverkit spf sender.example --ip ADDRESS"),
        ("550 5.7.1 fails its DMARC policy", "the sender's job: sign with DKIM as the From domain; deliverkit dmarc x"),
        ("250 2.1.5 ok", "mend the host; or, where it is right, change line 7 in a copy of the script: deliverkit"),
    ],
)
def test_a_reply_that_a_script_did_not_expect_says_what_to_do_and_whose_job_it_is(reply: str, fix: str) -> None:
    begun = (b"> MAIL FROM:<bob@sender.example>", b"< 250 ok", b"> RCPT TO:<a@b@y.example>", f"< {reply}".encode())
    message = (
        b"> DATA",
        b"< 354 go",
        b"> From: Bob\r\n <bob@x.example>\r\n\r\nFrom: nobody@z.example\r\n.",
        b"< 250 ok",
    )
    told = spoken((*GREETED, *begun, *message, *LEFT), unmet=[Unmet(7, "2xx", reply)])
    found = finding(expectation_unmet, conversations(told))
    assert found.fix is not None
    assert found.fix.action.startswith(fix)


@pytest.mark.parametrize("reply", ["500 5.5.2 what?", "502 5.5.1 no", "501 no", "503 5.5.1 no"])
@pytest.mark.parametrize(
    ("verb", "fix"),
    [
        ("QUIT", "have the host answer QUIT with 221 (RFC 5321 §4.1.1.10); no mail is lost by it"),
        ("RSET", "the receiving side's job: let the host answer RSET with 250, as every host has to (RFC 5321)"),
        ("NOOP", "the receiving side's job: let the host answer NOOP with 250, as every host has to (RFC 5321)"),
    ],
)
def test_a_host_that_does_not_know_a_command_that_every_host_has_is_mended_itself(
    reply: str, verb: str, fix: str
) -> None:
    told = spoken((*GREETED, f"> {verb}".encode(), f"< {reply}".encode()), unmet=[Unmet(7, "2xx", reply)])
    assert finding(expectation_unmet, conversations(told)).fix == Fix(fix)


def test_a_refusal_of_a_proved_provider_rests_on_its_own_rule_and_its_date() -> None:
    gmail = replace(HOST, name="gmail-smtp-in.l.google.com")
    no = (b"> RCPT TO:<a@x.example>", b"< 550 5.7.27 no")
    told = spoken((*GREETED, *no, *LEFT), host=gmail, unmet=[Unmet(7, "2xx", "550 5.7.27 no")])
    rule = "Google Workspace SMTP error reference, 550 5.7.27 (as of 2026-02-15)"
    assert [str(one) for one in finding(expectation_unmet, conversations(told)).references] == [rule]
    assert finding(expectation_unmet, conversations(replace(told, host=HOST))).references == ()
    greeted = spoken((b"< 550 5.7.25 no PTR",), host=gmail)
    assert len(finding(refuses_this_sender, conversations(greeted), OPEN).references) == 1


def test_a_reply_of_several_lines_is_told_with_its_enhanced_code_once() -> None:
    reply = parse_reply([b"550-5.7.26 due to the domain's\r\n", b"550-5.7.26 DMARC policy,\r\n", b"550 5.7.26 see\r\n"])
    assert describe(reply) == "550 5.7.26 due to the domain's DMARC policy, see"
    assert describe(parse_reply([b"250 2.1.5 ok\r\n"])) == "250 2.1.5 ok"
    assert describe(parse_reply([b"hello\r\n"])) == "hello"


@pytest.mark.parametrize(
    ("wanted", "got", "is_fault_of"),
    [
        ("one line (only >! sends CR and LF), but {x} has more", "a line break in it", "script"),
        ("a value for {x}", "none", "script"),
        ("a message m.eml", "none of that name", "script"),
        ("354 before a message", "250 ok", "script"),
        ("354 before a message", "451 4.3.0 later", "host"),
        ("250 /^SIZE/", "250 mx", "host"),
    ],
)
def test_what_a_script_itself_gets_wrong_is_not_put_on_the_host(wanted: str, got: str, is_fault_of: str) -> None:
    hosts = (HOST, replace(HOST, name="mx2.good.example"))
    held = [spoken((*GREETED, *LEFT), host=host, unmet=[Unmet(7, wanted, got)]) for host in hosts]
    told = conversations(*held, conversing=Conversing("my.smtp", "< 220\n"))
    found = finding(expectation_unmet, told)
    assert found.fix is not None
    is_of_script = is_fault_of == "script"
    assert ("not at fault: the script my.smtp itself cannot go on" in found.message) is is_of_script
    assert ("mend the host" in found.fix.action) is not is_of_script
    assert "change line 7 of the script my.smtp" in found.fix.action or not is_of_script
    verdict = summarize({Conversations: told, WayOut: OPEN}, ()).sentence
    assert ("the script my.smtp itself could not go on" in verdict) is is_of_script


@pytest.mark.parametrize(
    ("given", "whom"),
    [
        (f'given domain = "y.example"\ngiven mx = "{HOST.name}"\n', "y.example"),
        ('given domain = "y.example"\ngiven rcpt = "a\\"@b@z.example" "c@x.example"\n', "z.example"),
        ('given rcpt = "a@x.example"\ngiven rcpt = "a@z.example"\n', "z.example"),  # the last one counts
        ('given rcpt = "postmaster"\n', "DOMAIN"),
        (f'given domain = "{HOST.name}"\n', "DOMAIN"),
        ("", "DOMAIN"),
    ],
)
def test_whom_to_ask_is_known_before_a_recipient_is_named(given: str, whom: str) -> None:
    no = b"< 554 5.7.1 <unknown[192.0.2.9]>: Client host rejected: Access denied"
    told = spoken([no])
    call = told.transcript.call._replace(script=f"{given}< 220\n")
    found = finding(
        refuses_this_sender, conversations(replace(told, transcript=replace(told.transcript, call=call))), OPEN
    )
    assert found.fix is not None
    assert f"ask postmaster@{whom} to take" in found.fix.action


@pytest.mark.parametrize(
    ("name", "hello", "address"),
    [
        ("a.example", "mx1.good.example at your service, [198.51.100.7]", "198.51.100.7"),  # as Gmail says it
        ("a.example", "mx1.good.example Hello a.example [198.51.100.7], pleased to meet you", "198.51.100.7"),
        ("a.example", "mx1.good.example Hello [IPv6:2001:DB8::7]", "2001:db8::7"),
        ("[192.0.2.9]", "mx1.good.example Hello [192.0.2.9] [198.51.100.7]", "198.51.100.7"),
        ("[192.0.2.9]", "mx1.good.example Hello [192.0.2.9]", "ADDRESS"),  # it may only repeat what was said
        ("a.example", "[198.51.100.7] Hello", "ADDRESS"),  # that is the host's own
        ("a.example", "mx1.good.example [11.0.1.25] Hello a.example", "ADDRESS"),
        ("a.example", "mx1.good.example [198.51.100.7] [198.51.100.8]", "ADDRESS"),
        ("a.example", "mx1.good.example [198.51.100.777]", "ADDRESS"),
        ("a.example", "mx1.good.example", "ADDRESS"),
    ],
)
def test_what_to_do_about_spf_names_the_address_that_the_host_sees(name: str, hello: str, address: str) -> None:
    greeted = (b"< 220 mx1.good.example", f"> EHLO {name}".encode(), f"< 250 {hello}".encode())
    refused = (b"> MAIL FROM:<bob@sender.example>", b"< 550 5.7.23 no")
    held = conversations(spoken((*greeted, *refused, *LEFT), unmet=[Unmet(7, "250", "550 5.7.23 no")]))
    found = finding(expectation_unmet, held)
    assert found.fix is not None
    assert found.fix.action.startswith(f"the sender's job: deliverkit spf sender.example --ip {address}, for")


def test_the_verdict_says_what_the_script_wanted_and_did_not_get() -> None:
    unmet = [Unmet(5, "550", "250 2.1.0 ok")]
    held = [spoken(), spoken(unmet=unmet), spoken(unmet=unmet)]
    facts = {Conversations: conversations(*held, conversing=Conversing("mine", "< 550")), WayOut: OPEN}
    said = summarize(facts, ()).sentence
    assert said.startswith("mx1.good.example [11.0.1.25]:25 answers; line 5 wants 550, got 250 2.1.0 ok: ")
    assert said.endswith("In 2 of 3 conversations a host did not say what the script mine expects.")


def test_a_host_that_takes_no_mail_at_present_is_waited_for() -> None:
    busy = finding(refuses_this_sender, conversations(spoken((b"< 421 4.3.2 too busy",))))
    assert "refuses the connection for now; by its code that is about the host itself" in busy.message
    assert busy.fix is not None
    assert busy.fix.action.startswith("the receiving side's job: wait until the host takes mail again")
    unnamed = finding(refuses_this_sender, conversations(spoken((b"< 554 no",))))
    assert unnamed.fix is not None
    assert unnamed.fix.action.startswith("ask from a machine that sends mail")


def test_a_host_that_falls_silent_may_only_be_slow() -> None:
    found = finding(conversation_cut_off, conversations(spoken(GREETED, end=End.SILENT)))
    assert found.fix is not None
    assert "--patience 300" in found.fix.action


def test_a_host_that_wants_a_certificate_of_senders_is_not_said_to_crash() -> None:
    lost = spoken((*GREETED, b"> STARTTLS", b"< 220 go on", b"> EHLO a"), end=End.TLS_FAILED)
    detail = "the host sent the alert certificate required"
    shaken = replace(lost.transcript, handshake=Handshake(version="TLSv1.3"), detail=detail)
    found = finding(conversation_cut_off, conversations(replace(lost, transcript=shaken)))
    assert found.fix is not None
    assert "smtpd_tls_req_ccert = no" in found.fix.action


def test_a_server_on_this_machine_is_started_and_no_firewall_opened() -> None:
    here = spoken((), host=SmtpHost("", "/run/mail.sock", 25), end=End.REFUSED)
    assert ending(here) == "takes no connection"
    found = finding(no_host_answers, conversations(here), OPEN)
    assert found.fix is not None
    assert found.fix.action == "start the mail server on this machine, and have it listen there"


def test_a_refusal_says_that_it_may_be_about_us_and_what_it_means() -> None:
    found = finding(refuses_this_sender, conversations(spoken((b"< 554 5.7.1 go away",))))
    assert "it may be about this machine's address or the name" in found.message
    assert found.evidence[0].note


def test_a_host_that_is_asked_to_say_its_name_first_is_greeted_with_helo() -> None:
    lines = (b"< 220 mx1.good.example", b"> EHLO a", b"< 502 no", b"> HELO a", b"< 250 well", *LEFT)
    assert outcome(refuses_this_sender, conversations(spoken(lines))) == "pass"
    lines = (b"< 220 mx1.good.example", b"> EHLO a", b"< 550 no", b"> HELO a", b"< 550 no", *LEFT)
    assert outcome(refuses_this_sender, conversations(spoken(lines))) == "fail"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (GREETED, "fail"),
        ((*GREETED, b"> QUIT"), "pass"),  # many close in place of the 221
        ((b"< 554 no",), "pass"),  # it had said no
        ((b"< 421 too busy",), "pass"),
        ((), "fail"),
    ],
)
def test_to_hang_up_in_the_middle_is_a_fault_and_at_the_end_it_is_none(lines: tuple[bytes, ...], said: str) -> None:
    assert outcome(conversation_cut_off, conversations(spoken(lines, end=End.HUNG_UP))) == said


@pytest.mark.parametrize(("seconds", "said"), [(SLOW, "pass"), (SLOW + 0.1, "fail")])
def test_a_greeting_may_take_a_few_seconds(seconds: float, said: str) -> None:
    assert outcome(slow_greeting, conversations(spoken(step=seconds))) == said


@pytest.mark.parametrize(
    ("line", "evidence"),
    [
        (b"< 250-two\rlines", None),
        (b"< 25 short", "25 short"),
        (b"< 250 2" + b"x" * 600, "250 2xxx"),
        (b"< 250 5.1.1 contradicts", "250 5.1.1"),
    ],
)
def test_a_spoilt_reply_is_shown_with_its_line_bounded(line: bytes, evidence: str | None) -> None:
    held = conversations(spoken((b"< 220 mx1.good.example", b"> EHLO a", line, b"< 250 end")))
    if evidence is None:
        assert outcome(malformed_reply, held) == "pass"
        return
    shown = finding(malformed_reply, held).evidence[0].text
    assert shown.startswith(evidence)
    assert len(shown) < 200


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ((b"< 220-mx1.good.example ESMTP", b"< 521 5.5.1 Protocol error"), "pass"),
        ((b"< 220-mx1.good.example ESMTP", b"< 421 4.3.2 All server ports are busy"), "pass"),
        ((b"< 220-mx1.good.example ESMTP", b"< 220 mx1.good.example ESMTP"), "pass"),
        ((b"< 220-mx1.good.example ESMTP", b"< 250 mx1.good.example"), "fail"),
        ((b"< 550-mx1.good.example ESMTP", b"< 421 no"), "fail"),
        ((b"< 220-" + b"x" * 600, b"< 521 5.5.1 Protocol error"), "fail"),  # too long is too long
        ((*GREETED, b"> MAIL FROM:<a@b.example>", b"< 220-mx1", b"< 521 no"), "fail"),  # which is no greeting
    ],
)
def test_a_greeting_that_teases_and_then_says_no_is_how_postscreen_works(lines: tuple[bytes, ...], said: str) -> None:
    assert outcome(malformed_reply, conversations(spoken(lines))) == said


def test_a_reply_too_many_is_out_of_turn_but_a_421_may_come_at_any_time() -> None:
    assert outcome(speaks_out_of_turn, conversations(spoken((b"< 220 a.b", b"< 250 more", *LEFT)))) == "fail"
    assert outcome(speaks_out_of_turn, conversations(spoken((b"< 220 a.b", b"< 421 going down")))) == "pass"


def test_what_comes_after_quit_is_a_note_of_its_own() -> None:
    held = conversations(spoken((*GREETED, *LEFT, b"< 250 and more")))
    assert outcome(talks_after_quit, held) == "fail"
    assert outcome(speaks_out_of_turn, held) == "pass"


def test_thousands_of_replies_that_nobody_asked_for_take_no_longer_than_they_are_many() -> None:
    """By time, with much room: it took a hundred times as long while each of them was looked for among all."""
    held = conversations(spoken((*GREETED, *LEFT, *[b"< 250 and more"] * 9_900), step=0.0001))
    started = time.process_time()
    assert outcome(speaks_out_of_turn, held) == "pass"
    assert outcome(talks_after_quit, held) == "fail"
    assert time.process_time() - started < 3


def test_tls_that_breaks_off_is_no_handshake_that_failed() -> None:
    lost = spoken((*GREETED, b"> STARTTLS", b"< 220 go on", b"> EHLO a"), end=End.TLS_FAILED)
    shaken = replace(lost, transcript=replace(lost.transcript, handshake=Handshake(version="TLSv1.3")))
    failed = replace(lost, transcript=replace(lost.transcript, handshake=Handshake(failure="no")))
    assert "breaks TLS off after EHLO" in finding(conversation_cut_off, conversations(shaken)).message
    assert ending(shaken) == "broke TLS off after EHLO"
    assert outcome(conversation_cut_off, conversations(failed)) == "pass"
    assert ending(failed) == "fails in the TLS handshake"


@pytest.mark.parametrize("reply", [b"< 220 mx1 and not 250", b"< 250-STARTTLS"])
def test_a_host_says_what_it_offers_only_with_a_whole_250(reply: bytes) -> None:
    assert not spoken((b"< 220 mx1", b"> EHLO a", reply)).says_what_it_offers
    assert spoken((b"< 220 mx1", b"> EHLO a", b"< 250 mx1")).says_what_it_offers


@pytest.mark.parametrize(
    ("greeting", "host", "said"),
    [
        (b"< 220 mx1.good.example ESMTP", HOST, "pass"),
        (b"< 220 MX1.Good.Example. ESMTP", HOST, "pass"),
        (b"< 220 other.example", HOST, "fail"),
        (b"< 220 ESMTP ready", HOST, "fail"),
        (b"< 220 " + b"a." * 200 + b"b", HOST, "fail"),
        (b"< 220 mx.big.example", large("mx1.good.example"), "pass"),
        (b"< 220 other.example", SmtpHost("11.0.1.25", "11.0.1.25", 25), "not-applicable"),
        (b"< 220 other.example", SmtpHost("/run/lmtp", "/run/lmtp", 24), "not-applicable"),
    ],
)
def test_a_host_greets_with_its_own_name(greeting: bytes, host: SmtpHost, said: str) -> None:
    assert outcome(greeting_names_another_host, conversations(spoken((greeting, *LEFT), host=host))) == said


@pytest.mark.parametrize(
    ("port", "offered", "said"),
    [
        (587, b"AUTH PLAIN LOGIN", "fail"),
        (587, b"AUTH CRAM-MD5 SCRAM-SHA-256", "pass"),
        (587, b"STARTTLS", "pass"),
        (25, b"AUTH PLAIN", "not-applicable"),
    ],
)
def test_a_password_is_not_asked_for_in_the_clear(port: int, offered: bytes, said: str) -> None:
    lines = (b"< 220 mx1.good.example", b"> EHLO a", b"< 250-mx1", b"< 250 " + offered, *LEFT)
    held = conversations(spoken(lines, host=replace(HOST, port=port)))
    assert outcome(sign_in_in_the_clear, held) == said


UNMET = (Unmet(3, "250", "nothing"),)


def test_a_script_of_ones_own_fails_where_the_usual_one_leaves_it_to_the_other_checks() -> None:
    cut_off = spoken(GREETED, end=End.HUNG_UP, unmet=UNMET)
    assert outcome(expectation_unmet, conversations(cut_off)) == "pass"
    assert outcome(expectation_unmet, conversations(cut_off, conversing=Conversing("mine", "< 250"))) == "fail"
    assert outcome(expectation_unmet, conversations(spoken(unmet=UNMET))) == "fail"


def test_what_a_case_file_does_not_hold_is_not_known() -> None:
    lost = spoken((), end=End.UNRECORDED)
    assert outcome(host_silent, conversations(spoken(), lost), OPEN) == "unknown"
    assert outcome(no_host_answers, conversations(lost), OPEN) == "unknown"
    assert outcome(slow_greeting, conversations(lost)) == "unknown"


def test_a_message_that_was_accepted_where_more_was_wanted_says_both() -> None:
    lines = (*GREETED, b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok", b"> QUIT", b"< 250 2.1.0 Ok")
    smuggled = spoken(lines, unmet=[Unmet(29, "221", "250 2.1.0 Ok")])
    assert ending(smuggled) == "accepted the message; line 29 wants 221, got 250 2.1.0 Ok"
    said = summarize({Conversations: conversations(spoken(), smuggled), WayOut: OPEN}, ()).sentence
    assert said.startswith("mx1.good.example [11.0.1.25]:25 accepted the message; line 29 wants 221, got 250")


def test_the_verdict_names_the_refusal_that_came_first_and_not_what_followed_from_it() -> None:
    lines = (*GREETED, b"> RCPT TO:<a@b>", b"< 550 5.1.1 no such user", b"> DATA", b"< 503 no recipients", *LEFT)
    unmet = [Unmet(7, "250", "550 5.1.1 no such user"), Unmet(9, "354", "503 no recipients")]
    assert ending(spoken(lines, unmet=unmet)).startswith("refuses RCPT: 550 5.1.1 no such user (")


def test_the_verdict_names_who_did_not_take_the_message_before_another_did() -> None:
    delivered = (*GREETED, b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok", *LEFT)
    later = spoken((*GREETED, b"> MAIL FROM:<>", b"< 450 later", *LEFT), unmet=[Unmet(5, "250", "450 later")])
    facts = {
        Conversations: conversations(later, spoken(delivered, host=replace(HOST, address="11.0.2.25"))),
        WayOut: OPEN,
    }
    said = summarize(facts, ()).sentence
    assert said.startswith("mx1.good.example [11.0.2.25]:25 accepted the message: ")
    assert ". Before that, mx1.good.example [11.0.1.25]:25 refuses MAIL for now: 450 later (" in said


def test_what_nothing_asked_for_is_called_so_wherever_it_comes_but_a_421_may_come_at_any_time() -> None:
    late = spoken((*GREETED, b"> QUIT", b"< 221 bye", b"< 250 one more", b"< 421 and now I close"))
    assert [reply_meaning(one, "mx1.good.example") for one in late.exchanges[-2:]] == [
        "nothing had asked for it",
        meaning(421),
    ]


def test_hosts_differ_first_in_what_decides_whether_a_message_arrives() -> None:
    offered = (
        b"< 250-CHUNKING",
        b"< 250-DSN",
        b"< 250-8BITMIME",
        b"< 250-SMTPUTF8",
        b"< 250-SIZE 1000",
        b"< 250 STARTTLS",
    )
    rich = spoken(
        (b"< 220 mx1.good.example ESMTP", b"> EHLO probe.example", b"< 250-mx1.good.example", *offered, *LEFT)
    )
    poor = spoken((b"< 220 mx1.good.example ESMTP", b"> EHLO probe.example", b"< 250 mx1.good.example", *LEFT))
    found = finding(hosts_offer_different_things, conversations(rich, poor))
    assert found.message == "the mail hosts differ in STARTTLS, SIZE, SMTPUTF8 and 3 more"


_BEGUN = (*GREETED, b"> MAIL FROM:<a@b.example>", b"< 250 ok", b"> RCPT TO:<c@d.example>", b"< 250 ok")
_MESSAGE = (*_BEGUN, b"> DATA", b"< 354 go on", b"> Subject: x\r\n\r\ntext")
_CHUNKED = (*_BEGUN, b"> BDAT 3\r\na", b"< 250 ok", b"> BDAT 4 LAST\r\nab")


@pytest.mark.parametrize(
    ("lines", "where", "is_maybe_taken"),
    [
        ((), "before it greets", False),
        (GREETED, "after EHLO", False),
        ((*_BEGUN, b"> DATA"), "after DATA", False),
        (_MESSAGE, "in the middle of the message", False),
        ((*_MESSAGE, b"> ."), "after the whole message", True),
        ((*_MESSAGE, b"> .", b"< 250 queued"), "after the whole message", False),
        ((*_MESSAGE, b"> .", b"< 250 queued", b"> NOOP"), "after NOOP", False),
        (_CHUNKED[:-2], "after BDAT", False),
        (_CHUNKED, "after the whole message", True),
    ],
)
def test_where_a_host_hangs_up_is_told_and_whether_it_may_have_the_message(
    lines: tuple[bytes, ...], where: str, *, is_maybe_taken: bool
) -> None:
    cut = spoken(lines, end=End.HUNG_UP)
    message = finding(conversation_cut_off, conversations(cut)).message
    assert f"hangs up {where}" in message
    assert ("may have taken the message" in message) is is_maybe_taken
    assert ("may have taken the message" in ending(cut)) is is_maybe_taken
    stopped = "".join(cut_short([replace(cut.transcript, end=End.INTERRUPTED)]))
    assert ("for its greeting" in stopped) is (not lines)
    assert ("may have taken the message" in stopped) is is_maybe_taken


def test_another_host_that_then_takes_the_message_does_not_hide_that_it_may_come_twice() -> None:
    cut = spoken((*_MESSAGE, b"> ."), end=End.SILENT)
    other = spoken((*_MESSAGE, b"> .", b"< 250 ok", *LEFT), host=replace(HOST, name="mx2.good.example"))
    facts = {Conversations: conversations(cut, other, conversing=Conversing("deliver")), WayOut: OPEN}
    assert "fell silent after the whole message (it may have taken the message)" in summarize(facts, ()).sentence


@pytest.mark.parametrize("script", ["greet", "deliver", "mine"])
def test_a_host_is_not_accused_where_tls_is_begun_at_a_port_for_plain_smtp(script: str) -> None:
    plain = spoken((b"< 220 mx1.good.example", b"< 500 what?", b"< 500 what?"), end=End.TLS_FAILED)
    failed = Handshake(failure="what the host sent is not TLS")
    unmet = (Unmet(14, "a TLS handshake", "nothing"),)
    held = conversations(
        *[replace(plain, transcript=replace(plain.transcript, handshake=failed, unmet=unmet))] * 2,
        conversing=Conversing(script),
    )
    found = finding(expectation_unmet, held)
    assert found.message.endswith("speaks plain SMTP at that port, where the script begins with TLS")
    assert found.fix is not None
    assert found.fix.action.startswith("leave --tls implicit, or tls in the script, out: ")
    assert outcome(speaks_out_of_turn, held) == "pass"
    assert outcome(starttls_fails, held) == outcome(no_starttls, held) == "not-applicable"
    assert "speaks plain SMTP at that port" in summarize({Conversations: held, WayOut: OPEN}, ()).sentence


def test_a_handshake_that_fails_after_starttls_is_the_hosts() -> None:
    begun = (*GREETED, b"> STARTTLS", b"< 220 go on", b"< 500 what?")
    failed = replace(spoken(begun, end=End.TLS_FAILED).transcript, handshake=Handshake(failure="not TLS"))
    held = conversations(replace(spoken(), transcript=failed))
    assert outcome(starttls_fails, held) == "fail"
    assert outcome(speaks_out_of_turn, held) == "fail"


def test_what_a_spoilt_reply_does_not_name_may_be_offered_all_the_same() -> None:
    spoilt = (b"< 220 mx1", b"> EHLO a", b"< 550-one", b"< 250 two", *LEFT)
    held = conversations(spoken(spoilt))
    assert outcome(no_starttls, held) == "unknown"
    assert outcome(hosts_offer_different_things, conversations(spoken(), spoken(spoilt))) == "not-applicable"
    named = (b"< 220 mx1", b"> EHLO a", b"< 250-mx1", b"< 251-one", b"< 250 STARTTLS", *LEFT)
    assert spoken(named).says_what_it_offers
