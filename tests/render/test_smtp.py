"""Conversations as they are shown: at every width, in every format, whatever a host says."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any
from xml.etree.ElementTree import fromstring  # the documents are our own

import pytest

from deliverkit.checks.smtp.wording import ending
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.lab.world import load
from deliverkit.model import Evidence, Finding, Fix, Outcome, Severity
from deliverkit.observations.smtp import End, Unmet
from deliverkit.render.findings import EVIDENCE, evidence_lines
from deliverkit.render.html import render_html
from deliverkit.render.json import render_json
from deliverkit.render.junit import finding_text, render_junit
from deliverkit.render.look import Detail, Look
from deliverkit.render.markdown import render_markdown
from deliverkit.render.matrix import MOST_STEPS, matrix
from deliverkit.render.smtp import render_smtp
from deliverkit.report import Report
from tests.judging import judge
from tests.spoken import GREETED, HOST, LEFT, conversations, spoken

HOSTILE = b"</pre><script>alert(1)</script> \x1b[2J\xe2\x80\xae```\x00\x9b\xff " + b"x" * 4000
MESSAGE = (b"> DATA", b"< 354 go on", *(b"> line %d" % number for number in range(40)), b"> .", b"< 250 2.0.0 queued")
DELIVERED = (*GREETED, b"> MAIL FROM:<a@b.example>", b"< 250 ok", b"> RCPT TO:<c@good.example>", b"< 250 ok", *MESSAGE)


def report(*held: Conversation) -> Report:
    """The report on the good world, with these conversations in place of its own."""
    judged = judge(load("smtp-good")).report
    return replace(judged, facts={**judged.facts, Conversations: conversations(*held)}) if held else judged


def body(report: Report, width: int | None, detail: Detail = Detail.USUAL) -> list[str]:
    return render_smtp(report, Look(width=width, detail=detail)).splitlines()


@pytest.mark.parametrize("width", [40, 60, 80, 100, 160])
@pytest.mark.parametrize(
    "lines",
    [
        DELIVERED,
        (*GREETED, *LEFT),
        (b"< 550-5.7.26 first", b"< 550 5.7.26 second, and why it is so in many words that no terminal has room for"),
        (b"< 220 " + HOSTILE, b"> EHLO a", b"< 250 " + HOSTILE),
    ],
    ids=["delivered", "greeted", "refused", "hostile"],
)
def test_a_dialogue_is_no_wider_than_the_terminal(width: int, lines: tuple[bytes, ...]) -> None:
    shown = render_smtp(report(spoken(lines)), Look(width=width))
    dialogue = shown.split("\n\n")[1]
    assert dialogue.startswith("    0.000   connected")
    assert max(map(len, dialogue.splitlines())) <= width
    assert all(line.isprintable() for line in dialogue.splitlines())


def test_a_refusal_is_read_to_its_end_in_a_narrow_terminal() -> None:
    said = b"550 5.1.1 <stranger@good.example>: Recipient address rejected: User unknown in local recipient table"
    refused = spoken((*GREETED, b"> RCPT TO:<stranger@good.example>", b"< " + said, *LEFT))
    for width in (50, 80):
        shown = body(report(refused), width)
        assert max(map(len, shown)) <= width
        dialogue = " ".join(" ".join(shown).partition("connected")[2].split())
        assert said.decode() in dialogue
        assert dialogue.index("table") < dialogue.index("there is no such mailbox")


def test_a_message_is_folded_but_where_all_is_to_be_shown() -> None:
    shown = "\n".join(body(report(spoken(DELIVERED)), 80))
    assert "> line 0\n" in shown
    assert "> … 37 more lines (-v shows them)" in shown
    assert "line 20" not in shown
    whole = "\n".join(body(report(spoken(DELIVERED)), 80, Detail.EVERYTHING))
    assert all(f"> line {number}\n" in whole for number in range(40))


def test_a_reply_of_many_lines_is_folded_too() -> None:
    lines = (b"< 220 a.b", b"> EHLO a", *(b"< 550-no %d" % number for number in range(200)), b"< 550 no")
    shown = body(report(spoken(lines)), 80)
    assert sum(" 550" in line for line in shown) < 14
    assert any("more lines (-v shows them)" in line for line in shown)


def test_quiet_is_the_verdict_alone() -> None:
    assert body(report(), 80, Detail.VERDICT)[0] == "All 4 addresses of 2 mail hosts answer."
    assert len(body(report(), None, Detail.VERDICT)) == 2


@pytest.mark.parametrize("width", [40, 60, 80, 120])
def test_many_hosts_with_unequal_steps_are_a_matrix(width: int) -> None:
    held = [
        spoken(
            (GREETED + LEFT)[: number % 7],
            host=SmtpHost(f"mx{number}.good.example", f"11.0.{number}.25", 25, number),
            end=End.TIMEOUT if number % 7 == 0 else End.CLOSED,
        )
        for number in range(40)
    ]
    lines = "\n".join(body(report(*held), width)).split("\n\n")[1].splitlines()
    assert max(map(len, lines)) <= width
    assert all(any(f"mx{number}.good.example" in line for line in lines) for number in range(40))
    table = matrix(held)
    assert {len(row) for row in table.rows} == {len(table.headers)}
    assert table.rows[7][2:4] == ("–", "–")


def test_in_a_narrow_terminal_the_names_stand_above_the_steps() -> None:
    host = "mx1.good.example"
    probed = (
        *GREETED,
        b"> MAIL FROM:<>",
        b"< 250 ok",
        b"> RCPT TO:<a@good.example>",
        b"< 250 ok",
        b"> RSET",
        b"< 250 ok",
    )
    held = [spoken(probed, host=SmtpHost(host, address, 25, 10)) for address in ("11.0.1.25", "2a11:db8:1::25")]
    lines = "\n".join(body(report(*held), 50)).split("\n\n")[1].splitlines()
    assert max(map(len, lines)) <= 50
    assert lines[0].split() == ["address", "connect", "EHLO", "MAIL", "RCPT", "RSET"]
    assert [line for line in lines if host in line] == [f"  10  {host}"]
    assert [line.split()[1:] for line in lines if "2a11" in line] == [["220", "250", "250", "250", "250"]]


def test_a_matrix_has_a_bounded_number_of_columns() -> None:
    many = tuple(line for number in range(99) for line in (b"> RCPT TO:<a%d@b.example>" % number, b"< 250 ok"))
    table = matrix([spoken((*GREETED, *many)), spoken()])
    assert len(table.headers) == 2 + MOST_STEPS + 2
    assert table.headers[-2] == "…"


def test_json_spells_out_every_conversation() -> None:
    document = json.loads(render_json([(report(), None)]))["reports"][0]["smtp"]
    assert set(document) == {"script", "port", "conversations", "reasons", "port_open_over_ipv4", "port_open_over_ipv6"}
    first = document["conversations"][0]
    assert set(first) == {
        "endpoint", "host", "address", "port", "preference", "end", "detail", "elapsed_ms", "delivered", "exchanges",
        "extensions", "tls", "handshake", "hello", "certificates", "unmet",
    }  # fmt: skip
    assert first["endpoint"] == "mx1.good.example [11.0.1.25]:25"
    assert [(one["verb"], one["code"], one["secure"]) for one in first["exchanges"]] == [
        ("CONNECT", 220, False), ("EHLO", 250, False), ("STARTTLS", 220, False), ("EHLO", 250, True),
        ("QUIT", 221, True),
    ]  # fmt: skip
    assert set(first["exchanges"][0]) == {
        "verb", "command", "code", "enhanced", "text", "meaning", "defects", "elapsed_ms", "took_ms", "secure", "early",
            "readings",
    }  # fmt: skip
    assert [one["command"] for one in first["exchanges"]] == [
        None, "EHLO probe.example", "STARTTLS", "EHLO probe.example", "QUIT",
    ]  # fmt: skip
    assert {name: word["good"] for name, word in first["tls"].items()} == {
        "advertised": True, "handshake": True, "chain": True, "name": True,
    }  # fmt: skip
    assert first["certificates"][0]["names"] == ["mx1.good.example"]
    assert first["handshake"]["version"] == "TLSv1.3"


def test_no_format_lets_what_a_host_says_out_of_its_place() -> None:
    said = spoken((b"< 220 " + HOSTILE, b"> EHLO a", b"< 550 " + HOSTILE), unmet=(Unmet(1, "250", "\x1b[2J" * 9),))
    found = report(said, spoken(host=replace(HOST, name="x\x1b</pre>.example")))
    shown = [
        render_markdown([(found, None)]),
        render_html([(found, None)]),
        render_json([(found, None)]),
        render_junit([found], Severity.ERROR),
        render_smtp(found, Look(width=80)),
    ]
    for text in shown:
        assert all(line.isprintable() for line in text.splitlines())
    assert "<script>" not in shown[0].replace("\\<script\\>", "").partition("```text")[0]
    assert "<script>" not in shown[1]
    fromstring(shown[3])
    assert max(map(len, shown[0].splitlines())) < 12_000


def test_junit_has_a_case_for_each_expectation_of_a_script() -> None:
    script = "< 220\n> EHLO a\n< 250\n<? 250\nif offered SIZE {\n  > NOOP\n  < 250\n}\n> QUIT\n< 221\n"
    one = spoken((b"< 220 a.b", b"> EHLO a", b"< 550 no"), unmet=(Unmet(3, "250", "550 no"),))
    entries = tuple(entry._replace(line=line) for entry, line in zip(one.transcript.entries, (0, 1, 2, 3), strict=True))
    call = one.transcript.call._replace(script=script)
    held = Conversation(one.host, replace(one.transcript, call=call, entries=entries))
    found = report(one)
    facts = {**found.facts, Conversations: conversations(held, conversing=Conversing("mine", script))}
    suite = fromstring(render_junit([replace(found, facts=facts)], Severity.ERROR))
    cases = [case for case in suite.iter("testcase") if ".script." in case.get("classname", "")]
    came = [(case.get("name"), *(child.tag for child in case)) for case in cases]
    assert came == [
        ("line 1: 220",),
        ("line 3: 250", "failure", "system-out"),
        ("line 7: 250", "skipped"),
        ("line 10: 221", "skipped"),
    ]
    assert "got 550 no" in (cases[1][0].get("message") or "")
    dialogue = (cases[1][1].text or "").splitlines()
    assert dialogue[0] == one.host.endpoint
    assert [line.split()[1:3] for line in dialogue[2:5]] == [["<", "220"], [">", "EHLO"], ["<", "550"]]
    assert ".script." not in render_junit([found], Severity.ERROR)  # of the usual one the checks say it all


def test_junit_says_what_casts_doubt_and_what_was_said_where_nothing_went_wrong() -> None:
    judged = judge(load("smtp-port-25-blocked")).report
    said, *_ = [one.text or "" for one in fromstring(render_junit([judged], Severity.ERROR)).iter("system-out")]
    assert said.startswith("Port 25 seems to be blocked from this machine over IPv4 and IPv6")
    found = report(spoken(DELIVERED))
    suite = fromstring(render_junit([found], Severity.ERROR))[0]
    dialogues = [one.text or "" for one in suite.findall("system-out") if HOST.endpoint in (one.text or "")[:40]]
    assert "> MAIL FROM:<a@b.example>" in "".join(dialogues)


def test_a_case_of_junit_fails_where_the_check_would() -> None:
    script = "< 220\n> QUIT\n< 221\n"
    one = spoken((b"< 220 a.b", b"> QUIT", b"< 451 stay"), unmet=(Unmet(3, "221", "451 stay"),))
    held = Conversation(one.host, replace(one.transcript, call=one.transcript.call._replace(script=script)))
    for name, failed in (("probe", 0), ("mine", 1)):
        facts: dict[type, object] = {Conversations: conversations(held, conversing=Conversing(name, script))}
        found = replace(report(one), results=(), facts=facts)
        shown = fromstring(render_junit([found], Severity.ERROR))
        assert len(list(shown.iter("failure"))) == failed
        assert "got 451 stay" in render_junit([found], Severity.ERROR)


def test_at_80_columns_the_steps_stay_a_table_and_what_they_come_to_stands_below() -> None:
    lines = "\n".join(body(report(), 80)).split("\n\n")[1].splitlines()
    assert lines[0] == "  pref  exchange          address         connect  EHLO  TLS  EHLO  QUIT"
    assert lines[1].split() == ["10", "mx1.good.example", "11.0.1.25", "220", "250", "220", "250", "221"]
    assert lines[-1] == "  each: TLS 1.3, certificate good"


def test_what_most_rows_come_to_stands_once_below_them_all() -> None:
    hosts = [SmtpHost(f"alt{n}.gmail-smtp-in.l.google.example", f"2a11:db8:{n}::26", 25, n) for n in range(10)]
    every = [spoken((*GREETED, *SECURE), host=host) for host in hosts]
    lines = "\n".join(body(report(*every), 80)).split("\n\n")[1].splitlines()
    assert len(lines) == 12
    assert lines[-1] == "  each: answers, TLS not tried"
    every[3] = spoken(
        (*GREETED, b"> MAIL FROM:<a@a.example>", b"< 550 no", *LEFT), host=hosts[3], unmet=[Unmet(3, "250", "550 no")]
    )
    lines = "\n".join(body(report(*every), 80)).split("\n\n")[1].splitlines()
    assert len(lines) == 13
    assert lines[5].startswith("        refuses MAIL: 550 no")
    assert lines[-1] == "  each of the others: answers, TLS not tried"
    two = "\n".join(body(report(*every[3:5]), 80)).split("\n\n")[1].splitlines()
    assert [line.startswith("        ") for line in two] == [False, False, True, False, True]


def test_html_shows_what_a_row_comes_to_beneath_it_and_codes_in_their_colour() -> None:
    refused = spoken((*GREETED, b"> MAIL FROM:<>", b"< 550 <no>", *LEFT), unmet=[Unmet(3, "250", "550 <no>")])
    other = spoken(host=replace(HOST, address="11.0.2.25"))
    shown = render_html([(report(refused, other, other), None)])
    assert '<td class="error">550' in shown
    assert '<td class="pass">221' in shown
    assert re.search(r'<tr><td class="below" colspan="\d+"><div>refuses MAIL: 550 &lt;no&gt;', shown)
    assert '<p class="quiet">each of the others: answers, TLS not tried</p>' in shown
    assert "comes to" not in shown


def test_dialogues_of_one_address_are_told_apart_by_their_value() -> None:
    def with_value(value: str) -> Conversation:
        one = spoken()
        call = one.transcript.call._replace(script=f'set eod = "{value}"\n')
        return replace(one, transcript=replace(one.transcript, call=call))

    shown = render_html([(report(with_value(r"\n.\n"), with_value(r"\r.\r")), None)])
    assert f"<summary>{HOST.endpoint}, eod &lt;LF&gt;.&lt;LF&gt;</summary>" in shown


SECURE = (b"> MAIL FROM:<>", b"< 250 ok", *LEFT)


def test_long_names_of_hosts_lose_their_middle_before_the_table_is_given_up() -> None:
    host = SmtpHost("gmail-smtp-in.l.google.example", "2a00:1450:4025:402::1b", 25, 5)
    held = (spoken((*GREETED, *SECURE), host=host), spoken(host=replace(host, address="11.0.3.25")))
    lines = "\n".join(body(report(*held), 80)).split("\n\n")[1].splitlines()
    assert lines[1].startswith("  5     gmail-smtp")
    assert "…" in lines[1].split()[1]
    assert max(map(len, lines)) <= 80


def test_the_text_of_a_failure_says_what_came_in_place_of_what_was_wanted() -> None:
    found = Finding("it does not", (Evidence("line 4 wants 250", note="got 550 no"), Evidence("bare")), Fix("mend it"))
    assert finding_text(found).splitlines() == [
        "it does not",
        "  line 4 wants 250   got 550 no",
        "  bare",
        "fix: mend it",
    ]


def test_to_quit_is_one_step_however_often_it_is_said() -> None:
    refused = spoken((*GREETED, b"> QUIT", b"< 451 4.3.0 stay", b"> QUIT", b"< 221 well"), host=replace(HOST, port=26))
    table = matrix((spoken(), refused))
    assert table.headers == ("pref", "exchange", "address", "connect", "EHLO", "QUIT", "comes to")
    assert [row[5] for row in table.rows] == ["221", "221"]


@pytest.mark.parametrize(("pieces", "shown"), [(EVIDENCE + 1, EVIDENCE + 1), (EVIDENCE + 2, EVIDENCE), (40, EVIDENCE)])
def test_of_much_evidence_the_first_pieces_are_shown_and_how_many_more_there_are(pieces: int, shown: int) -> None:
    judged = report()
    failed = next(result for result in judged.results if result.check.code == "SMTP002")
    found = Finding("it does not", tuple(Evidence(f"host {number} says no") for number in range(pieces)))
    told = replace(judged, results=(replace(failed, outcome=Outcome.FAIL, findings=(found,)),))
    lines = body(told, 80)
    assert sum(line.endswith("says no") for line in lines) == shown
    assert (f"        and {pieces - shown} more (-v shows them)" in lines) == (pieces > shown)
    whole = body(told, 80, Detail.EVERYTHING)
    assert sum(line.endswith("says no") for line in whole) == pieces


GMAIL = SmtpHost("gmail-smtp-in.l.google.com", "142.250.27.27", 25, 5)
REFUSED = (b"> RCPT TO:<c@good.example>", b"< 550-5.7.27 SPF does not pass.", b"< 550 5.7.27 See there - gsmtp")


def _refused(host: SmtpHost) -> Report:
    held = spoken((*GREETED, *REFUSED, *LEFT), host=host, unmet=[Unmet(9, "250", "550 5.7.27 SPF does not pass.")])
    return report(held)


def _exchanges(refused: Report) -> list[dict[str, Any]]:
    document = json.loads(render_json([(refused, None)]))
    return list(document["reports"][0]["smtp"]["conversations"][0]["exchanges"])


def test_everything_says_whether_to_try_again_and_who_says_so() -> None:
    whole = " ".join(" ".join(body(_refused(GMAIL), 80, Detail.EVERYTHING)).split())
    assert "Gmail says: SPF did not pass" in whole
    said = (
        "retry no: it fails again until the cause is mended (Google Workspace SMTP error reference, as of 2026-02-15)"
    )
    assert said in whole
    assert "retry" not in "".join(body(_refused(GMAIL), 80))


def test_an_unproved_provider_has_both_readings_wherever_a_reply_is_told() -> None:
    lines = (*GREETED, b"> RCPT TO:<c@good.example>", b"< 550 5.7.27 no", *LEFT)
    unmet = [Unmet(9, "250", "550 5.7.27 no")]
    refused = report(spoken(lines, unmet=unmet))
    both = "the sender's domain declares that it takes no mail (null MX); if Gmail says it: SPF did not pass"
    shown = " ".join(" ".join(body(refused, 80, Detail.EVERYTHING)).split())
    assert both in shown
    assert f"({both})" in ending(spoken(lines, unmet=unmet))
    assert "if Gmail says it, retry no" in shown
    exchange = _exchanges(refused)[2]
    assert exchange["meaning"] == both
    told = [(one["speaker"], one["proved"], one["source"], one["as_of"]) for one in exchange["readings"]]
    assert told == [
        (None, False, "RFC 7505", None),
        ("Gmail", False, "Google Workspace SMTP error reference", "2026-02-15"),
    ]
    assert all(one["whose"] and one["retry"] and one["do"] for one in exchange["readings"])


def test_json_holds_who_says_what_a_proved_providers_reply_means() -> None:
    exchanges = _exchanges(_refused(GMAIL))
    assert [bool(one["readings"]) for one in exchanges] == [one["code"] >= 400 for one in exchanges]
    (only,) = exchanges[2]["readings"]
    assert (only["speaker"], only["proved"], only["as_of"]) == ("Gmail", True, "2026-02-15")
    assert only["meaning"] == "SPF did not pass"


@pytest.mark.parametrize("width", [40, 60, 80])
def test_what_was_got_is_no_wider_than_the_terminal(width: int) -> None:
    long = b"550 5.7.26 " + b"why it is so, and what to do about it, " * 5
    unmet = [Unmet(9, "250", long.decode().strip())]
    shown = render_smtp(report(spoken((*GREETED, b"> RCPT TO:<c@good.example>", b"< " + long, *LEFT), unmet=unmet)),
                        Look(width=width))  # fmt: skip
    found = Finding("f", (Evidence("line 9 wants 250", note=f"got {unmet[0].got}"),))
    assert max(map(len, "\n".join(evidence_lines(found.evidence[0], Look(width=width))).splitlines())) <= width
    assert "why it is so" in shown


def test_html_shows_one_conversation_in_full_with_its_codes_in_colour() -> None:
    refused = spoken((*GREETED, b"> RCPT TO:<a@b.example>", b"< 550 no </pre>", *LEFT))
    shown = render_html([(report(refused), None)])
    assert f"<details open><summary>{HOST.endpoint}" in shown
    assert '&lt; <span class="error">550</span> no &lt;/pre&gt;' in shown
    assert '&lt; <span class="pass">221</span> bye' in shown
    several = render_html([(report(refused, spoken()), None)])
    assert "<details open" not in several
    assert "reverse name" not in shown  # of the exchangers nothing was asked


def test_html_of_a_conversation_that_broke_off_colours_how_it_ended() -> None:
    shown = render_html([(report(spoken(GREETED, end=End.HUNG_UP)), None)])
    assert '<span class="warning">hung up</span>' in shown


def test_of_a_wrapped_refusal_the_code_alone_is_coloured() -> None:
    refused = spoken((*GREETED, b"> RCPT TO:<a@b.example>", b"< 550 5.1.1 " + b"word " * 30, *LEFT))
    shown = (
        render_smtp(report(refused), Look(width=60, has_colour=True)).partition("connected")[2].partition("error")[0]
    )
    red = [part.partition("\x1b[0m")[0] for part in shown.split("\x1b[31m")[1:]]
    assert red == ["550"]


def test_a_matrix_says_in_which_form_a_recipient_was_tried() -> None:
    tried = (b"> RCPT TO:<a@b.example>", b"< 550 no", b'> RCPT TO:<"x"@b.example>', b"< 550 no")
    held = (
        spoken((*GREETED, *tried, *LEFT)),
        spoken((*GREETED, *tried, *LEFT), host=replace(HOST, address="11.0.9.9")),
    )
    assert matrix(held).legend == 'RCPT in order: TO:<a@b.example> · TO:<"x"@b.example>'
    shown = body(report(*held), 80)
    assert '  RCPT in order: TO:<a@b.example> · TO:<"x"@b.example>' in shown
    assert matrix((spoken(), spoken())).legend == ""


def test_steps_that_all_answer_alike_are_told_once_where_a_matrix_is_too_wide() -> None:
    def tried(value: str, *last: bytes) -> Conversation:
        one = spoken((*GREETED, *DELIVERED[len(GREETED) :], *last))
        call = one.transcript.call._replace(script=f'set eod = "{value}"\n')
        return replace(one, transcript=replace(one.transcript, call=call))

    smuggled = (b"< 250 ok", b"< 250 ok", b"< 354 go", b"< 250 ok")
    held = (tried(r"\r\n.\r\r\n", *smuggled), tried(r"\n.\n"), tried(r"\r.\r"))
    lines = "\n".join(body(report(*held), 72)).split("\n\n")[1].splitlines()
    assert lines[0].split()[:3] == ["eod", "unasked", "unasked"]
    assert lines[1] == "  10  mx1.good.example"
    assert any(line.startswith("  each: connect 220 · EHLO 250 · MAIL 250") for line in lines)
    assert max(map(len, lines)) <= 72
    assert "connect" in "\n".join(body(report(*held), 200)).split("\n\n")[1].splitlines()[0]
