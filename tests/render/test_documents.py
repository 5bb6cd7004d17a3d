"""The formats that are one document: JUnit, SARIF, Markdown, HTML. Nothing from the network may escape its place."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import date
from html.parser import HTMLParser
from typing import Any
from xml.etree.ElementTree import fromstring  # the documents are our own

import pytest

from deliverkit.lab.world import load
from deliverkit.model import Evidence, Finding, Fix, Outcome, Reference, Result, Severity, Span, Verdict, Waiver
from deliverkit.render.html import render_html
from deliverkit.render.junit import render_junit
from deliverkit.render.markdown import render_markdown
from deliverkit.render.sarif import render_sarif
from deliverkit.render.snippet import render_snippet
from deliverkit.report import Report, Target
from tests.judging import judge

HOSTILE = "</pre></script><script>alert(1)</script> \x1b[2J \u202e ```\n# owned\n[x](javascript:y) <img src=x> & \" '"


def report(world: str) -> Report:
    return judge(load(world)).report


def hostile() -> Report:
    """A report whose every text is hostile."""
    found = report("exchange-is-alias")
    evidence = Evidence(HOSTILE, Span(2, 9), HOSTILE)
    rules = (Reference(HOSTILE, HOSTILE, date(2026, 2, 15)),)
    finding = Finding(HOSTILE, (evidence,), Fix(HOSTILE, (HOSTILE,)), references=rules)

    def spoilt(result: Result) -> Result:
        if result.outcome is Outcome.PASS:
            return replace(result, outcome=Outcome.UNKNOWN, reasons=(HOSTILE,))
        return replace(result, findings=(finding,) if result.findings else ())

    verdicts = {area: Verdict(HOSTILE, HOSTILE) for area in found.verdicts}
    return replace(found, results=tuple(map(spoilt, found.results)), verdicts=verdicts)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


def tags(text: str) -> list[tuple[str, dict[str, str | None]]]:
    parser = Tags()
    parser.feed(text)
    return parser.seen


def test_junit_has_a_case_for_each_check_and_fails_what_counts() -> None:
    found = report("exchange-is-alias")
    lenient, strict = (fromstring(render_junit([found], least)) for least in (Severity.ERROR, Severity.WARNING))
    assert len(lenient.findall(".//testcase")) == len(found.results)
    assert lenient.findall(".//failure") == []
    [failure] = strict.findall(".//failure")
    assert failure.get("message") == "the exchanger mx2.good.example is an alias and some senders refuse that"
    suite = strict.find("testsuite")
    assert suite is not None
    assert (suite.get("tests"), suite.get("failures")) == (str(len(found.results)), "1")


def test_junit_tells_what_could_not_be_found_out_from_what_failed() -> None:
    root = fromstring(render_junit([report("resolver-refuses")], Severity.ERROR))
    assert root.findall(".//failure") == []
    assert {error.get("type") for error in root.findall(".//error")} == {"unknown"}
    assert any("could not be found out" in (skipped.get("message") or "") for skipped in root.findall(".//skipped"))


def test_sarif_points_at_the_record() -> None:
    document: Any = json.loads(render_sarif([report("exchange-is-alias")]))
    [run] = document["runs"]
    [result] = run["results"]
    region = result["locations"][0]["physicalLocation"]["region"]
    text = region["snippet"]["text"]
    assert (document["version"], result["ruleId"], result["level"]) == ("2.1.0", "MX004", "warning")
    assert text[region["startColumn"] - 1 : region["endColumn"] - 1] == "mx2.good.example."
    assert result["ruleId"] in {rule["id"] for rule in run["tool"]["driver"]["rules"]}


def test_sarif_notes_what_could_not_be_found_out() -> None:
    [run] = json.loads(render_sarif([report("reverse-silent")]))["runs"]
    notes = run["invocations"][0]["toolExecutionNotifications"]
    assert {note["descriptor"]["id"] for note in notes} == {"MX017", "MX018", "MX019"}
    assert run["results"] == []


def test_markdown_shows_the_fix_as_a_difference() -> None:
    text = render_markdown([(report("exchange-is-alias"), None)])
    assert "```diff\n- good.example.  3600  IN  MX  20 mx2.good.example.\n+ good.example." in text
    assert text.startswith("## good.example\n\n**good.example receives mail, but")


def test_html_is_one_file_that_fetches_nothing() -> None:
    found = [report("gmail"), report("dnssec-bogus")]
    text = render_html([(one, None) for one in found])
    seen = tags(text)
    assert not {"script", "link", "img", "iframe", "object"} & {tag for tag, _ in seen}
    assert not [value for _, attributes in seen for key, value in attributes.items() if key in {"src", "href"}]
    assert "url(" not in text
    assert "@import" not in text
    assert text.count("<h1>") == sum(len(one.verdicts) for one in found)
    assert "gmail-smtp-in.l.google.com" in text


@pytest.mark.parametrize("name", ["good", "no-mail-host", "null-mx", "resolver-silent", "implicit-mx", "resolver-well"])
def test_every_format_takes_every_kind_of_report(name: str) -> None:
    found = [report(name)]
    assert fromstring(render_junit(found, None)).tag == "testsuites"
    assert json.loads(render_sarif(found))["runs"]
    assert render_markdown([(found[0], None)]).strip()
    assert tags(render_html([(found[0], None)]))


def test_no_reports_are_documents_too() -> None:
    assert fromstring(render_junit([], Severity.ERROR)).findall(".//testcase") == []
    assert json.loads(render_sarif([]))["runs"][0]["results"] == []
    assert render_markdown([]) == ""
    assert tags(render_html([]))


def test_the_rule_of_a_provider_stands_in_every_document_with_the_date_of_its_text() -> None:
    found = report("exchange-is-alias")
    rule = Reference("Google Workspace SMTP error reference", "550 5.7.27", date(2026, 2, 15))
    ruled = Finding("it refuses", references=(rule,))
    results = tuple(replace(one, findings=(ruled,) if one.findings else ()) for one in found.results)
    ruled_by = replace(found, results=results)
    words = "rule: Google Workspace SMTP error reference, 550 5.7.27 (as of 2026-02-15)"
    assert f'<p class="quiet">{words}</p>' in render_html([(ruled_by, None)])
    assert f"\n{words.capitalize().replace('google workspace smtp', 'Google Workspace SMTP')}\n" in (
        render_markdown([(ruled_by, None)]).replace("\\", "")
    )
    for rendered in (render_junit([ruled_by], Severity.NOTE), render_sarif([ruled_by])):
        assert words in rendered


def test_hostile_text_stays_text_in_html() -> None:
    plain = tags(render_html([(report("exchange-is-alias"), None)]))
    spoilt = tags(render_html([(hostile(), None)]))
    assert {tag for tag, _ in spoilt} <= {tag for tag, _ in plain} | {"span", "p", "br"}
    assert "alert(1)" in render_html([(hostile(), None)])
    assert "\x1b" not in render_html([(hostile(), None)])


def test_hostile_text_stays_text_elsewhere() -> None:
    found = [hostile()]
    assert fromstring(render_junit(found, Severity.NOTE)).tag == "testsuites"
    assert json.loads(render_sarif(found))
    text = render_markdown([(found[0], None)])
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert re.findall(r"^# owned", text, re.MULTILINE) == []
    outside = re.sub(r"^```\w+\n.*?^```$", "", text, flags=re.MULTILINE | re.DOTALL)
    assert "<script" not in outside.replace("\\<script", "")
    assert re.search(r"(?<!\\)\[x\]", outside) is None


def test_this_machine_is_shown_in_every_document() -> None:
    found = replace(report("port-25-blocked"), target=Target("", "this machine"))
    page, text = render_html([(found, None)]), render_markdown([(found, None)])
    assert "<title>this machine · deliverkit</title>" in page
    assert "<tr><td>zen.spamhaus.org<td>addresses<td>✓ answers</tr>" in page
    assert text.startswith("## this machine\n")
    assert "| zen.spamhaus.org | addresses | ✓ answers |" in text
    suite = fromstring(render_junit([found], Severity.WARNING)).find("testsuite")
    assert suite is not None
    assert suite.get("name") == "this machine"
    assert "this machine" in render_sarif([found])


def waived() -> Report:
    """A report whose one fault is waived, for a hostile reason."""
    found = report("exchange-is-alias")
    waiver = Waiver("MX004", HOSTILE, date(2027, 3, 31))
    results = (
        replace(one, outcome=Outcome.WAIVED, waiver=waiver) if one.outcome is Outcome.FAIL else one
        for one in found.results
    )
    return replace(found, results=tuple(results))


def test_a_waived_fault_is_shown_as_waived_in_every_format() -> None:
    found = waived()
    suite = fromstring(render_junit([found], Severity.NOTE))
    assert next(case.get("message", "")[:23] for case in suite.iter("skipped")) == "waived until 2027-03-31"
    assert not list(suite.iter("failure"))
    [result] = json.loads(render_sarif([found]))["runs"][0]["results"]
    assert [one["kind"] for one in result["suppressions"]] == ["external"]
    assert "Waived until 2027-03-31" in render_markdown([(found, None)])
    page = render_html([(found, None)])
    assert "waived: MX004 exchange-is-alias until 2027-03-31" in page
    assert not {"script", "img"} & {tag for tag, _ in tags(page)}


def test_a_snippet_holds_each_line_of_the_fixes_once() -> None:
    found = report("exchange-is-alias")
    [fault] = found.of(Outcome.FAIL)
    twice = replace(found, results=(fault, replace(fault, findings=fault.findings * 2)))
    lines = render_snippet(twice).splitlines()
    assert len(lines) == len(set(lines)) == 4
    assert lines[1].startswith("; MX004 exchange-is-alias: ")
    assert [line[:2] for line in lines[2:]] == ["- ", "+ "]
    assert render_snippet(report("good")) == "; good.example: no fix changes a record"
    assert render_snippet(hostile()).replace("\n", "").isprintable()


def test_the_fixes_of_one_record_are_one_record() -> None:
    found = judge(load("mail-goes-to-spam")).report
    lines = render_snippet(found).splitlines()
    [spf] = [line for line in lines if line.startswith("+ shop.example.")]
    assert spf.endswith('"v=spf1 mx include:_spf.newsletter.example ~all"')
    assert [line[:8] for line in lines if line.startswith("; SPF")] == ["; SPF012", "; SPF007"]
