"""What differs, in every format: between two runs, and from today where records are proposed."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser

import pytest

from deliverkit.classes import replace
from deliverkit.difference import Comparison, Difference, Fault, comparison, difference
from deliverkit.facts.conversing import Conversing
from deliverkit.facts.smtp import Conversation, Conversations
from deliverkit.lab.world import load
from deliverkit.model import Severity
from deliverkit.render.difference import render_comparison, sentence
from deliverkit.render.html import render_comparison_html, render_html
from deliverkit.render.json import render_comparison_json, render_comparison_jsonl
from deliverkit.render.look import Look
from deliverkit.render.markdown import render_comparison_markdown, render_markdown
from deliverkit.report import Report
from tests.judging import judge
from tests.spoken import GREETED, LEFT, spoken

HOSTILE = "</pre></script><script>alert(1)</script> \x1b[2J \u202e ```\n# owned\n[x](javascript:y) <img src=x> & \" '"
FAULT = {"code": "str", "name": "str", "severity": "str", "message": "str"}


def report(world: str) -> Report:
    return judge(load(world)).report


def compared() -> Comparison:
    before = {"good.example": report("good"), "old.example": report("good")}
    return comparison(before, {"good.example": report("exchange-is-alias"), "new.example": report("good")})


def hostile() -> Difference:
    fault = Fault("MX004", "exchange-is-alias", Severity.WARNING, HOSTILE)
    return Difference("good.example", (HOSTILE,), (HOSTILE,), (fault,), (fault,), (fault,))


class Tags(HTMLParser):
    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert not {"src", "href", "onclick"} & {name for name, _ in attrs}
        self.seen.append(tag)


def test_domains_of_one_run_alone_are_named_and_not_compared() -> None:
    found = compared()
    assert [one.domain for one in found.differences] == ["good.example"]
    assert (found.only_before, found.only_after) == (("old.example",), ("new.example",))


def test_text_says_what_differs_and_what_could_not_be_compared() -> None:
    blocks = render_comparison(compared(), Look()).split("\n\n")
    assert blocks[0].startswith("good.example: records: 2 gone, 3 new; findings: 0 gone, 1 new.\n  - mx2.good.example.")
    assert blocks[1:] == ["Only in the first case: old.example", "Only in the second case: new.example"]


def test_the_json_document_has_exactly_these_keys() -> None:
    document = json.loads(render_comparison_json(compared()))
    assert set(document) == {"schema", "deliverkit", "differences", "only_before", "only_after"}
    [found] = document["differences"]
    assert set(found) == {"domain", "records_gone", "records_new", "new", "gone", "same", "scripts"}
    assert [{key: type(value).__name__ for key, value in fault.items()} for fault in found["new"]] == [FAULT]
    assert (document["only_before"], document["only_after"]) == (["old.example"], ["new.example"])


def test_json_lines_end_with_the_domains_of_one_case_alone() -> None:
    first, last = map(json.loads, render_comparison_jsonl(compared()).splitlines())
    assert set(first) == {
        "schema",
        "deliverkit",
        "domain",
        "records_gone",
        "records_new",
        "new",
        "gone",
        "same",
        "scripts",
    }
    assert set(last) == {"schema", "deliverkit", "only_before", "only_after"}
    same = comparison({"good.example": report("good")}, {"good.example": report("good")})
    assert len(render_comparison_jsonl(same).splitlines()) == 1


def test_markdown_shows_records_as_a_difference_and_names_the_findings() -> None:
    text = render_comparison_markdown(compared())
    assert text.startswith(
        "## good.example\n\n**good.example: records: 2 gone, 3 new; findings: 0 gone, 1 new.**\n\n```diff"
    )
    assert "\n+ mx2.good.example.  IN  CNAME  mx3.good.example.\n" in text
    assert "\n- new: warning MX004 exchange-is-alias: the exchanger mx2.good.example is an alias" in text
    assert text.endswith("\n\nOnly in the first case: old.example\n\nOnly in the second case: new.example")


def test_html_shows_the_same_in_one_file() -> None:
    text = render_comparison_html(compared())
    assert not {"script", "link", "img"} & set(Tags(text).seen)
    assert '<ins class="pass">+ mx2.good.example.  IN  CNAME  mx3.good.example.</ins>' in text
    assert '<span class="error">new</span> warning MX004 exchange-is-alias: ' in text
    assert "Only in the second case: new.example" in text
    assert "<title>good.example · deliverkit</title>" in text


@pytest.mark.parametrize("render", [render_markdown, render_html])
def test_a_document_says_first_what_the_proposed_records_change(render: object) -> None:
    assert callable(render)
    before, after = report("exchange-is-alias"), report("good")
    text = render([(after, difference(before, after))])
    sentence = text.index("good.example: records: 3 gone, 2 new; findings: 1 gone, 0 new.")
    assert sentence < text.index("gone", sentence) < text.index("MX004") < text.index("With the proposed records:")
    assert text.index("With the proposed records:") < text.index("good.example receives mail")
    assert "With the proposed records:" not in render([(after, None)])


def test_hostile_text_stays_text() -> None:
    found = Comparison((hostile(),), (HOSTILE,), (HOSTILE,))
    page = render_comparison_html(found)
    assert set(Tags(page).seen) <= {
        *("html", "meta", "title", "style", "section", "h1", "pre", "del", "ins", "p", "span", "details", "summary"),
    }
    markdown = render_comparison_markdown(found)
    for text in (page, markdown, render_comparison(found, Look())):
        assert "\x1b" not in text
        assert "\u202e" not in text
    assert re.findall(r"^# owned", markdown, re.MULTILINE) == []
    outside = re.sub(r"^```\w+\n.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    assert "<script" not in outside.replace("\\<script", "")
    assert re.search(r"(?<!\\)\[x\]", outside) is None


def test_no_difference_is_a_document_too() -> None:
    same = comparison({"good.example": report("good")}, {"good.example": report("good")})
    assert render_comparison(same, Look()) == "good.example: nothing differs."
    assert render_comparison_markdown(same) == "## good.example\n\n**good.example: nothing differs.**"
    assert "good.example: nothing differs." in render_comparison_html(same)


def held(script: str, one: Conversation) -> Report:
    found = report("smtp-good")
    said = Conversations(Conversing(name=script), (one,))
    return replace(found, facts={**found.facts, Conversations: said})


def test_conversations_by_different_scripts_are_compared_by_what_does_not_hang_on_them() -> None:
    bare = (b"< 220 mx1.good.example ESMTP", b"> EHLO probe.example", b"< 250 mx1.good.example", *LEFT)
    same = difference(held("deliver", spoken()), held("greet", spoken((*GREETED, b"> RSET", b"< 250 ok", *LEFT))))
    changed = difference(held("deliver", spoken()), held("greet", spoken(bare)))
    assert (same.scripts, same.is_none) == (("deliver", "greet"), True)
    said = sentence(same)
    assert said.startswith("good.example: the conversations are by different scripts (deliver, then greet), so replies")
    assert said.endswith("hosts spoken to in both: nothing differs.")
    assert not same.same  # neither report's findings about what was said
    assert changed.records_gone == ("mx1.good.example [11.0.1.25]:25  offers STARTTLS",)
    alike = difference(held("greet", spoken()), held("greet", spoken(bare)))
    assert (alike.scripts, alike.records_gone) == (None, changed.records_gone)
