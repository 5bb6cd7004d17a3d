"""Commands that live in a world that another process runs."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pytest

from deliverkit.lab.meeting import find_all

PROGRAM = [sys.executable, "-m", "deliverkit"]
JOINED = "lab: joined seeds-good, which runs already"


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def meetings(tmp_path: Path) -> Path:
    """Where running worlds are found."""
    return tmp_path / "state" / "deliverkit" / "lab"


def run(*arguments: str | Path, within: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*PROGRAM, *map(str, arguments)], capture_output=True, text=True, check=False, timeout=60, cwd=within
    )


@contextmanager
def serving(world: str | Path, within: Path | None = None) -> Iterator[subprocess.Popen[str]]:
    """The world, run by a process of its own until the end."""
    command = [*PROGRAM, "lab", "run", str(world)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=within) as process:
        try:
            assert process.stdout is not None
            assert any("live in this world until it ends" in line for line in process.stdout)
            yield process
        finally:
            process.kill()


class Campaign:
    """The lab's seeds and message in a folder, with a journal beside them."""

    def __init__(self, folder: Path, world: str | Path = "seeds-good") -> None:
        assert run("lab", "campaign", "-o", folder).returncode == 0
        self.folder = folder
        self.around = ("--seeds", folder / "seeds.toml", "--journal", folder / "j.sqlite", "--lab", world)

    def send(self, name: str) -> subprocess.CompletedProcess[str]:
        message = ("--message", self.folder / "message.eml", "--name", name, "--mail-from", "bounces@good.example")
        relay = ("--relay", "relay.good.example:587", "--user", "campaign", "--secret", "command:echo relay-password")
        return run("seed", "send", *message, *relay, "--rate", "6000", *self.around, "-q")

    def watch(self, *more: str) -> subprocess.CompletedProcess[str]:
        return run("seed", "watch", *self.around, *more)

    def counted(self, *which: str) -> int:
        told = run("seed", "report", *which, "--journal", self.folder / "j.sqlite", "--format", "json")
        inbox: int = json.loads(told.stdout)["reports"][0]["placement"]["inbox"]
        return inbox


def test_a_test_is_sent_in_one_command_and_watched_in_others(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "c")
    with serving("seeds-good"):
        sent = campaign.send("First")
        watched = campaign.watch("--wait", "1")
        assert (sent.stdout, sent.stderr) == ("First: of 15 copies 15 accepted.\n", f"{JOINED}\n")
        assert (watched.returncode, watched.stderr) == (0, f"{JOINED}\n")
        assert campaign.counted() == 15

        assert campaign.send("Second").returncode == 0
        assert campaign.watch("--wait", "1").returncode == 0
        assert (campaign.counted("Second"), campaign.counted("First")) == (15, 15)
        history = run("seed", "history", "--journal", tmp_path / "c" / "j.sqlite").stdout
        assert history.startswith("2 seed tests; at the newest 15 of 15")


