"""The gate's answer in every form: what the campaign's names and the network say is obeyed by none of them."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest

from deliverkit.checks.registry import checks_of
from deliverkit.gate import Answer, Gate, Terms, decide
from deliverkit.model import Finding, Fix, Outcome, Result, Severity
from deliverkit.observations import Instant
from deliverkit.render.look import Detail, Look
from deliverkit.render.preflight import render_preflight
from deliverkit.render.preflight_html import render_preflight_html
from deliverkit.render.preflight_json import render_preflight_json
from deliverkit.render.preflight_junit import render_preflight_junit
from deliverkit.render.preflight_markdown import render_preflight_markdown
from deliverkit.report import Report, Target, Trace

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
