"""Files that commands write take the place of nothing that others wrote, nor of what is no file."""

from __future__ import annotations

import errno
import io
import os
import stat
import threading
from pathlib import Path

import pytest

from deliverkit.cli.logs import logging_to
from deliverkit.cli.writing import CASE, RECORDING, Kind, refuse_bad_place, write_text
from deliverkit.errors import UsageError
from tests.cli.test_cases import run
from tests.spoken import spoken

LAB = ("smtp", "mx1.good.example:25", "--lab", "smtp-good")
OWN = "# What I wrote myself.\n< 220\n> QUIT\n< 221\n"


@pytest.fixture(autouse=True)
def there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--script", "own.smtp", "--record", "own.smtp"), "--script and --record name the same file, own.smtp"),
        (("--script", "own.smtp", "--record", "link"), "--script and --record name the same file, link"),
        (("--record", "own.smtp"), "own.smtp is there already and is not a recorded script: it is left as it is"),
        (("--save", "own.smtp"), "own.smtp is there already and is not a case file"),
        (("--log", "own.smtp"), "own.smtp is there already and is not a log of conversations"),
        (("--save", "new", "--log", "new"), "--save and --log name the same file, new"),
        (("--record", "-"), "'-' is no name of a file to write: standard output has the report"),
        (("--log", "-"), "'-' is no name of a file to write: standard output has the report"),
        (("--save", "-"), "'-' is no name of a file to write: standard output has the report"),
        (("--log", ""), "'' is no name of a file to write"),
        (("--record", ""), "'' is no name of a file to write"),
        (("--save", ""), "'' is no name of a file to write"),
    ],
)
def test_what_would_be_lost_is_refused_before_anybody_is_spoken_to(arguments: tuple[str, ...], said: str) -> None:
    Path("own.smtp").write_text(OWN)
    Path("link").symlink_to("own.smtp")
    shown = run(*LAB, *arguments)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert f"Error: {said}" in shown.stderr
    assert Path("own.smtp").read_text() == OWN
    assert {path.name for path in Path().iterdir()} == {"own.smtp", "link"}


def test_what_a_command_wrote_itself_is_written_again() -> None:
    files = ("--save", "case", "--record", "record", "--log", "log")
    assert "recorded in record\n" in run(*LAB, *files).stderr
    Path("record").chmod(0o640)
    again = run(*LAB, *files)
    assert again.returncode == 0, again.stderr
    assert "is recorded in record, in place of the one that was there\n" in again.stderr
    assert stat.S_IMODE(Path("record").stat().st_mode) == 0o640
    assert len(Path("log").read_text().splitlines()) == 4
    assert run(*LAB, "--script", "record").returncode == 0


@pytest.mark.parametrize("form", [("preflight", "init"), ("seed", "init")])
def test_no_file_of_the_name_of_standard_output_is_made(form: tuple[str, str]) -> None:
    shown = run(*form, "-o", "-")
    assert shown.returncode == 2
    assert not list(Path().iterdir())


def test_a_link_is_written_through() -> None:
    Path("real").write_text("# Recorded from x\n")
    Path("link").symlink_to("real")
    Path("dangling").symlink_to("new")
    for name in ("link", "dangling"):
        refuse_bad_place(name, RECORDING)
        write_text(name, "new")
        assert Path(name).is_symlink()
    assert (Path("real").read_text(), Path("new").read_text()) == ("new\n", "new\n")


@pytest.mark.parametrize("kind", [RECORDING, CASE])
def test_a_pipe_is_written_to_and_stays_one(kind: Kind) -> None:
    os.mkfifo("pipe")
    Path("link").symlink_to("pipe")
    got: list[str] = []
    for name in ("pipe", "link"):
        refuse_bad_place(name, kind)
        reader = threading.Thread(target=lambda: got.append(Path("pipe").read_text()))
        reader.start()
        write_text(name, "said")
        reader.join(10)
    assert got == ["said\n", "said\n"]
    assert stat.S_ISFIFO(Path("pipe").stat().st_mode)
    assert {path.name for path in Path().iterdir()} == {"pipe", "link"}


class Full(io.StringIO):
    """A file on a disk that has no room: what is written waits, and cannot go."""

    def flush(self) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def close(self) -> None:
        super().close()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def test_a_log_that_has_no_room_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", lambda *_, **__: Full())
    no_room = pytest.raises(UsageError, match=r"^log could not be written: No space left on device$")
    with no_room, logging_to("log", "greet") as note:
        note(spoken().transcript, "")
        note(spoken().transcript, "")
