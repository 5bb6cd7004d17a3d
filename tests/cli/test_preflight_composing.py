"""``deliverkit preflight`` on a campaign whose message is composed: judged like a file, and the same test each time."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import deliverkit.lab
from deliverkit.cli import cli
from deliverkit.seeds.journal import open_journal

CAMPAIGN = Path(deliverkit.lab.__file__).parent / "campaign"
MESSAGE = """[message]
subject = "Frühling"
text = "spring.txt"
html = "spring.html"
headers = ["From: Shöp <shop@good.example>", "List-Unsubscribe: <https://good.example/u>",
           "List-Unsubscribe-Post: List-Unsubscribe=One-Click"]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The good campaign with its message in parts."""
    shutil.copytree(CAMPAIGN, tmp_path / "c")
    folder = tmp_path / "c"
    (folder / "spring.txt").write_text("Hällo\n\nhttps://good.example/u ends it: unsubscribe\n", "utf-8")
    (folder / "spring.html").write_text('<p>Hällo</p><p><a href="https://good.example/u">Unsubscribe</a></p>', "utf-8")
    give(folder, MESSAGE)
    return folder


def give(folder: Path, message: str) -> None:
    """Have the campaign's message be that."""
    text = (CAMPAIGN / "spring.toml").read_text("utf-8").replace('message = "message.eml"', message)
    (folder / "spring.toml").write_text(text, "utf-8")


def preflight(folder: Path, *options: str) -> Result:
    given = ("preflight", str(folder / "spring.toml"), "--lab", "seeds-good", "--journal", str(folder / "j"), *options)
    return CliRunner().invoke(cli, given)


def test_it_is_sent_once_and_the_test_in_the_journal_is_taken_again(folder: Path) -> None:
    first = preflight(folder, "--format", "json")
    assert first.exit_code == 0, first.output
    with open_journal(folder / "j") as journal:
        [test] = journal.tests()
        tries = [len(copy.sendings) for copy in journal.find(test.token).copies]
    assert tries == [1] * 15
    (folder / "answer.json").write_text(first.stdout, "utf-8")
    again = preflight(folder, "--since", str(folder / "answer.json"))
    assert again.exit_code == 0, again.output
    assert "spring.toml's message is a message in good form." in again.output
    assert "changed in the campaign" not in again.output
    with open_journal(folder / "j") as journal:
        [only] = journal.tests()
        assert [len(copy.sendings) for copy in journal.find(only.token).copies] == tries


def test_another_text_is_another_message(folder: Path) -> None:
    basis = json.loads(preflight(folder, "--no-seeds", "--format", "json").stdout)
    (folder / "answer.json").write_text(json.dumps(basis), "utf-8")
    (folder / "spring.txt").write_text("Hello\n", "utf-8")
    told = preflight(folder, "--no-seeds", "--since", str(folder / "answer.json")).output
    assert "changed in the campaign: message" in " ".join(told.split()), told


@pytest.mark.parametrize(
    ("message", "codes"),
    [
        (MESSAGE, set()),
        (MESSAGE.partition("headers")[0], {"MSG010"}),
        (MESSAGE.replace('text = "spring.txt"\n', ""), {"MSG017"}),
    ],
)
def test_the_checks_of_the_message_see_it(folder: Path, message: str, codes: set[str]) -> None:
    give(folder, message)
    found = json.loads(preflight(folder, "--no-seeds", "--format", "json").stdout)
    said = {one["code"]: one["outcome"] for report in found["reports"] for one in report["results"]}
    assert {code for code, outcome in said.items() if code.startswith("MSG") and outcome == "fail"} == codes
    assert said["MSG002"] == said["MSG003"] == "pass", "it has a date and a Message-ID, as its copies will"


def test_a_dry_run_shows_it(folder: Path) -> None:
    shown = preflight(folder, "--dry-run").output
    assert "  From     Shöp <shop@good.example>\n  Subject  Frühling\n  holds    text/plain of " in shown


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (f'message = "message.eml"\n{MESSAGE}', "message = … and [message] exclude each other"),
        (MESSAGE.replace("spring.txt", "gone.txt"), "gone.txt cannot be read: No such file"),
        (f'{MESSAGE}attach = ["a\\u0000b"]\n', "is no name of a file"),
        (MESSAGE.replace("spring.txt", "bad.txt"), "bad.txt cannot be read: it is no text in UTF-8"),
        (
            MESSAGE.replace("Frühling", "a\\r\\nBcc: b@c.example"),
            "subject: it has a line break or another control character",
        ),
        (MESSAGE.replace("Shöp <", "Shöp\\nX: y <"), "the header From has a line break in it"),
    ],
)
def test_what_makes_no_message_is_told(folder: Path, message: str, told: str) -> None:
    (folder / "bad.txt").write_bytes(b"\xff\xfe")
    give(folder, message)
    result = preflight(folder)
    assert (result.exit_code, "Traceback" in result.output) == (2, False)
    assert told in result.output, result.output
