"""Redacted cases on the command line, and the key that they need."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest


def run(*arguments: str, state: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deliverkit", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1", "XDG_STATE_HOME": str(state)}
    return subprocess.run(command, check=False, capture_output=True, text=True, env=environment, timeout=60)


def test_the_report_stays_plain_and_the_case_is_redacted(tmp_path: Path) -> None:
    state, case = tmp_path / "state", tmp_path / "case.json"
    shown = run("mx", "good.example", "--lab", "generic-reverse-name", "--save", str(case), "--redact", state=state)
    assert shown.returncode == 0
    assert "good.example receives mail" in shown.stdout
    assert "11-0-2-25.isp.example" in shown.stdout
    text = case.read_text("utf-8")
    assert not [word for word in ("good", "isp", "11.0.", "11-0-2-25", "2a11:db8:") if word in text]
    again = run("mx", "--case", str(case), state=state)
    assert again.returncode == 0
    assert "MX019" in again.stdout


def test_two_runs_have_one_key_and_another_user_has_another(tmp_path: Path) -> None:
    domains = []
    for number, user in enumerate(("ada", "ada", "bob")):
        case = tmp_path / f"{number}.json"
        run("mx", "good.example", "--lab", "good", "--save", str(case), "--redact", "-q", state=tmp_path / user)
        domains.append(json.loads(case.read_text("utf-8"))["domains"][0])
    assert domains[0] == domains[1] != domains[2]
    shown = run("diff", str(tmp_path / "0.json"), str(tmp_path / "1.json"), state=tmp_path / "ada")
    assert shown.stdout == f"{domains[0]}: nothing differs.\n"
    key = tmp_path / "ada" / "deliverkit" / "redaction.key"
    assert len(key.read_bytes()) == 32
    assert key.stat().st_mode & 0o777 == 0o600
    assert list(key.parent.iterdir()) == [key]


def test_a_case_that_is_there_is_redacted(tmp_path: Path) -> None:
    plain, redacted = tmp_path / "plain.json", tmp_path / "redacted.json"
    run("mx", "good.example", "--lab", "good", "--save", str(plain), state=tmp_path)
    shown = run("mx", "--case", str(plain), "--save", str(redacted), "--redact", state=tmp_path)
    assert shown.stdout.startswith("good.example receives mail")
    assert "good" not in redacted.read_text("utf-8")
    assert "good" in plain.read_text("utf-8")


def test_redaction_without_a_case_to_save_is_refused(tmp_path: Path) -> None:
    shown = run("mx", "good.example", "--lab", "good", "--redact", state=tmp_path)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "give --save CASE" in shown.stderr


def test_a_key_that_cannot_be_used_is_refused_before_anything_is_asked(tmp_path: Path) -> None:
    key = tmp_path / "deliverkit" / "redaction.key"
    key.parent.mkdir()
    key.write_bytes(b"short")
    key.chmod(0o644)
    arguments = ("mx", "good.example", "--lab", "good", "--save", str(tmp_path / "case.json"), "--redact")
    refusals = [run(*arguments, state=tmp_path)]
    key.chmod(0o600)
    refusals.append(run(*arguments, state=tmp_path))
    key.unlink()
    key.mkdir()
    refusals.append(run(*arguments, state=tmp_path))
    assert [(shown.returncode, shown.stdout) for shown in refusals] == [(2, "")] * 3
    for shown, said in zip(refusals, ("open to others", "is no key", "neither read nor made"), strict=True):
        assert said in shown.stderr
        assert "Traceback" not in shown.stderr
    assert not (tmp_path / "case.json").exists()


@pytest.mark.parametrize("state", ["", "relative/path"])
def test_without_a_state_folder_the_key_lies_in_the_home_folder(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    case = str(tmp_path / "case.json")
    shown = run("mx", "good.example", "--lab", "good", "--save", case, "--redact", state=state)
    assert shown.returncode == 0
    assert (tmp_path / ".local" / "state" / "deliverkit" / "redaction.key").exists()
