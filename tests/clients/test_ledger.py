"""The count of tried recipients holds among runs side by side, and when one is killed."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

from deliverkit.clients.ledger import Ledger

TAKE = "import sys; from pathlib import Path; from deliverkit.clients.ledger import Ledger; "
TAKING = f"{TAKE}print(sum(Ledger(Path(sys.argv[1])).take(['a.example'], 1) is None for _ in range(5)))"
KILLED = (
    f"{TAKE}import os, signal; ledger = Ledger(Path(sys.argv[1])); ledger.take(['a.example'], 1); "
    "ledger._within(lambda file: (ledger._take(file, ['a.example'], 2), os.kill(os.getpid(), signal.SIGKILL)))"
)


def started(code: str, path: Path) -> subprocess.Popen[str]:
    return subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)


def test_runs_side_by_side_share_one_count(tmp_path: Path) -> None:
    runs = [started(TAKING, tmp_path / "tried") for _ in range(4)]
    taken = [int(run.communicate(timeout=30)[0]) for run in runs]
    assert sum(taken) == 3
    assert [run.returncode for run in runs] == [0] * 4


def test_what_a_killed_run_took_stays_taken_and_what_it_had_half_done_does_not(tmp_path: Path) -> None:
    run = started(KILLED, tmp_path / "tried")
    run.communicate(timeout=30)
    assert run.returncode == -signal.SIGKILL
    ledger = Ledger(tmp_path / "tried")
    assert ledger.take(["a.example"], 2) is None
    assert ledger.take(["a.example"], 1) is not None
