"""``deliverkit spf``: the tree, the senders, and what it makes of input that cannot be used."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.commands import run


def test_the_tree_runs_through_the_count() -> None:
    shown = run("spf", "good.example", "--lab", "spf-good")
    assert shown.returncode == 0
    assert "include:_spf.esp.example             2   2/10" in shown.stdout
    assert "exists:%{i}._hosts.crm.example" in shown.stdout


def test_a_sender_is_told_with_every_step() -> None:
    shown = run("spf", "good.example", "--lab", "spf-good", "--ip", "11.1.64.9", "--ip", "11.9.9.9")
    assert "11.1.64.9  MAIL FROM postmaster@good.example  pass: include:_spf.esp.example" in shown.stdout
    assert "    ✓ include:_spf-a.esp.example  _spf-a.esp.example says pass" in shown.stdout
    assert "exists:%{i}._hosts.crm.example → 11.9.9.9._hosts.crm.example  no A record" in shown.stdout
    assert shown.returncode == 1


def test_json_has_the_senders() -> None:
    options = ("--from", "ada@good.example", "--helo", "mx1.good.example", "--format", "jsonl")
    shown = run("spf", "good.example", "--lab", "spf-good", "--ip", "2a11:db8:1::25", *options)
    [sender] = json.loads(shown.stdout)["spf"]["senders"]
    assert (sender["mail_from"], sender["result"], sender["helo_result"]) == ("ada@good.example", "pass", "none")
    assert sender["second_opinion"] == "pass"


WHO = ("--ip", "11.1.64.9", "--ip", "11.9.9.9", "--from", "ada@news.good.example", "--helo", "mx1.good.example")


def senders(shown: str) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(shown)["spf"]["senders"]
    return found


def test_a_case_has_the_same_senders_judged_again(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    first = run("spf", "good.example", "--lab", "spf-good", *WHO, "--save", case, "--format", "jsonl")
    again = run("spf", "--case", case, "--format", "jsonl")
    assert senders(again.stdout) == senders(first.stdout)
    assert [one["result"] for one in senders(again.stdout)] == ["none", "none"]
    assert again.returncode == first.returncode == 1


def test_senders_that_are_given_take_the_place_of_those_of_the_case(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("spf", "good.example", "--lab", "spf-good", *WHO, "--save", case)
    [sender] = senders(run("spf", "--case", case, "--ip", "11.1.64.10", "--format", "jsonl").stdout)
    assert (sender["address"], sender["mail_from"], sender["result"]) == (
        "11.1.64.10",
        "postmaster@good.example",
        "pass",
    )


def test_a_redacted_case_names_neither_the_senders_nor_what_they_say(tmp_path: Path) -> None:
    case = tmp_path / "case.json"
    first = run("spf", "good.example", "--lab", "spf-good", *WHO, "--save", str(case), "--redact", "--format", "jsonl")
    again = run("spf", "--case", str(case), "--format", "jsonl")
    assert [one["result"] for one in senders(again.stdout)] == [one["result"] for one in senders(first.stdout)]
    text = case.read_text("utf-8")
    assert not any(word in text for word in ("11.1.64.9", "11.9.9.9", "ada", "mx1.good", "news"))


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--ip", "11.0.1"), "--ip: '11.0.1' is no IP address"),
        (("--from", "ada@good.example"), "give its address, too (--ip)"),
        (("--ip", ""), "--ip: '' is no IP address"),
        (("--ip", "fe80::1%eth0"), "is no IP address"),
        (("--ip", "11.0.0.0/8"), "is no IP address"),
        (("--ip", "11.0.1.25", "--helo", "a..b"), "--helo: 'a..b' has an empty label"),
        (("--ip", "11.0.1.25", "--helo", "[11.0.1.25]"), "SPF looks at names alone"),
        (("--ip", "11.0.1.25", "--from", "ada"), "--from: 'ada' is no e-mail address"),
        (("--ip", "11.0.1.25", "--from", "ada@"), "is no e-mail address"),
        (("--ip", "11.0.1.25", "--from", "ada@11.0.1.25"), "is an IP address"),
        (("--ip", "11.0.1.25", "--from", "<>"), "counts as postmaster at the HELO name"),
        (("--ip", "11.0.1.25", "--from", f"{'x' * 64_000}@good.example"), "an address has at most 254"),
        (("--ip", "11.0.1.25", "--from", "\x1b[2J@good.example"), "'\\x1b[2J@good.example' is no e-mail address"),
    ],
)
def test_what_cannot_be_used_is_refused(options: tuple[str, ...], complaint: str) -> None:
    shown = run("spf", "good.example", "--lab", "spf-good", *options)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert complaint in shown.stderr
    assert "Traceback" not in shown.stderr
    assert "\x1b" not in shown.stderr
