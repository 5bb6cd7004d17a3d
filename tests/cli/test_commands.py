"""The commands as a user types them: output, streams, exit codes."""

from __future__ import annotations

import json
import re
import signal
import subprocess
import time

import pytest

from deliverkit.cli.options import look_of_stdout
from tests.commands import PROGRAM, run


def test_mx_shows_the_exchangers_in_sending_order() -> None:
    shown = run("mx", "gmail.com", "--lab", "gmail")
    assert shown.returncode == 0
    assert shown.stderr == ""
    lines = shown.stdout.splitlines()
    assert lines[0].startswith("gmail.com receives mail at Gmail: 5 exchangers, every one with IPv4, IPv6 and")
    exchangers = [line.split()[:3] for line in lines if re.match(r" +\d ", line)]
    assert [(place, preference) for place, preference, _ in exchangers] == [
        ("1", "5"), ("2", "10"), ("3", "20"), ("4", "30"), ("5", "40"),
    ]  # fmt: skip
    assert exchangers[0][2] == "gmail-smtp-in.l.google.com"


def test_equal_preferences_share_a_place() -> None:
    shown = run("mx", "yahoo.com", "--lab", "yahoo").stdout
    assert len(re.findall(r"^  1     1  mta\d", shown, re.MULTILINE)) == 3
    assert "Senders pick one at random" in shown


def test_several_providers_get_a_column() -> None:
    shown = run("mx", "good.example", "--lab", "doubled-zone-at-provider").stdout
    assert "does not exist" in shown


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("mx", "good.example", "--lab", "good"), 0),
        (("check", "good.example", "--lab", "exchange-is-alias"), 0),
        (("check", "good.example", "--lab", "exchange-is-alias", "--fail-on", "warning"), 1),
        (("check", "good.example", "--lab", "no-ipv6", "--fail-on", "note"), 1),
        (("check", "good.example", "--lab", "no-mail-host"), 1),
        (("check", "good.example", "--lab", "no-mail-host", "--fail-on", "never"), 0),
        (("check", "good.example", "--lab", "no-mail-host", "--skip", "no-mail-host"), 0),
        (("check", "good.example", "--lab", "null-mx"), 0),
        (("check", "good.example", "--lab", "null-mx", "--profile", "sending"), 1),
        (("mx", "good.example", "--lab", "resolver-refuses"), 3),
        (("mx", "good.example", "--lab", "reverse-silent", "--timeout", "0.3"), 0),
        (("mx", "good.example", "--lab", "reverse-silent", "--timeout", "0.3", "--fail-on", "note"), 3),
        (("mx", "good.example", "no.such.example", "--lab", "resolver-refuses"), 3),
        (("mx", "good.example", "gone.example", "--lab", "good"), 1),
        (("resolver", "--lab", "resolver-well"), 0),
        (("resolver", "--lab", "port-25-blocked"), 0),
        (("resolver", "--lab", "port-25-blocked", "--fail-on", "warning"), 1),
        (("resolver", "--lab", "port-25-blocked", "--fail-on", "warning", "--skip", "port-25-blocked"), 0),
        (("resolver", "--lab", "resolver-rewrites-nxdomain"), 1),
        (("resolver", "--lab", "resolver-dead", "--timeout", "0.3", "--skip", "RES001"), 3),
        (
            ("check", "good.example", "--lab", "resolver-not-validating", "--only", "resolver", "--fail-on", "warning"),
            1,
        ),
    ],
)
def test_exit_codes(arguments: tuple[str, ...], code: int) -> None:
    assert run(*arguments).returncode == code


