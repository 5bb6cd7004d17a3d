"""``deliverkit explain``: pages of checks and scripts, and replies that are pasted."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from deliverkit.cli import cli
from deliverkit.script import load, shipped
from tests.commands import run


def test_explain_prints_pages_and_a_list() -> None:
    by_code, by_name = run("explain", "mx004"), run("explain", "exchange-is-alias")
    assert by_code.stdout == by_name.stdout
    assert by_code.stdout.startswith("MX004 exchange-is-alias\n")
    assert "```" not in by_code.stdout
    assert len(run("explain", "--list").stdout.splitlines()) >= 33


@pytest.mark.parametrize("name", shipped())
def test_explain_shows_what_a_script_is_for(name: str) -> None:
    shown = CliRunner().invoke(cli, ["explain", name])
    lines = shown.stdout.splitlines()
    assert (shown.exit_code, lines[0]) == (0, name)
    told = " ".join(shown.stdout.split())
    assert all(" ".join(line.split()) in told for line in load(name).page)
    assert f"deliverkit smtp --script {name} --show-script" in told


def test_explain_reads_a_pasted_reply() -> None:
    pasted = "550-5.7.26 Unauthenticated email is not accepted due to domain's DMARC policy - gsmtp"
    shown = run("explain", pasted).stdout
    assert shown.startswith("Gmail refused it for good: the From domain's DMARC policy says so")
    assert run("explain", "-", stdin=pasted).stdout == shown
    assert "If Gmail said it" in run("explain", "550", "5.7.27", "no").stdout
    assert "SPF did not pass" in run("explain", "550 5.7.27 no", "--host", "mx.google.com").stdout.splitlines()[0]
    empty = run("explain", "-", stdin="hello")
    assert (empty.returncode, empty.stderr.count("\n")) == (2, 1)
    assert "no SMTP reply" in empty.stderr
