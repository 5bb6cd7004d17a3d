"""Input that cannot be used, readers that go away, an impatient user: a clear sentence, never a traceback."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

import pytest

from tests.commands import PROGRAM, run

COMMANDS = ("spf", "dkim", "dmarc", "check")
LONG = "a" * 64
FILES = {"folder": None, "bytes": b"\xff\xfe", "deep.toml": b"a=" + b"[" * 5000, "deep.json": b"[" * 100_000}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, octets in FILES.items():
        if octets is None:
            (tmp_path / name).mkdir()
        else:
            (tmp_path / name).write_bytes(octets)
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("",), "the domain is empty"),
        ((f"{LONG}.example",), "has 64 octets, a label has at most 63"),
        (("192.0.2.1",), "192.0.2.1 is an IP address, and a domain is needed"),
        (("xn--.example",), "begins or ends with a hyphen"),
        (("x\x1b]0;y\x07.example",), "U+001B"),
        (("good.example", "--lab", "good", "--config", "folder"), "folder cannot be read: Is a directory"),
        (("good.example", "--lab", "good", "--config", "bytes"), "bytes cannot be read: it is no text in UTF-8"),
        (("good.example", "--lab", "good", "--config", "deep.toml"), "deep.toml: it is nested too deeply"),
        (("--case", "missing"), "missing cannot be read: No such file or directory"),
        (("--case", "folder"), "folder cannot be read: Is a directory"),
        (("--case", "deep.json"), "deep.json is no case file: it is nested too deeply"),
        (("good.example", "--lab", "good", "--what-if", "folder"), "folder cannot be read: Is a directory"),
        (("good.example", "--lab", "good", "--save", "folder"), "folder cannot be written: it is a folder"),
        (("good.example", "--lab", "good", "--save", "no/file"), "no/file cannot be written: there is no folder no"),
    ],
)
def test_it_is_refused_before_anything_is_asked(
    command: str, arguments: tuple[str, ...], said: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from click.testing import CliRunner

    from deliverkit.cli import cli

    monkeypatch.chdir(folder)
    shown = CliRunner().invoke(cli, [command, *arguments])
    assert (shown.exit_code, shown.stdout) == (2, "")
    assert said in shown.stderr
    assert re.sub(r"\n", "", shown.stderr).isprintable()


@pytest.mark.parametrize("name", ["folder", "bytes", "deep.toml", "missing"])
def test_a_configuration_that_cannot_be_read_is_refused(name: str, folder: Path) -> None:
    shown = run("config", "check", str(folder / name))
    assert (shown.returncode, shown.stdout) == (2, "")
    assert re.fullmatch(r"Error: \S+( cannot be read)?: .+\n", shown.stderr)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_reader_that_goes_away_ends_it_in_silence(command: str) -> None:
    line = f"{' '.join(PROGRAM)} {command} good.example --lab all-well -v | head -n 1"
    shown = subprocess.run(line, shell=True, check=False, capture_output=True, text=True)  # noqa: S602
    assert shown.stdout.startswith("good.example ")
    assert shown.stderr == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_an_interrupted_run_says_how_far_it_came(command: str) -> None:
    arguments = [*PROGRAM, command, "good.example", "--lab", "resolver-silent", "--timeout", "30"]
    with subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(2)
        process.send_signal(signal.SIGINT)
        shown = process.communicate(timeout=20)
    assert (process.returncode, *shown) == (130, "", "interrupted: 0 of 1 examined\n")


@pytest.mark.parametrize("command", COMMANDS)
def test_a_narrow_terminal_loses_no_word_and_no_colour_is_used(command: str) -> None:
    arguments = (command, "good.example", "--lab", "all-well", "-v")
    narrow, wide = (run(*arguments, COLUMNS=width, NO_COLOR="1").stdout for width in ("40", "400"))
    assert "\x1b" not in narrow
    assert set(re.findall(r"[A-Z]+\d{3}", wide)) == set(re.findall(r"[A-Z]+\d{3}", narrow))
