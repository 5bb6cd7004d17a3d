"""The gate's answer in every form: what the campaign's names and the network say is obeyed by none of them."""

from __future__ import annotations

import asyncio
import json
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest

from deliverkit.checks.registry import checks_of
from deliverkit.facts.placement import Fate, PlacedCopy, placement_of
from deliverkit.gate import Answer, Gate, Terms, decide
from deliverkit.model import Finding, Fix, Outcome, Result, Severity, Waiver
from deliverkit.observations import Instant
from deliverkit.render.look import Detail, Look
from deliverkit.render.preflight import render_preflight
from deliverkit.render.preflight_html import render_preflight_html
from deliverkit.render.preflight_json import render_preflight_json
from deliverkit.render.preflight_junit import render_preflight_junit
from deliverkit.render.preflight_markdown import render_preflight_markdown
from deliverkit.report import Report, Target, Trace
from deliverkit.seeds.reporting import judged

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
CHECK, OTHER, *_ = checks_of("mx")
HOSTILE = "</title><script>alert(1)</script>\x1b[31m\x07\u202e]]>&\x9b"


def gate(
    outcome: Outcome, *, name: str = "spring", said: str = "it is broken", unfinished: tuple[str, ...] = ()
) -> Gate:
    finding = Finding(said, fix=Fix(said), touches=("Gmail",))
    found = (finding,) if outcome is Outcome.FAIL else ()
    reasons = (said,) if outcome is Outcome.UNKNOWN else ()
    result = Result(CHECK, Severity.ERROR, outcome, found, reasons)
    report = Report(Target("", name), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    terms = Terms(name, {"Gmail": 0.44}, untested=("blocklists",), unfinished=unfinished)
    return decide(terms, [report], NOON)


def every(found: Gate) -> dict[str, str]:
    return {
        "table": render_preflight(found, Look(detail=Detail.EVERYTHING)),
        "html": render_preflight_html(found),
        "json": render_preflight_json(found),
        "junit": render_preflight_junit(found),
        "markdown": render_preflight_markdown(found),
    }


@pytest.mark.parametrize(
    ("found", "answer", "sentence"),
    [
        (gate(Outcome.PASS), Answer.GO, "no known blocker for spring; valid until 2026-11-27 12:00 UTC"),
        (gate(Outcome.FAIL), Answer.NO_GO, "1 reason, it touches 44 % of your audience."),
        (
            gate(Outcome.UNKNOWN),
            Answer.CANNOT_TELL,
            "1 thing about spring could not be found out, and it could stop it.",
        ),
        (gate(Outcome.PASS, unfinished=("no way out",)), Answer.CANNOT_TELL, "1 thing about spring"),
    ],
)
def test_the_answer_stands_first_in_every_form(found: Gate, answer: Answer, sentence: str) -> None:
    shown = every(found)
    assert shown["table"].startswith(f"{answer}: {sentence}")
    document = json.loads(shown["json"])
    assert (document["answer"], document["sentence"].startswith(f"{answer}: {sentence}")) == (answer, True)
    assert shown["markdown"].startswith(f"# {answer}: spring")
    case = fromstring(shown["junit"]).find("testsuite/testcase")
    assert case is not None
    wanted = {Answer.GO: None, Answer.NO_GO: "failure", Answer.CANNOT_TELL: "error"}[answer]
    assert [one.tag for one in case if one.tag != "system-out"] == ([wanted] if wanted else [])
    assert f">{answer}</p>" in shown["html"]
    for text in shown.values():
        assert "blocklists" in text


def test_what_could_not_be_finished_is_told_everywhere() -> None:
    for text in every(gate(Outcome.PASS, unfinished=("no way out of here",))).values():
        assert "no way out of here" in text


@pytest.mark.parametrize("outcome", [Outcome.WAIVED, Outcome.FAIL])
def test_a_waiver_is_told_everywhere_and_so_is_one_that_is_over(outcome: Outcome) -> None:
    waiver = Waiver(CHECK.code, "new hosts soon", date(2026, 11, 25))
    result = Result(CHECK, Severity.ERROR, outcome, (Finding("it is broken"),), (), waiver)
    report = Report(Target("", "spring"), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    shown = every(decide(Terms("spring", {}), [report], NOON))
    if outcome is Outcome.WAIVED:
        for text in shown.values():
            assert "o known blocker for spring but 1 fault that you waived" in text
            assert "it is broken" in text
    else:
        assert json.loads(shown.pop("json"))["reasons"][0]["waiver"]["until"] == "2026-11-25"
        for text in shown.values():
            assert "its waiver was over on 2026-11-25" in text


def test_two_reports_on_one_domain_have_names_of_their_own() -> None:
    reports = [
        Report(Target("good.example", given), "domain", Instant(NOON), {}, (), {}, Trace((), 0.1))
        for given in ("good.example", "ada@good.example")
    ]
    shown = every(decide(Terms("spring", {}), reports, NOON))
    suites = [suite.get("name") for suite in fromstring(shown["junit"])]
    assert suites == ["preflight", "good.example", "ada@good.example"]
    assert "\nada@good.example:\n" in shown["table"]
    assert "<summary>ada@good.example</summary>" in shown["markdown"]


def test_warnings_stand_before_notes() -> None:
    results = [
        Result(CHECK, Severity.NOTE, Outcome.FAIL, (Finding("a trifle"),)),
        Result(OTHER, Severity.WARNING, Outcome.FAIL, (Finding("a mistake"),)),
    ]
    reports = [
        Report(Target("", "spring"), "campaign", Instant(NOON), {}, (one,), {}, Trace((), 0.1)) for one in results
    ]
    shown = render_preflight(decide(Terms("spring", {}), reports, NOON), Look(detail=Detail.EVERYTHING))
    assert shown.index("a mistake") < shown.index("a trifle")


def seeded(*inbox: int, wanted: float) -> Gate:
    """The gate over a seed test with ten copies at each provider, so many of them in the inbox."""
    copies = [
        PlacedCopy(f"{number}@{name}.example", name, Fate.INBOX if number < good else Fate.JUNK)
        for name, good in zip(("Gmail", "Yahoo"), inbox, strict=True)
        for number in range(10)
    ]
    placement = placement_of("spring", copies, shares={"Gmail": 0.5, "Yahoo": 0.5}, wanted=wanted)
    report = asyncio.run(judged(placement, NOON))
    return decide(Terms("spring", {"Gmail": 0.5, "Yahoo": 0.5}), [report], NOON)


def test_where_the_copies_landed_is_told_by_provider_unless_all_is_well() -> None:
    bad, good = seeded(9, 0, wanted=0.9), seeded(10, 10, wanted=0.6)
    assert (bad.answer, good.answer) == (Answer.NO_GO, Answer.GO)
    assert "inbox rate" in render_preflight(bad, Look())
    assert "inbox rate" not in render_preflight(good, Look())
    assert "inbox rate" in render_preflight(good, Look(detail=Detail.EVERYTHING))


def test_it_is_told_whose_rule_stops_it() -> None:
    [check] = [one for one in checks_of("message") if one.name == "not-one-click"]
    result = Result(check, Severity.ERROR, Outcome.FAIL, (Finding("it is broken", touches=("Gmail",)),))
    report = Report(Target("", "spring"), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    shown = every(decide(Terms("spring", {}), [report], NOON))
    named = [str(reference) for reference in check.references]
    assert json.loads(shown.pop("json"))["reasons"][0]["references"] == named
    for text in shown.values():
        assert " · ".join(named) in text
        assert "our policy that it stops a campaign" in text


def test_it_is_told_whom_a_reason_touches() -> None:
    shown = every(gate(Outcome.FAIL))
    assert json.loads(shown.pop("json"))["reasons"][0]["touches"] == ["Gmail"]
    for text in shown.values():
        assert "Gmail: 44 %" in text.replace("&nbsp;", " ")


def test_of_many_rfcs_the_first_is_named() -> None:
    [check] = [one for one in checks_of("dkim") if one.name == "no-key-found"]
    result = Result(check, Severity.ERROR, Outcome.FAIL, (Finding("it is broken"),))
    report = Report(Target("", "spring"), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    shown = render_preflight(decide(Terms("spring", {}), [report], NOON), Look())
    assert f"{check.references[0]}\n" in shown
    assert str(check.references[1]) not in shown


def test_a_reason_that_touches_no_reader_says_by_what_it_knows() -> None:
    result = Result(CHECK, Severity.ERROR, Outcome.FAIL, (Finding("it is broken", touches=("Gmail",)),))
    report = Report(Target("", "spring"), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    shown = render_preflight(decide(Terms("spring", {"Yahoo": 1.0}), [report], NOON), Look())
    assert shown.startswith("NO-GO: 1 reason against spring, and by [audience] none of your readers is touched.\n")


@pytest.mark.parametrize(
    ("fix", "is_record"),
    [(Fix("look again"), False), (Fix("take it out", ("good.example.  3600  IN  MX  10 mx.good.example.",)), True)],
)
def test_records_alone_stand_to_be_copied(fix: Fix, is_record: bool) -> None:  # noqa: FBT001 - one of two cases
    result = Result(CHECK, Severity.ERROR, Outcome.FAIL, (Finding("it is broken", fix=fix),))
    report = Report(Target("", "spring"), "campaign", Instant(NOON), {}, (result,), {}, Trace((), 0.1))
    shown = render_preflight_html(decide(Terms("spring", {}), [report], NOON))
    assert ("Records, to copy" in shown) is is_record


class Tags(HTMLParser):
    """The tags of a document."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - its signature
        self.found.add(tag)


@pytest.mark.parametrize("outcome", [Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS])
def test_hostile_names_and_findings_are_obeyed_nowhere(outcome: Outcome) -> None:
    shown = every(gate(outcome, name=HOSTILE, said=HOSTILE, unfinished=(HOSTILE,)))
    for form, text in shown.items():
        assert [sign for sign in "\x1b\x07\u202e\x9b" if sign in text] == [], form
    assert "script" not in Tags(shown["html"]).found
    assert "<script" not in shown["markdown"].replace("\\<", "")
    fromstring(shown["junit"])
    assert json.loads(shown["json"])["campaign"] == HOSTILE


def test_the_html_fetches_nothing() -> None:
    text = render_preflight_html(gate(Outcome.FAIL))
    assert not {"script", "link", "img", "iframe"} & Tags(text).found
    assert "http" not in text.replace("http-equiv", "")
    assert "default-src 'none'" in text
