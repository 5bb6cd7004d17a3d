"""``deliverkit preflight`` on a terminal: what it says first, and how much."""

from __future__ import annotations

import re
from pathlib import Path

from click.testing import CliRunner

from deliverkit.cli import cli

CAMPAIGN = """
name = "Spring sale"
from = "shop@good.example"
[path]
sending_addresses = ["192.0.2.25"]
selectors = ["s1"]
"""


def test_one_cause_that_leaves_many_checks_open_is_told_in_few_lines(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(CAMPAIGN)
    given = ("preflight", str(tmp_path / "c.toml"), "--journal", str(tmp_path / "j"), "--timeout", "0.3")
    ended = CliRunner().invoke(cli, [*given, "--resolver", "127.0.0.1:9"])
    assert ended.exit_code == 3
    assert ended.output.startswith("CANNOT TELL: ")
    open_ends = [line for line in ended.output.splitlines() if line.startswith("  ?  ")]
    assert len(open_ends) < 8
    assert re.match(
        r"  \?  DANE007 tlsa-lookup-fails and \d+ more  good\.example: good\.example MX: UNREACHABLE$", open_ends[0]
    )
    assert len(ended.output.splitlines()) < 20
