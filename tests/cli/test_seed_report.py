"""``deliverkit seed report`` in every format, also where what it shows means harm."""

from __future__ import annotations

import json
import re
from datetime import timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import fromstring  # the documents are our own

import pytest
from click.testing import CliRunner, Result

from deliverkit.cli import cli
from deliverkit.seeds.journal import open_journal
from tests.seeds.filled import fill

HEADER = b"""\
Return-Path: <a@\x1b[2J<script>.example>\r
Authentication-Results: a.example; dkim=pass header.d=\x1b]0;<script>\xff\r
X-Spam-Status: Yes, score=9 required=5 tests=</pre><script>\x9b2J\r
DKIM-Signature: v=1; d=<img>\xe2\x80\xae; s=k; b=y\r
Received: from <script> (x [192.0.2.9]) by </summary><script>\x07; Wed, 25 Nov 2026 10:00:09 +0000\r
"""
HOSTILE = "</title></svg><script>alert(1)</script>\x1b[2J\u202e```|<img src=x onerror=y>\"'&"
ENDS = {
    "Gmail": ["inbox", "inbox", "inbox", "tab", "tab", "junk"],
    "Yahoo": ["inbox", "junk", "missing", "refused"],
}
SHARES = ("--audience", "Gmail=30", "--audience", "Yahoo=10")


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)  # no seeds.toml of a developer's is read
    return tmp_path / "seeds.sqlite"


def report(journal: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["seed", "report", "--journal", str(journal), *arguments], env=environment)


def test_the_verdict_stands_first_and_six_copies_say_little(journal: Path) -> None:
    fill(journal, ("Spring sale", {"Gmail": ["inbox"] * 5 + ["junk"]}))
    result = report(journal, "--wanted", "0.8", COLUMNS="100")
    first = "Spring sale: of 6 seed copies at 1 provider 5 reached the inbox: 83 % (44–97 %), you asked for 80 %:"
    assert result.output.replace("\n", " ").startswith(f"{first} cannot tell.")
    assert result.exit_code == 3


def test_the_exit_code_follows_the_rate(journal: Path) -> None:
    fill(journal, ("good", {"Gmail": ["inbox"] * 30}), ("bad", {"Gmail": ["junk"] * 30}))
    assert report(journal, "good", "--wanted", "0.7").exit_code == 0
    assert report(journal, "bad", "--wanted", "0.7").exit_code == 1
    assert report(journal, "--wanted", "0.7").exit_code == 1  # the newest