def test_a_watch_that_was_stopped_goes_on(tmp_path: Path) -> None:
    late = tmp_path / "late.toml"
    late.write_text('like = "seeds-good"\ntarget = "good.example"\n[[delivery]]\nto = "*@north.example"\ndelay = 20\n')
    campaign = Campaign(tmp_path / "c", late)
    with serving(late):
        assert campaign.send("First").returncode == 0
        command = [*PROGRAM, "seed", "watch", *map(str, campaign.around), "--wait", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as watching:
            assert watching.stdout is not None
            seen = "".join(islice((line for line in watching.stdout if "  in " in line), 12))
            watching.send_signal(signal.SIGINT)
            rest, said = watching.communicate(timeout=20)
            seen += rest
        assert (watching.returncode, "the same command goes on" in said) == (130, True)
        assert campaign.counted() == 12
        assert [
            seen.count(f"@{name}.example  {end}") for name, end in (("bulk", "in INBOX"), ("north", "pending"))
        ] == [3, 3]
        again = campaign.watch("--wait", "1")
        assert (again.returncode, campaign.counted()) == (0, 15)
        assert [again.stdout.count(f"@{name}.example") for name in ("north", "bulk")] == [3, 0]


def test_an_answer_holds_in_the_world_and_at_its_next_start(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "c")
    asked = ("preflight", campaign.folder / "spring.toml", "--lab", "seeds-good", "--format", "json")
    kept = ("--journal", tmp_path / "j.sqlite")
    answer = tmp_path / "answer.json"
    with serving("seeds-good"):
        first = run(*asked, *kept)
        answer.write_text(first.stdout)
        again = run(*asked, *kept, "--since", answer)
    alone = run(*asked, *kept, "--since", answer)
    assert (first.returncode, again.returncode, alone.returncode) == (0, 0, 0)
    assert (again.stderr, alone.stderr) == (f"{JOINED}\n", "")
    assert [json.loads(one.stdout)["since"]["holds"] for one in (again, alone)] == [True, True]


def test_who_sends_or_watches_alone_is_told_what_that_means(tmp_path: Path) -> None:
    campaign = Campaign(tmp_path / "c")
    sent, watched = campaign.send("First"), campaign.watch("--wait", "0.01")
    assert "lab: this world ends with the command, and with it the mailboxes" in sent.stderr
    assert "lab: this world begins with the command, so nothing that was sent before lies in it." in watched.stderr
    assert "deliverkit lab run seeds-good (in another terminal)" in watched.stderr
    assert campaign.counted() == 0


def test_a_world_in_a_file_is_the_same_from_anywhere_and_another_when_it_is_changed(tmp_path: Path) -> None:
    mine = tmp_path / "mine.toml"
    mine.write_text('like = "good"\ntitle = "Mine"\ntarget = "good.example"\n')
    (tmp_path / "below").mkdir()
    asked = ("mx", "good.example", "-q", "--lab")
    with serving("mine.toml", tmp_path):
        assert (
            run(*asked, "../mine.toml", within=tmp_path / "below").stderr
            == "lab: joined ../mine.toml, which runs already\n"
        )
        assert run(*asked, mine).stderr == f"lab: joined {mine}, which runs already\n"
        assert run(*asked, "good").stderr == ""
        mine.write_text(mine.read_text().replace("Mine", "Ours"))
        changed = run(*asked, mine)
        assert (changed.returncode, changed.stdout.startswith("good.example receives mail")) == (0, True)
        assert changed.stderr == f"lab: {mine} has changed since its world was started: this command has its own\n"


def test_a_world_runs_once_until_it_is_stopped(meetings: Path) -> None:
    with serving("good") as process:
        [place] = meetings.iterdir()
        assert (place.stat().st_mode & 0o777, meetings.stat().st_mode & 0o777) == (0o600, 0o700)
        second = run("lab", "run", "good")
        assert (second.returncode, f"good runs already, as process {process.pid}" in second.stderr) == (2, True)
        assert "smtp-good does not run" in run("lab", "stop", "smtp-good").stderr
        with serving("smtp-good") as other:
            assert run("lab", "stop", "good").stdout == "stopped: good\n"
            assert process.wait(5) == 0
            assert other.poll() is None
            assert run("lab", "stop").stdout == "stopped: smtp-good\n"
            assert other.wait(5) == 0
    assert list(meetings.iterdir()) == []
    assert run("lab", "stop").returncode == 0


def test_what_a_killed_world_left_is_removed(meetings: Path) -> None:
    with serving("good") as process:
        process.kill()
        process.wait()
        assert len(list(meetings.iterdir())) == 1
        alone = run("mx", "good.example", "--lab", "good", "-q")
        assert (alone.returncode, alone.stderr) == (0, "")
        assert list(meetings.iterdir()) == []
    with serving("good") as process:
        process.kill()
        process.wait()
        with serving("good"):
            assert "joined good" in run("mx", "good.example", "--lab", "good", "-q").stderr


def test_a_world_that_was_interrupted_leaves_nothing(meetings: Path) -> None:
    with serving("good") as process:
        process.send_signal(signal.SIGINT)
        assert process.wait(10) == 0
    assert list(meetings.iterdir()) == []


@pytest.mark.parametrize("spoil", ["other routes", "no JSON", "open to others"])
def test_a_file_that_leads_elsewhere_is_not_followed(meetings: Path, spoil: str) -> None:
    with serving("good"):
        [place] = meetings.iterdir()
        [found] = find_all(meetings)
        assert (found.name, found.clock) == ("good", datetime(2026, 11, 22, 9, tzinfo=UTC))
        told = place.read_text()
        if spoil == "open to others":
            place.chmod(0o622)
        else:
            with place.open("r+") as file:  # it stays the file that is locked
                file.truncate()
                file.write(told.replace("127.0.0.1", "192.0.2.1") if spoil == "other routes" else told[:100])
        assert find_all(meetings) == []
        assert run("mx", "good.example", "--lab", "good", "-q").stderr == ""


def test_without_a_folder_for_it_a_world_is_served_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "state").write_text("a file")
    command = [*PROGRAM, "lab", "run", "good"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        assert process.stdout is not None
        assert any("no other command can live in this world: " in line for line in process.stdout)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(10) == 0
