"""``deliverkit lab``: its worlds, shown and served."""

from __future__ import annotations

import re
import signal
import subprocess
from pathlib import Path

from deliverkit.lab.world import names
from tests.commands import PROGRAM, run


def test_lab_lists_and_shows_its_worlds(tmp_path: Path) -> None:
    listed = run("lab", "list").stdout
    assert all(re.search(rf"^{re.escape(name)} ", listed, re.MULTILINE) for name in names())
    shown = run("lab", "show", "good").stdout
    mine = tmp_path / "mine.toml"
    mine.write_text(shown, "utf-8")
    assert run("mx", "good.example", "--lab", str(mine)).returncode == 0


def test_lab_run_serves_a_world_until_it_is_interrupted() -> None:
    with subprocess.Popen(
        [*PROGRAM, "lab", "run", "good"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as lab:
        assert lab.stdout is not None
        address = next(found[1] for line in lab.stdout if (found := re.search(r"--resolver (\S+)", line)))
        shown = run("mx", "good.example", "--resolver", address)
        lab.send_signal(signal.SIGINT)
        assert lab.wait(10) == 0
    assert shown.returncode == 0
    assert "every one with IPv4, IPv6 and a confirmed reverse name" in shown.stdout


def test_lab_run_says_where_the_mail_hosts_listen() -> None:
    with subprocess.Popen(
        [*PROGRAM, "lab", "run", "smtp-submission"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as lab:
        assert lab.stdout is not None
        told = r"mx1\.good\.example +11\.0\.1\.25:465 +is +(127\.0\.0\.1:\d+)"
        place = next(found[1] for line in lab.stdout if (found := re.search(told, line)))
        shown = run("smtp", place, "--tls", "implicit", "-q")
        lab.send_signal(signal.SIGINT)
        assert lab.wait(10) == 0
    assert shown.stdout.startswith(f"[127.0.0.1]:{place.partition(':')[2]} answers: 220 250 221 in ")