def test_a_resolver_that_does_not_answer_is_said_clearly_and_soon() -> None:
    started = time.monotonic()
    shown = run("mx", "good.example", "--lab", "resolver-silent", "--timeout", "0.5")
    assert time.monotonic() - started < 10
    assert shown.returncode == 3
    assert shown.stdout.startswith("Cannot tell how good.example receives mail: the resolver 11.0.0.53 did not answer")
    assert "0 passed" in shown.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("mx", ""), "the domain is empty"),
        (("mx", "a" * 300), "has 300 octets"),
        (("mx", "two words"), "a space"),
        (("mx", "exa\x1b[31mmple.com"), "U+001B"),
        (("mx", "192.0.2.1"), "is an IP address"),
        (("mx",), "no domain is given"),
        (("mx", "a.example", "--resolver", "dns.example"), "is no resolver"),
        (("mx", "a.example", "--lab", "nowhere"), "no lab world"),
        (("mx", "a.example", "--lab", "good", "--resolver", "9.9.9.9"), "leave --resolver out"),
        (("mx", "a.example", "--lab", "good", "--only", "mx,exchange-is-alais"), "did you mean exchange-is-alias"),
        (("mx", "a.example", "--profile", "nobody"), "there is no profile 'nobody'"),
        (("mx", "a.example", "-v", "-q"), "exclude each other"),
        (("resolver", "a.example"), "unexpected extra argument"),
        (("resolver", "--resolver", "dns.example"), "is no resolver"),
        (("resolver", "--lab", "resolver-well", "--resolver", "9.9.9.9"), "leave --resolver out"),
        (("mx", "a.example", "--timeout", "0"), "0.1<=x<=300"),
        (("explain", "MX999"), "there is no check 'MX999'"),
        (("explain",), "name a check"),
        (("gmail.com",), "deliverkit mx gmail.com"),
        (("lab", "show", "no/such.toml"), "no lab world"),
    ],
)
def test_bad_input_is_a_usage_error_that_says_what_and_how(arguments: tuple[str, ...], said: str) -> None:
    shown = run(*arguments)
    assert shown.returncode == 2
    assert said in shown.stderr
    assert "Traceback" not in shown.stderr
    assert "\x1b" not in shown.stderr
    assert shown.stdout == ""


def test_a_bad_line_loses_nothing() -> None:
    text = "\ufeffada@good.example  # ours\n\nbad name\n# a comment\nhttps://mx1.good.example/x\n"
    shown = run("mx", "-", "--lab", "good", "-q", stdin=text)
    assert shown.returncode == 2
    assert [line.split()[0] for line in shown.stdout.splitlines()] == ["good.example", "mx1.good.example"]
    assert shown.stderr.startswith("Error: standard input, line 3: 'bad name'")


def test_standard_input_is_read_where_nothing_is_named() -> None:
    assert run("mx", "--lab", "good", "-q", stdin="good.example\n").stdout.startswith("good.example receives mail")


def test_a_domain_named_twice_is_examined_once() -> None:
    shown = run("mx", "good.example", "GOOD.example.", "ada@good.example", "--lab", "good", "-q")
    assert len(shown.stdout.splitlines()) == 1


def test_internationalised_names_go_in_and_out() -> None:
    shown = run("mx", "ada@münchen.example", "--lab", "idn", "-q")
    assert shown.stdout.startswith("münchen.example (xn--mnchen-3ya.example) receives mail")


def test_json_is_one_document() -> None:
    document = json.loads(run("check", "good.example", "www.good.example", "--lab", "good", "--format", "json").stdout)
    assert document["schema"] == 1
    assert [report["target"]["domain"] for report in document["reports"]] == ["good.example", "www.good.example"]
    assert [host["preference"] for host in document["reports"][0]["mail_hosts"]["hosts"]] == [10, 20]


def test_json_lines_are_one_object_each() -> None:
    shown = run("check", "-", "--lab", "good", "--format", "jsonl", stdin="good.example\nwww.good.example\n")
    objects = [json.loads(line) for line in shown.stdout.splitlines()]
    assert {found["target"]["domain"] for found in objects} == {"good.example", "www.good.example"}
    assert all(found["schema"] == 1 for found in objects)


def test_only_runs_what_is_named() -> None:
    shown = run("check", "good.example", "--lab", "good", "--only", "MX004,one-network", "--format", "jsonl")
    assert [result["code"] for result in json.loads(shown.stdout)["results"]] == ["MX004", "MX016"]


