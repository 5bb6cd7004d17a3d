"""What ``deliverkit preflight`` refuses before it asks or sends anything, and the files that it begins with."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from click.testing import CliRunner

from deliverkit.cli import cli
from tests.preflights import Preflight, campaign_in, changed, in_worlds


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The campaign of the demo, to change."""
    return campaign_in(tmp_path)


@pytest.fixture
def preflight(monkeypatch: pytest.MonkeyPatch) -> Preflight:
    return in_worlds(monkeypatch)


def test_init_writes_a_campaign_and_never_over_one(tmp_path: Path) -> None:
    file = tmp_path / "campaign.toml"
    first, second = (CliRunner().invoke(cli, ["preflight", "init", "-o", str(file)]) for _ in range(2))
    third = CliRunner().invoke(cli, ["preflight", "init", "-o", str(tmp_path / "gone" / "c.toml")])
    assert (third.exit_code, f"there is no folder {tmp_path}/gone" in third.stderr) == (2, True)
    assert (first.exit_code, second.exit_code) == (0, 2)
    assert "is there already, and is left as it is" in second.stderr
    assert file.read_text().startswith("# A campaign, for: deliverkit preflight")


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["gone.toml"], "there is no gone.toml: deliverkit preflight init writes one"),
        (["spring.toml", "-v", "-q"], "--verbose and --quiet exclude each other"),
        (["spring.toml", "--fix", "--format", "json"], "--fix goes with --format table"),
        (["spring.toml", "--report", "spring.toml"], "is the campaign itself"),
        (["spring.toml", "--save", "gone/case"], "there is no folder gone"),
        (["spring.toml", "--since", "message.eml"], "message.eml holds no answer of a preflight"),
        (["spring.toml", "--since", "gone.json"], "gone.json cannot be read"),
        (["bad\x1b.toml"], "there is no bad"),
        (["spring.toml", "--since", "spring.toml"], "it is no JSON (line 1, column 1)"),
        (["spring.toml", "--journal", "."], "., the journal of seed tests, cannot be kept"),
        (["spring.toml", "--journal", "message.eml/j"], "the journal of seed tests, cannot be kept"),
        (["spring.toml", "--journal", "message.eml"], "the journal of seed tests, cannot be kept"),
    ],
)
def test_what_cannot_be_used_is_refused_before_anything_is_sent(
    preflight: Preflight, folder: Path, monkeypatch: pytest.MonkeyPatch, options: list[str], complaint: str
) -> None:
    monkeypatch.chdir(folder)
    ended = preflight(*options)
    assert (ended.code, ended.taken) == (2, Counter())
    assert complaint in " ".join(ended.err.split())
    assert "\x1b" not in ended.err


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (b"", "message: message.eml is empty"),
        (b"\r\n \n", "message: message.eml is empty"),
        (b"\x7fELF\x02\x01\n\n", "message: message.eml: line 1 of the message is neither a header nor"),
        (b"Subject: Hi\n\nHi\n", "message: message.eml: the message has no From header"),
        (b"DKIM-Signature: v=1\nFrom: shop@good.example\n\nHi\n", "(external = true in [seeds])"),
        (None, "message: message.eml cannot be read: No such file"),
    ],
)
def test_a_message_that_cannot_go_out_is_refused_with_its_place(
    preflight: Preflight,
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    message: bytes | None,
    complaint: str,
) -> None:
    monkeypatch.chdir(folder)
    if message is None:
        Path("message.eml").unlink()
    else:
        Path("message.eml").write_bytes(message)
    ended, planned = preflight("spring.toml"), preflight("spring.toml", "--dry-run")
    assert (ended.code, ended.taken) == (2, Counter())
    assert (planned.code, planned.err) == (ended.code, ended.err)
    said = " ".join(ended.err.split())
    assert said.startswith("Error: spring.toml, message: ")
    assert complaint in said
    assert "--external" not in said


@pytest.mark.parametrize(
    ("file", "change", "complaint"),
    [
        (
            "spring.toml",
            ("[seeds]", '[seeds]\ntest = "nope"'),
            "spring.toml, [seeds] test: there is no test 'nope' in the journal: name one that deliverkit seed history",
        ),
        (
            "spring.toml",
            ("command:echo relay-password", "env:NOPE"),
            "spring.toml, [seeds] secret: the password of campaign cannot be had: there is no environment",
        ),
        (
            "seeds.toml",
            ("command:echo seed-password", "env:NOPE"),
            "seeds.toml: the secret of ada@north.example cannot be had (nor can those of 12 more): there is no envi",
        ),
        (
            "seeds.toml",
            ("command:echo bounce-password", "file:gone"),
            "seeds.toml: the secret of bounces@good.example cannot be had: gone cannot be read: No such file",
        ),
    ],
)
def test_what_the_files_name_and_is_not_there_is_refused_with_its_place(
    folder: Path, monkeypatch: pytest.MonkeyPatch, file: str, change: tuple[str, str], complaint: str
) -> None:
    preflight = in_worlds(monkeypatch)
    monkeypatch.chdir(folder)
    changed(Path(file), change)
    ended, planned = preflight("spring.toml"), preflight("spring.toml", "--dry-run")
    assert (ended.code, ended.out, ended.taken) == (2, "", Counter())
    assert (planned.code, planned.err) == (ended.code, ended.err)
    assert " ".join(ended.err.split()).startswith(f"Error: {complaint}")
    assert preflight("spring.toml", "--no-seeds", world="spring-after").code == 0


def test_an_empty_message_is_none_that_was_not_named(
    preflight: Preflight, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(folder)
    Path("message.eml").write_bytes(b"")
    ended = preflight("spring.toml", "--no-seeds")
    assert (ended.code, ended.out) == (2, "")


def test_the_campaign_of_the_demo_is_written_once(tmp_path: Path) -> None:
    place = tmp_path / "to" / "try"  # made where it is missing
    first = CliRunner().invoke(cli, ["lab", "campaign", "-o", str(place)])
    assert first.stdout.splitlines()[0] == f"deliverkit preflight {place}/spring.toml --lab spring-before"
    written = sorted(one.name for one in place.iterdir())
    assert (first.exit_code, written) == (0, ["message.eml", "seeds.toml", "spring.toml"])

    (place / "seeds.toml").unlink()
    (place / "message.eml").write_text("mine")
    second = CliRunner().invoke(cli, ["lab", "campaign", "-o", str(place)])
    assert (second.exit_code, "message.eml is there already" in second.stderr) == (2, True)
    assert ((place / "seeds.toml").exists(), (place / "message.eml").read_text()) == (False, "mine")


def test_the_campaign_is_not_written_into_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    ended = CliRunner().invoke(cli, ["lab", "campaign", "-o", str(tmp_path / "file")])
    assert (ended.exit_code, "the folder" in ended.stderr) == (2, True)