def test_a_terminal_gets_a_bar_for_each_provider_where_it_is_wide_enough(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    wide = report(journal, *SHARES, COLUMNS="100").output
    assert re.search(r"^  Gmail .* 75 % +███▓▓▒$", wide, re.MULTILINE)
    assert re.search(r"^  Yahoo .* 25 % +█▒x\?$", wide, re.MULTILINE)
    assert "  █ inbox  ▓ inbox tab  ▒ junk  x rejected or bounced  ? missing\n" in wide
    narrow = report(journal, *SHARES, COLUMNS="60").output
    assert "▓" not in narrow
    assert max(map(len, narrow.splitlines())) <= 60


def test_each_end_that_is_no_inbox_is_told(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    said = report(journal).output
    assert "rejected: seed3@b.example at Yahoo: mx1.north.example refused it: 550 5.7.1 no" in said
    assert "missing: seed2@b.example at Yahoo: accepted by mx1.north.example (250 2.0.0 Ok: queued), not found" in said
    assert "quarantine or delay cannot be excluded" in said
    assert "filtered" not in said


def test_with_v_every_copy_is_told_with_its_sending(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    said = report(journal, "-v").output
    assert "seed3@a.example (Gmail): tab, INBOX, tab promotions, 8 s" in said
    assert said.count("handed over to mx1.north.example [11.0.1.25]:25:") == 10
    assert "> RCPT TO:<a>" in said


def test_a_mailbox_that_cannot_be_read_is_told_once_and_leaves_the_answer_open(journal: Path) -> None:
    (test,) = fill(journal, ("Spring sale", {"Gmail": ["missing"] * 5}))
    problems = [(copy.address, "its login is refused") for copy in test.copies]
    with open_journal(journal) as kept:
        kept.note_look(test.token, test.started + timedelta(hours=4), problems=problems)
    said = report(journal, "--wanted", "0.7")
    assert said.exit_code == 3
    assert said.output.startswith(
        "Spring sale: of 5 seed copies none has come to an end that counts yet (5 unreadable)."
    )
    assert said.output.count("seed0@a.example") == 1
    told = report(journal, "--wanted", "0.7", "--format", "json").output
    assert "5 seed copies unreadable, as at Gmail: accepted by" in told


def test_an_audience_elsewhere_is_said_to_be_the_reason(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    said = report(journal, "--audience", "Gmial=1").output
    assert said.startswith(
        "Spring sale: of 10 seed copies none is at a provider of your audience (4 inbox, 2 tab, 2 junk,"
    )


def test_with_q_the_verdict_alone(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    assert len(report(journal, "-q").output.splitlines()) == 1


def test_json_tells_figures_and_copies(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    document = json.loads(report(journal, *SHARES, "--wanted", "0.7", "--format", "json").stdout)
    found = document["reports"][0]["placement"]
    assert (found["test"], found["n"], found["settled"], found["inbox"]) == ("Spring sale", 10, 10, 6)
    assert found["total"]["weighted"] is True
    assert found["total"]["rate"] == pytest.approx(0.75 * 5 / 6 + 0.25 * 1 / 4, abs=1e-6)
    gmail, yahoo = found["providers"]
    assert gmail["counts"] == {"inbox": 3, "junk": 1, "tab": 2}
    assert gmail["interval"] == pytest.approx({"low": 0.4365, "high": 0.9699}, abs=1e-4)
    assert gmail["delays"] == {"median_s": 8.0, "p95_s": 8.0}
    assert (yahoo["n"], yahoo["share"], yahoo["rate"]) == (4, 0.25, 0.25)
    assert {copy["fate"] for copy in found["copies"]} == {"inbox", "tab", "junk", "missing", "rejected"}
    arrived = next(copy for copy in found["copies"] if copy["fate"] == "tab")
    assert arrived["evidence"]["address"] == arrived["address"]
    [line] = report(journal, "--format", "jsonl").stdout.splitlines()
    assert json.loads(line)["placement"]["total"]["weighted"] is False


def test_the_key_placement_has_exactly_these_keys(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    found = json.loads(report(journal, *SHARES, "--format", "jsonl").stdout)["placement"]
    whole = "test wanted n settled inbox open total at_worst at_best providers control problems copies"
    assert list(found) == whole.split()
    assert list(found["total"]) == ["rate", "interval", "weighted", "worth", "uncovered"]
    assert " ".join(found["providers"][0]) == "provider share n settled inbox counts rate interval delays"
    copy = next(one for one in found["copies"] if one["evidence"])
    assert " ".join(copy) == "address provider is_control fate folder delay_s detail unlike evidence"
    assert " ".join(copy["evidence"]) == "address is_control results verdicts way foreign blamed"


def test_html_has_a_chart_that_speaks(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    page = report(journal, *SHARES, "--wanted", "0.7", "--format", "html").stdout
    assert "<script" not in page
    assert '<title id="placement-title">Spring sale: where its seed copies landed</title>' in page
    assert "Gmail: 3 inbox, 2 inbox tab, 1 junk. Yahoo: 1 inbox, 1 junk, 1 rejected or bounced, 1 missing." in page
    assert page.count('<rect class="edge" x=') == 7
    assert ">asked for: 70 %</text>" in page
    assert page.count("url(#seeds-rejected)") == 2  # its bar, and what it means
    assert page.count('id="seeds-') == page.count("<pattern ") == 8


def test_junit_has_a_case_for_each_check(journal: Path) -> None:
    fill(journal, ("bad", {"Gmail": ["junk"] * 30}))
    root = fromstring(report(journal, "--wanted", "0.7", "--format", "junit").stdout)
    assert [one.get("type") for one in root.iter("failure")] == ["error"]


def test_nothing_that_others_wrote_is_obeyed(journal: Path) -> None:
    fill(journal, (HOSTILE, {HOSTILE: ["inbox", "junk", "missing", "refused"]}), reply=HOSTILE, header=HEADER)
    for form in ("table", "json", "jsonl", "markdown", "html", "junit"):
        text = report(journal, "-v", "--format", form).stdout
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", text), form
    page = report(journal, "--format", "html").stdout
    assert "<script" not in page
    assert "<img" not in page
    assert _unbalanced(page) == []
    markdown = report(journal, "--format", "markdown").stdout
    assert not re.search(
        r"(?<!\\)<(script|img)", re.sub(r"^```text$.*?^```$", "", markdown, flags=re.MULTILINE | re.DOTALL)
    )
    assert all("\\<" not in line for line in markdown.splitlines() if line.startswith("<details>"))
    assert fromstring(report(journal, "--format", "junit").stdout).tag == "testsuites"


def _unbalanced(page: str) -> list[str]:
    """The elements of drawings that are not closed in their order."""
    wanted, wrong = {"svg", "figure", "text", "title", "desc", "pattern", "details"}, []

    class Stack(HTMLParser):
        open: list[str] = []  # noqa: RUF012 - one instance

        def handle_starttag(self, tag: str, attrs: Any) -> None:  # noqa: ARG002 - the parser's signature
            if tag in wanted:
                self.open.append(tag)

        def handle_endtag(self, tag: str) -> None:
            if tag in wanted and (not self.open or self.open.pop() != tag):
                wrong.append(tag)

    parser = Stack()
    parser.feed(page)
    return wrong + parser.open


@pytest.mark.parametrize("given", ["Gmail", "Gmail=", "=3", "Gmail=-1", "Gmail=nan", "Gmail=inf", "Gmail=0"])
def test_an_audience_that_is_none_is_refused(journal: Path, given: str) -> None:
    fill(journal, ("Spring sale", ENDS))
    result = report(journal, "--audience", given)
    assert (result.exit_code, result.stdout) == (2, "")
    assert "--audience" in result.output


def test_a_test_that_is_not_there_is_said_to_be_none(journal: Path) -> None:
    fill(journal, ("Spring sale", ENDS))
    result = report(journal, "Autumn")
    assert "there is no seed test 'Autumn'" in str(result.exception) + result.output


def test_the_page_on_scores_shows_what_the_command_prints(journal: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "seeds.md").read_text("utf-8")
    shown = page.partition("```text\n")[2].partition("```")[0]
    ends = {
        "Gmail": ["inbox"] * 3 + ["tab"] * 2 + ["junk"],
        "Outlook.com": ["inbox"] * 3 + ["missing"],
        "Yahoo": ["inbox", "junk"],
    }
    fill(journal, ("Spring sale", ends))
    shares = [f"--audience={share}" for share in ("Gmail=0.44", "Outlook.com=0.31", "Yahoo=0.25")]
    assert report(journal, *shares, "--wanted", "0.8", COLUMNS="100").output.startswith(shown)