def test_a_long_list_keeps_its_order() -> None:
    domains = [f"h{number}.good.example" for number in range(150)]
    shown = run("mx", "-", "--lab", "wildcard-mx", "-q", stdin="\n".join(domains))
    assert [line.split()[0] for line in shown.stdout.splitlines()] == domains


def test_a_reader_that_goes_away_is_no_traceback() -> None:
    command = f"{' '.join(PROGRAM)} explain --list | head -n 1"
    shown = subprocess.run(command, shell=True, check=False, capture_output=True, text=True)  # noqa: S602
    assert re.match(r"[A-Z]+001 ", shown.stdout)
    assert shown.stderr == ""


@pytest.mark.parametrize(("columns", "width"), [("60", 60), ("0", 80), ("wide", 80)])
def test_a_width_that_is_none_is_that_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch, columns: str, width: int
) -> None:
    monkeypatch.setenv("COLUMNS", columns)
    assert look_of_stdout().width == width  # the tests run without a terminal: 80 columns then


def test_narrow_terminals_and_ascii_ones_can_be_read() -> None:
    narrow = run("mx", "gmail.com", "--lab", "gmail", COLUMNS="60").stdout
    assert max(map(len, narrow.splitlines())) <= 60
    assert "2a00:1450:4025:402::1b  ✓ ra-in-f27.1e100.net" in narrow
    plain = run("mx", "gmail.com", "--lab", "gmail", PYTHONUTF8="0", PYTHONIOENCODING="ascii", LC_ALL="C").stdout
    assert plain.isascii()
    assert "+ ra-in-f27.1e100.net" in plain


def test_an_interrupted_run_keeps_what_is_known() -> None:
    arguments = [
        "mx",
        "good.example",
        "mx2.good.example",
        "--lab",
        "exchange-silent",
        "--timeout",
        "30",
        "--format",
        "json",
    ]
    with subprocess.Popen([*PROGRAM, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(2)
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=20)
    assert process.returncode == 130
    assert json.loads(stdout)["reports"] == []
    assert "interrupted: 0 of 2 examined" in stderr
    assert "Traceback" not in stderr


def test_version_and_help() -> None:
    assert re.fullmatch(r"deliverkit \d+\.\d+\.\d+\n", run("--version").stdout)
    for command in ((), ("mx",), ("check",), ("explain",), ("lab",), ("lab", "run")):
        assert run(*command, "--help").stdout.startswith("Usage: ")


def test_what_is_tried_of_this_machine_is_shown_in_tables_that_fit() -> None:
    wide = run("resolver", "--lab", "resolver-well").stdout
    narrow = run("resolver", "--lab", "resolver-well", COLUMNS="60").stdout
    assert wide.startswith("11.0.0.53 answers in ")
    assert re.search(r"^  1  11\.0\.0\.53 +\d+ ms +\d+ ms  ✓ yes +– set +plain +✓ +✓$", wide, re.MULTILINE)
    assert re.search(r"^  zen\.spamhaus\.org +addresses +✓ answers$", wide, re.MULTILINE)
    assert re.search(r"^  Gmail +✓ 11\.25\.1\.1 +\d+ ms +✓ 2a11:db8:25:1::1 +\d+ ms$", wide, re.MULTILINE)
    assert max(map(len, narrow.splitlines())) <= 60


def test_the_areas_that_are_opt_in_run_only_where_they_are_named() -> None:
    usual = json.loads(run("check", "good.example", "--lab", "resolver-well", "--format", "jsonl").stdout)
    named = json.loads(
        run("check", "good.example", "--lab", "resolver-well", "--only", "mx,resolver", "--format", "jsonl").stdout
    )
    assert not {"ns", "propagation", "resolver"} & {result["area"] for result in usual["results"]}
    assert usual["this_machine"] is None
    assert {result["area"] for result in named["results"]} == {"mx", "resolver"}
    assert [test["server"] for test in named["this_machine"]["resolvers"]] == ["11.0.0.53"]
