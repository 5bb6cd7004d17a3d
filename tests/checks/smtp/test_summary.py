"""The one sentence on the mail hosts: whom it blames, which reply it names, and how many it counts."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.smtp.summary import summarize
from deliverkit.checks.tls.summary import summarize as summarize_tls
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.resolver import PortTests
from deliverkit.facts.smtp import Conversation, Conversations, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.facts.tls import TlsProtocols
from deliverkit.model import Verdict
from deliverkit.observations.smtp import End, Handshake, Unmet
from tests.spoken import GREETED, HOST, LEFT, OPEN, conversations, spoken

IPV6 = replace(HOST, address="2a11:db8:1::25")
DEAD = spoken((), end=End.TIMEOUT)
DEAD_OVER_IPV6 = spoken((), host=IPV6, end=End.TIMEOUT)
BLOCKED = "Port 25 seems to be blocked from this machine over {}: that says nothing of the hosts."
UNKNOWN = "Whether port 25 is open from this machine over {} is not known, so the silence may be our own."
BEGUN = (*GREETED, b"> MAIL FROM:<a@b.example>", b"< 250 ok", b"> RCPT TO:<c@d.example>")
REFUSED = (*BEGUN, b"< 550 5.1.1 no", *LEFT)


def verdict(*held: Conversation, script: str = "probe", way_out: WayOut = OPEN) -> Verdict:
    facts = {Conversations: conversations(*held, conversing=Conversing(script)), WayOut: way_out}
    return summarize(facts, ())


@pytest.mark.parametrize("script", ["greet", "probe"])
@pytest.mark.parametrize(
    ("held", "way_out", "sentence"),
    [
        ((DEAD, DEAD_OVER_IPV6), WayOut(ipv4=False, ipv6=False), BLOCKED.format("IPv4 and IPv6")),
        ((DEAD,), WayOut(ipv4=False, ipv6=None), BLOCKED.format("IPv4")),
        (
            (DEAD, DEAD_OVER_IPV6),
            WayOut(ipv4=False, ipv6=None),
            f"{BLOCKED.format('IPv4')} {UNKNOWN.format('IPv6')}",
        ),
        (
            (DEAD, DEAD_OVER_IPV6),
            WayOut(ipv4=None, ipv6=None),
            f"None of 2 addresses takes a connection. {UNKNOWN.format('IPv4 and IPv6')}",
        ),
        (
            (DEAD,),
            WayOut(ipv4=None, ipv6=None),
            f"mx1.good.example [11.0.1.25]:25 gives no answer. {UNKNOWN.format('IPv4')}",
        ),
    ],
)
def test_where_nobody_can_be_reached_from_here_that_is_the_verdict(
    script: str, held: tuple[Conversation, ...], way_out: WayOut, sentence: str
) -> None:
    assert verdict(*held, script=script, way_out=way_out) == Verdict(sentence)


def test_what_one_version_of_ip_hides_stands_behind_what_the_other_shows() -> None:
    said = verdict(spoken(), DEAD_OVER_IPV6, script="greet", way_out=WayOut(ipv4=True, ipv6=False)).sentence
    assert said == f"mx1.good.example answers at 1 of 2 addresses. {BLOCKED.format('IPv6')}"


def test_a_host_is_blamed_where_unrelated_ones_answer_and_on_this_machine() -> None:
    tests = PortTests(())
    found = verdict(DEAD, script="greet", way_out=WayOut(ipv4=True, ipv6=None, tests=tests))
    assert found.sentence == "mx1.good.example [11.0.1.25]:25 gives no answer."
    assert found.way == "Unrelated mail hosts answer from this machine, so the silence is not ours."
    here = spoken((), host=SmtpHost("", "/run/mail.sock", 25), end=End.REFUSED)
    assert verdict(here, way_out=WayOut(ipv4=None, ipv6=None)) == Verdict("unix:/run/mail.sock takes no connection.")


@pytest.mark.parametrize(
    ("lines", "said"), [((), "nothing was sent"), ((b"> EHLO a",), "1 line was sent"), ((b"> a", b"> b"), "2 lines")]
)
def test_a_script_that_expects_nothing_is_told_by_what_was_done(lines: tuple[bytes, ...], said: str) -> None:
    sentence = verdict(spoken(lines), script="mine").sentence
    assert sentence.startswith("mx1.good.example [11.0.1.25]:25 took the connection and ")
    assert said in sentence
    assert sentence.endswith("; the script mine expects nothing.")
    several = verdict(spoken(lines), spoken(lines, host=IPV6), DEAD, script="mine").sentence
    assert several.startswith("2 of 2 addresses of mx1.good.example took the connection and ")


def test_a_host_that_says_nothing_where_a_reply_is_waited_for_did_not_do_well() -> None:
    silent = spoken((b"> EHLO a",), end=End.SILENT)
    assert verdict(silent, script="mine").sentence == "mx1.good.example [11.0.1.25]:25 fell silent after EHLO."


def test_a_refusal_that_the_script_wants_is_not_told_for_what_went_wrong() -> None:
    lines = (*GREETED, b"> AUTH PLAIN", b"< 334 ", b"> AUTH X-NOBODY", b"< 504 5.5.4 no such mechanism", *LEFT)
    told = verdict(spoken(lines, unmet=[Unmet(18, "5xx", "334 ")]), script="auth-methods").sentence
    assert told.startswith("mx1.good.example [11.0.1.25]:25 answers; line 18 wants 5xx, got 334: 220 250 334 504")


def test_every_conversation_that_is_not_as_the_script_wants_is_counted() -> None:
    closed = spoken((b"< 554 5.7.1 no", *LEFT), unmet=[Unmet(13, "220", "554 5.7.1 no")])
    refused = spoken(REFUSED, unmet=[Unmet(24, "250|251", "550 5.1.1 no")])
    staying = spoken((*GREETED, b"> QUIT", b"< 451 no"), unmet=[Unmet(28, "221", "451 no")])
    count = "a host did not say what the script probe expects."
    assert verdict(closed, spoken(), refused).sentence.endswith(f"In 2 of 3 conversations {count}")
    told = verdict(staying, closed, refused, spoken()).sentence
    assert told.startswith("mx1.good.example [11.0.1.25]:25 refuses RCPT: 550 5.1.1 no")
    assert told.endswith(f"In 3 of 4 conversations {count}")


def test_who_did_not_take_a_message_before_another_refused_it_is_told() -> None:
    cut = spoken(GREETED, end=End.HUNG_UP)
    refused = spoken(REFUSED, host=IPV6, unmet=[Unmet(88, "250|251", "550 5.1.1 no")])
    told = verdict(cut, refused, script="deliver").sentence
    assert "refuses RCPT: 550 5.1.1 no" in told
    assert told.endswith(" Before that, mx1.good.example [11.0.1.25]:25 hung up after EHLO.")


SHAKE = Handshake("TLSv1.3", "x", "mx1.good.example", (b"x",))
SECOND = SmtpHost("mx2.good.example", "11.0.2.25", 25, 20)
SECOND_OVER_IPV6 = replace(SECOND, address="2a11:db8:2::25")
FOUR = (HOST, IPV6, SECOND, SECOND_OVER_IPV6)
TOOK = (*BEGUN, b"< 250 ok", b"> DATA", b"< 354 go", b"> x\r\n.", b"< 250 ok", *LEFT)


def at(hosts: tuple[SmtpHost, ...], lines: tuple[bytes, ...] = (*GREETED, *LEFT)) -> list[Conversation]:
    return [spoken(lines, host=host) for host in hosts]


@pytest.mark.parametrize(
    ("held", "sentence"),
    [
        (at(FOUR), "All 4 addresses of 2 mail hosts answer."),
        (at((HOST, SECOND)), "Both mail hosts answer."),
        (at((HOST, SECOND)) * 2, "Both mail hosts answer."),  # two conversations with each
        (at((HOST, IPV6)), "mx1.good.example answers at both addresses."),
        (at((HOST, IPV6)) * 2, "mx1.good.example answers at both addresses."),
        (
            [*at(FOUR[:3]), spoken((), host=SECOND_OVER_IPV6, end=End.TIMEOUT)],
            "Every mail host answers, at 3 of 4 addr",
        ),
        (
            [*at(FOUR[:2]), *(spoken((), host=host, end=End.TIMEOUT) for host in FOUR[2:])],
            "1 of 2 mail hosts answers; mx2.good.example does not take mail from here.",
        ),
        ([spoken((b"< 554 no",), host=host) for host in FOUR], "None of 2 mail hosts takes mail from here."),
    ],
)
def test_a_host_with_two_addresses_is_one_host_and_two_addresses(held: list[Conversation], sentence: str) -> None:
    assert verdict(*held, script="greet").sentence.startswith(sentence)


def test_all_who_took_a_message_are_counted_and_who_did_not_is_named() -> None:
    took = at(FOUR[:3], TOOK)
    first = "mx1.good.example [11.0.1.25]:25 accepted the message: "
    sentence = verdict(*took, script="mine").sentence
    assert sentence.startswith(first)
    assert sentence.endswith(" ms. So did 2 other addresses.")
    refused = spoken(REFUSED, host=SECOND_OVER_IPV6, unmet=[Unmet(8, "250", "550 5.1.1 no")])
    sentence = verdict(*took, refused, script="mine").sentence
    assert " So did 2 other addresses. But mx2.good.example [2a11:db8:2::25]:25 refuses RCPT: 550" in sentence
    dead = [spoken((), host=host, end=End.TIMEOUT) for host in (HOST, IPV6)]
    sentence = verdict(*dead, took[2], script="deliver").sentence
    assert sentence.endswith(
        " Before that, mx1.good.example [11.0.1.25]:25 gives no answer; nor did 1 other address take it."
    )


def test_what_every_host_lacks_is_what_is_counted() -> None:
    unmet = [Unmet(5, "250 /^CHUNKING$/", "250 mx1.good.example STARTTLS")]
    held = [spoken(host=host, unmet=unmet) for host in FOUR]
    assert verdict(*held, script="deliver").sentence.endswith(
        " In 4 of 4 conversations a host does not offer CHUNKING."
    )
    other = spoken(host=HOST, unmet=[Unmet(5, "250 /^DSN$/", "250 mx1.good.example STARTTLS")])
    said = verdict(*held, other, script="deliver").sentence
    assert said.endswith(" In 5 of 5 conversations a host did not say what the script deliver expects.")


def test_tls_is_counted_by_addresses_and_says_so_where_others_do_not_answer() -> None:
    def where(*held: Conversation) -> str:
        facts = {Conversations: conversations(*held), TlsProtocols: TlsProtocols(())}
        return summarize_tls(facts, ()).sentence.partition(" (")[0]

    well, beside, third = (replace(one, transcript=replace(one.transcript, handshake=SHAKE)) for one in at(FOUR[:3]))
    dead = spoken((), host=SECOND_OVER_IPV6, end=End.TIMEOUT)
    assert where(well, beside) == "TLS works at both addresses"
    assert where(well, beside, dead) == "TLS works at both addresses that answer, of 3"
    assert where(well, beside, third) == "TLS works at all 3 addresses"
    assert where(well, well, dead) == "TLS works with mx1.good.example, the only address that answers, of 2"
    assert where(well, well, beside, spoken(host=SECOND)) == "TLS works at 2 of 3 addresses"


@pytest.mark.parametrize(("script", "is_told"), [("greet", True), ("probe", False), ("mine", False)])
def test_a_greeting_says_that_it_asked_nothing_about_the_recipient_who_was_named(script: str, *, is_told: bool) -> None:
    named = Conversing(script).giving({"rcpt": ("ada@good.example",)})
    facts = {Conversations: conversations(spoken(), conversing=named), WayOut: OPEN}
    told = summarize(facts, ())
    assert ("Nothing was asked about ada@good.example: --script probe" in told.way) is is_told
    assert summarize({**facts, Conversations: conversations(spoken())}, ()).way == ""
    assert summarize({**facts, Conversations: conversations(DEAD, conversing=named)}, ()).way == ""
