"""``deliverkit seed history``: the trend, chance, what changed, in every format and with hostile names."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from deliverkit.cli import cli
from tests.cli.test_seed_report import HEADER
from tests.seeds.filled import fill

GOOD = {"Gmail": ["inbox"] * 12, "Yahoo": ["inbox"] * 11 + ["junk"]}
BAD = {"Gmail": ["junk"] * 9 + ["inbox"] * 3, "Yahoo": ["inbox"] * 6}
HOSTILE = "</title></svg><script>alert(1)</script>\x1b[2J\u202e|<img src=x>\"'&"


@pytest.fixture
def journal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path / "seeds.sqlite"


def history(journal: Path, *arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(cli, ["seed", "history", "--journal", str(journal), *arguments], env=environment)


def test_a_fall_that_is_more_than_chance_is_said_to_be_one(journal: Path) -> None:
    fill(journal, ("Spring sale", GOOD), ("Spring sale", GOOD), ("Spring sale", BAD))
    result = history(journal, "Spring sale", COLUMNS="100")
    said = " ".join(result.output.split())
    assert result.exit_code == 0
    assert said.startswith(
        "Spring sale: 3 seed tests; at the newest 9 of 18 seed copies reached the inbox: 50 % (29–71 %), 46 points "
        "lower than at the one before: that is more than chance."
    )
    assert re.search(
        r"^  2026-12-02 10:00 +24 +96 % \(80–99 %\) +≈ 0 points \(−16 to \+16\)", result.output, re.MULTILINE
    )
    assert re.search(r"^  2026-12-09 10:00 +18 .* ▼ −46 points \(−67 to −19\) +─+●─+│", result.output, re.MULTILINE)
    assert "  ██▅ " in result.output
    assert "Since the last good test (2026-12-02, 96 % (80–99 %), 70 % asked for) changed:" in said
    assert "providers: Gmail 12, Yahoo 12 → Gmail 12, Yahoo 6" in said
    assert "message: 000000000000 → 000000000000" not in said


def test_a_pipe_and_ascii_get_lines_that_they_can_show(journal: Path) -> None:
    fill(journal, ("Spring sale", GOOD), ("Spring sale", BAD))
    assert "●" not in history(journal).output  # no width is known
    assert max(map(len, history(journal, COLUMNS="64").output.splitlines())) <= 64


def test_without_a_name_all_tests_and_at_most_so_many(journal: Path) -> None:
    fill(journal, ("one", GOOD), ("two", BAD), ("three", GOOD))
    assert history(journal).output.startswith("3 seed tests; ")
    assert "  two " in history(journal).output
    assert history(journal, "--last", "2").output.startswith("2 seed tests; ")
    assert history(journal, "two").output.startswith("two: 1 seed test; ")


def test_nothing_changed_and_nothing_was_good(journal: Path) -> None:
    fill(journal, ("one", BAD), ("one", BAD))
    assert "No test before the newest reached 70 %." in history(journal).output
    said = " ".join(history(journal, "--wanted", "0.4").output.split())
    assert "changed: message: " not in said  # digests begin alike in this journal
    assert "nothing changed that the journal knows of" in said


def test_json_has_the_changes(journal: Path) -> None:
    fill(journal, ("Spring sale", GOOD), ("Spring sale", BAD))
    found = json.loads(history(journal, "--format", "json").stdout)
    first, second = found["tests"]
    assert first["change"] is None
    assert second["change"]["more_than_chance"] is True
    assert second["change"]["rise"] == pytest.approx(9 / 18 - 23 / 24, abs=1e-6)
    assert found["last_good"] == first["token"]
    assert [one["what"] for one in found["changed_since"]] == ["providers"]
    assert second["traits"]["signed by"] == "shop.example"
    assert found["dns"] is None


def test_two_case_files_say_what_changed_in_the_dns(journal: Path, tmp_path: Path) -> None:
    fill(journal, ("Spring sale", GOOD), ("Spring sale", BAD))
    cases = [str(tmp_path / f"{world}.json") for world in ("good", "exchange-is-alias")]
    for case, world in zip(cases, ("good", "exchange-is-alias"), strict=True):
        CliRunner().invoke(cli, ["mx", "good.example", "--lab", world, "--save", case])
    for form, sign in (("table", "MX004"), ("html", "MX004"), ("json", '"MX004"')):
        assert sign in history(journal, "--case", *cases, "--format", form).stdout
    refused = history(journal, "--case", cases[0], "none.json")
    assert "none.json" in refused.output + str(refused.exception)


def test_html_has_a_trend_and_obeys_nobody(journal: Path) -> None:
    fill(
        journal,
        (HOSTILE, {HOSTILE: ["inbox"] * 6}),
        (HOSTILE, {HOSTILE: ["junk"] * 6, "Gmail": ["inbox"]}),
        header=HEADER,
    )
    page = history(journal, HOSTILE, "--format", "html").stdout
    assert '<title id="trend-title">' in page
    assert page.count('<circle class="rate"') == 2
    assert "<script" not in page
    assert "<img" not in page
    for form in ("table", "json", "html"):
        assert not re.search(
            r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\ud800-\udfff]", history(journal, HOSTILE, "--format", form).stdout
        )


def test_a_name_that_is_none(journal: Path) -> None:
    fill(journal, ("Spring sale", GOOD))
    result = history(journal, "Autumn")
    assert "there is no seed test 'Autumn'" in str(result.exception) + result.output
