"""Cases, differences and proposed records on the command line."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ADDED = "+ good.example. 3600 IN MX 30 mx3.good.example."
FIX = "- good.example. 3600 IN MX 20 mx2.good.example.\n+ good.example. 3600 IN MX 20 mx3.good.example.\n"


def run(*arguments: str, stdin: str = "", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deliverkit", *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(
        command, check=False, input=stdin, capture_output=True, text=True, env=environment, cwd=folder, timeout=60
    )


def test_a_saved_case_is_judged_again_with_its_own_domain_and_profile(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    first = run("check", "good.example", "--lab", "parked", "--profile", "parked", "--save", case)
    again = run("check", "--case", case)
    assert again.returncode == first.returncode == 0
    assert again.stdout.rpartition("\n\n")[0] == first.stdout.rpartition("\n\n")[0]
    assert list(tmp_path.iterdir()) == [tmp_path / "case.json"]


@pytest.mark.parametrize("world", ["resolver-well", "port-25-blocked", "resolver-refused-by-blocklists"])
def test_a_trial_of_this_machine_is_judged_again(tmp_path: Path, world: str) -> None:
    case = str(tmp_path / "case.json")
    first = run("resolver", "--lab", world, "--save", case)
    again = run("resolver", "--case", case, "--now", "2027-01-02")
    assert again.returncode == first.returncode
    assert again.stdout.rpartition("\n")[0].rpartition("\n")[0] == first.stdout.rpartition("\n")[0].rpartition("\n")[0]


def test_two_trials_of_this_machine_are_compared(tmp_path: Path) -> None:
    monday, tuesday = str(tmp_path / "monday.json"), str(tmp_path / "tuesday.json")
    run("resolver", "--lab", "resolver-well", "--save", monday)
    run("resolver", "--lab", "resolver-not-validating", "--save", tuesday, "--redact")
    shown = run("diff", monday, tuesday, "--fail-on", "warning")
    assert shown.returncode == 1
    assert shown.stdout.startswith("this machine: records: ")
    assert "new     warning RES005" in shown.stdout


def test_a_trial_of_a_dead_resolver_is_kept_too(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("resolver", "--lab", "resolver-dead", "--timeout", "0.3", "--save", case)
    assert run("resolver", "--case", case, "-q").stdout.startswith("11.0.0.53 did not answer in time")


def test_a_case_without_a_trial_of_a_resolver_is_refused(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("mx", "good.example", "--lab", "good", "--save", case)
    shown = run("resolver", "--case", case)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "holds no trial of a resolver" in shown.stderr


def test_the_clock_is_that_of_the_case_unless_another_is_given(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("mx", "good.example", "--lab", "good", "--save", case)
    then = json.loads(run("mx", "--case", case, "--format", "jsonl").stdout)["started"]
    later = json.loads(run("mx", "--case", case, "--now", "2027-01-02", "--format", "jsonl").stdout)["started"]
    assert (then, later) == ("2026-11-22T09:00:00+00:00", "2027-01-02T00:00:00+00:00")


def test_a_domain_that_the_case_does_not_hold_is_unknown(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("mx", "good.example", "--lab", "good", "--save", case)
    shown = run("mx", "other.example", "--case", case)
    assert shown.returncode == 3
    assert "UNRECORDED" in shown.stdout


def test_a_difference_is_named_and_a_new_fault_counts(tmp_path: Path) -> None:
    monday, tuesday = str(tmp_path / "monday.json"), str(tmp_path / "tuesday.json")
    run("mx", "good.example", "--lab", "good", "--save", monday)
    run("mx", "good.example", "--lab", "exchange-is-alias", "--save", tuesday)
    shown = run("diff", monday, tuesday, "--fail-on", "warning")
    assert shown.returncode == 1
    assert "  + mx2.good.example.  IN  CNAME  mx3.good.example." in shown.stdout
    assert "new     warning MX004" in shown.stdout
    assert run("diff", monday, monday).stdout == "good.example: nothing differs.\n"
    found = json.loads(run("diff", tuesday, monday, "--format", "jsonl").stdout)
    assert [fault["code"] for fault in found["gone"]] == ["MX004"]


def test_servers_are_set_side_by_side_and_a_case_keeps_it(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    shown = run("mx", "good.example", "--lab", "servers-differ", "--authoritative", "--save", case)
    assert shown.returncode == 1
    assert "ns2.good.example     11.0.3.53  1       ✓    ✗" in shown.stdout
    again = run("mx", "--case", case)
    assert again.stdout.rpartition("\n\n")[0] == shown.stdout.rpartition("\n\n")[0]
    assert run("diff", case, case).stdout.startswith("good.example: nothing differs.\nsame    4 as before")


def test_resolvers_are_set_side_by_side() -> None:
    shown = run("mx", "good.example", "--lab", "resolvers-differ", "--compare", "11.0.0.54", "--fail-on", "warning")
    assert shown.returncode == 1
    assert "11.0.0.54  ✗ 1 h" in shown.stdout


def test_a_record_is_waited_for_before_the_report() -> None:
    zone = "good.example. MX 10 mx1.good.example.\ngood.example. MX 20 mx2.good.example."
    there = run("mx", "good.example", "--lab", "servers-agree", "-q", "--wait", zone)
    assert (there.returncode, there.stderr) == (0, "0 s: visible at 3 of 3 servers\n")
    assert there.stdout.startswith("good.example receives mail")
    not_there = run("mx", "good.example", "--lab", "servers-agree", "--wait", ADDED, "--wait-at-most", "0")
    assert (not_there.returncode, not_there.stdout) == (1, "")
    assert "not at 11.0.2.53, 11.0.3.53" in not_there.stderr
    assert not_there.stderr.endswith("given up; the domain was not examined\n")


def test_where_no_server_answers_it_is_not_known_whether_the_record_is_there() -> None:
    shown = run("mx", "good.example", "--lab", "resolver-fails", "--wait", ADDED, "--wait-at-most", "0")
    assert shown.returncode == 3
    assert "visible at 0 of 1 server, no answer from 11.0.0.53; the name servers are not known" in shown.stderr


def test_proposed_records_are_judged_beside_today(tmp_path: Path) -> None:
    proposal = tmp_path / "fix.zone"
    proposal.write_text(FIX, "utf-8")
    shown = run("mx", "good.example", "--lab", "exchange-is-alias", "--what-if", str(proposal))
    assert "gone    warning MX004" in shown.stdout
    assert "With the proposed records:\ngood.example receives mail: 2 exchangers" in shown.stdout
    document = json.loads(
        run("mx", "good.example", "--lab", "good", "--what-if", "-", "--format", "json", stdin=FIX).stdout
    )
    assert [fault["code"] for fault in document["reports"][0]["difference"]["new"]] == ["MX008", "MX016"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("table", "Only in the first case: gmail.com"),
        ("json", '"only_before": [\n    "gmail.com"\n  ]'),
        ("jsonl", '"only_before": ["gmail.com"]'),
        ("markdown", "Only in the first case: gmail.com"),
        ("html", "Only in the first case: gmail.com"),
    ],
)
def test_a_domain_of_one_case_alone_is_named_in_every_format(form: str, said: str, tmp_path: Path) -> None:
    both, one, other = (str(tmp_path / name) for name in ("both.json", "one.json", "other.json"))
    run("mx", "good.example", "gmail.com", "--lab", "good", "--save", both)
    run("mx", "good.example", "--lab", "good", "--save", one)
    run("mx", "gmail.com", "--lab", "gmail", "--save", other)
    shown = run("diff", both, one, "--format", form)
    assert shown.returncode == 0
    assert said in shown.stdout
    apart = run("diff", one, other, "--format", form)
    assert (apart.returncode, apart.stdout) == (2, "")
    assert "no domain in common" in apart.stderr


@pytest.mark.parametrize("form", ["markdown", "html"])
def test_a_document_says_what_proposed_records_change(form: str) -> None:
    shown = run("mx", "good.example", "--lab", "good", "--what-if", "-", "--format", form, stdin=FIX)
    assert "good.example: records: 1 gone, 1 new; findings: 0 gone, 2 new." in shown.stdout
    assert "With the proposed records:" in shown.stdout


def test_the_fixes_alone_can_be_tried() -> None:
    snippet = run("mx", "good.example", "--lab", "exchange-is-alias", "--fix", "-q").stdout
    shown = run("mx", "good.example", "--lab", "exchange-is-alias", "-q", "--what-if", "-", stdin=snippet)
    assert "findings: 1 gone, 0 new" in shown.stdout


WAIVER = '[[waivers]]\ncheck = "MX004"\nreason = "moves in spring"\nuntil = 2099-03-31\n'


def test_the_configuration_of_the_folder_is_read_and_not_for_a_world(tmp_path: Path) -> None:
    config = tmp_path / "deliverkit.toml"
    config.write_text(WAIVER, "utf-8")
    case = str(tmp_path / "case.json")
    run("mx", "good.example", "--lab", "exchange-is-alias", "--save", case)
    shown = run("mx", "--case", case, folder=tmp_path)
    assert "waived  MX004" in shown.stdout
    assert "1 waived" in shown.stdout
    shown = run("mx", "good.example", "--lab", "exchange-is-alias", folder=tmp_path)
    assert "warning MX004" in shown.stdout
    shown = run("config", "check", folder=tmp_path)
    assert (shown.returncode, shown.stdout.splitlines()[0]) == (0, f"read from {config}")
    assert "waived: MX004 until 2099-03-31: moves in spring" in shown.stdout
    config.write_text("[waivers]", "utf-8")
    shown = run("config", "check", folder=tmp_path)
    assert (shown.returncode, shown.stderr.count("Traceback")) == (2, 0)
    assert "write [[waivers]]" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mx", "--case", "no/such.json"), "cannot be read"),
        (("mx", "--case", "README.md"), "no case file"),
        (("mx", "--case", "x.json", "--lab", "good"), "judged offline"),
        (("diff", "README.md", "README.md"), "no case file"),
        (("mx", "good.example", "--lab", "good", "--what-if", "no/such.zone"), "cannot be read"),
        (("mx", "good.example", "--lab", "good", "--what-if", "README.md"), "proposed records cannot be read"),
        (("mx", "good.example", "--lab", "good", "--save", "no/such/case.json"), "cannot be written"),
        (("mx", "good.example", "--lab", "good", "--now", "yesterday"), "yesterday"),
        (("mx", "good.example", "--lab", "good", "--config", "no/such.toml"), "cannot be read"),
        (("mx", "good.example", "--lab", "good", "--fix", "--format", "json"), "--fix goes with --format table"),
        (("mx", "--case", "x.json", "--authoritative"), "leave --authoritative"),
        (("mx", "good.example", "--what-if", "-", "--compare", "9.9.9.9"), "leave --authoritative and --compare out"),
        (("mx", "good.example", "--lab", "good", "--compare", "nine"), "'nine' is no resolver"),
        (("mx", "good.example", "--lab", "good", "--wait", "+ nonsense"), "cannot be read"),
        (("mx", "good.example", "other.example", "--lab", "good", "--wait", ADDED), "takes one domain"),
        (("mx", "no domain", "--lab", "good", "--wait", ADDED), "no domain"),
        (("resolver", "--lab", "good", "--only", "MX004"), "deliverkit check DOMAIN --only MX004"),
    ],
)
def test_files_that_cannot_be_used_are_refused(arguments: tuple[str, ...], said: str) -> None:
    shown = run(*arguments)
    assert shown.returncode == 2
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr


def test_senders_of_the_configuration_are_looked_up_where_the_profile_is_sending(tmp_path: Path) -> None:
    config = tmp_path / "deliverkit.toml"
    config.write_text('profile = "sending"\n[expectations]\nsenders = ["11.0.1.25", "11.0.9.80"]\n', "utf-8")
    arguments = ("check", "good.example", "--lab", "good", "--config", str(config))
    shown = run(*arguments)
    assert shown.returncode == 1
    assert "error   SND001" in shown.stdout
    assert "80.9.0.11.in-addr.arpa. IN PTR out.good.example." in " ".join(shown.stdout.split())
    assert "SND" not in run(*arguments, "--profile", "domain").stdout
