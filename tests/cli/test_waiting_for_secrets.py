"""A command that gives a secret, and takes its time."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

SAID = "still waiting for the secret password from its command (Ctrl-C stops)"
RUN = "from deliverkit.cli import given_secrets, main\ngiven_secrets.SILENT = 0.2\nmain()"


def arguments(secret: str) -> list[str]:
    talk = ["smtp", "good.example", "--lab", "smtp-submission", "--script", "submit", "--user", "ada"]
    return [*talk, "--from", "ada@good.example", "--to", "bob@good.example", "--secret", f"password=command:{secret}"]


def stopped(words: Sequence[str], waits_for: str) -> tuple[int, str]:
    """Start it on a terminal, and press Ctrl-C once it says that; its exit code, and all that it says."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen([sys.executable, "-c", RUN, *words], stdout=theirs, stderr=theirs, stdin=theirs)
    os.close(theirs)
    said = ""
    with suppress(OSError):  # it is gone
        while part := os.read(ours, 4096):
            said += part.decode()
            if waits_for in said:
                process.send_signal(signal.SIGINT)
                waits_for = "\0"
    os.close(ours)
    return process.wait(10), said


def test_it_is_told_what_is_waited_for_and_ctrl_c_ends_it(tmp_path: Path) -> None:
    number = tmp_path / "number"
    code, said = stopped(arguments(f"sh -c 'echo $$ >{number}; exec sleep 50'"), SAID)
    assert code == 130
    assert said.replace("\r", "").splitlines() == [SAID, "interrupted"]
    assert not is_there(int(number.read_text()))


def is_there(number: int) -> bool:
    """Whether the process is still there, after a moment in which it may go."""
    for _ in range(50):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return False
        time.sleep(0.05)
    return True


def test_nothing_is_told_where_nobody_looks_on() -> None:
    shown = subprocess.run(
        [sys.executable, "-c", RUN, *arguments("sh -c 'sleep 0.6; exit 3'")],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (shown.returncode, shown.stdout) == (2, "")
    assert shown.stderr == "Error: --secret password: its command ended with 3\n"
