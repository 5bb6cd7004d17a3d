"""Conversations on the command line: held, kept, judged again, compared; and ``check``, which holds them, too."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_cases import run

WRONG = """
like = "smtp-good"

[[smtp]]
address = "11.0.2.25"
name = "mx2.good.example"
certificate = "expired"
extensions = ["PIPELINING"]
"""


def told(text: str) -> str:
    """The text without its last line, which holds times."""
    return text.rstrip().rpartition("\n")[0]


@pytest.mark.parametrize(
    "arguments",
    [
        ("good.example",),
        ("11.0.1.25:25",),
        ("ada@good.example", "--script", "deliver", "--from", "bob@good.example"),
        ("ada@good.example", "--script", "probe", "--from", "bob@good.example"),
    ],
)
def test_a_conversation_judged_again_gives_the_same(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    case = str(tmp_path / "case.json")
    first = run("smtp", *arguments, "--lab", "smtp-good", "--save", case)
    again = run("smtp", "--case", case)
    assert first.returncode == again.returncode == 0, first.stderr + again.stderr
    assert told(again.stdout) == told(first.stdout)
    assert "UNRECORDED" not in again.stdout
    assert "does not hold" not in again.stdout


@pytest.mark.parametrize("world", ["smtp-no-host-answers", "smtp-port-25-blocked", "smtp-without-ipv6-here"])
def test_so_does_one_that_needed_the_control(tmp_path: Path, world: str) -> None:
    case = str(tmp_path / "case.json")
    first = run("smtp", "good.example", "--lab", world, "--save", case)
    again = run("smtp", "--case", case)
    assert first.returncode == again.returncode == {"smtp-no-host-answers": 1, "smtp-port-25-blocked": 3}.get(world, 0)
    assert told(again.stdout) == told(first.stdout)


def test_two_cases_are_compared_by_what_the_hosts_said(tmp_path: Path) -> None:
    world, monday, tuesday = tmp_path / "wrong.toml", str(tmp_path / "monday.json"), str(tmp_path / "tuesday.json")
    world.write_text(WRONG)
    run("smtp", "good.example", "--lab", "smtp-good", "--save", monday)
    run("smtp", "good.example", "--lab", str(world), "--save", tuesday)
    shown = run("diff", monday, tuesday)
    assert shown.returncode == 0, shown.stderr
    assert "- mx2.good.example [11.0.2.25]:25  offers SMTPUTF8" in shown.stdout
    assert "+ mx2.good.example [11.0.2.25]:25  certificate for mx2.good.example until 2026-11-21" in shown.stdout
    assert "mx1.good.example" not in shown.stdout
    assert "TLS004" in shown.stdout
    same = run("diff", monday, monday)
    assert "smtp" not in same.stdout.lower()


def test_two_cases_about_a_host_are_compared_by_its_name(tmp_path: Path) -> None:
    cases = [str(tmp_path / f"{port}.json") for port in (25, 465, 587)]
    for port, case in zip((25, 465, 587), cases, strict=True):
        run("tls", f"mx1.good.example:{port}", "--lab", "smtp-submission", "--save", case)
    assert run("diff", cases[0], cases[0]).stdout == "mx1.good.example:25: nothing differs.\n"
    other = run("diff", cases[1], cases[2])
    assert other.returncode == 2
    assert "the first is about mx1.good.example:465, the second about mx1.good.example:587" in other.stderr


def test_an_address_that_nobody_has_is_made_up_for_each_domain(tmp_path: Path) -> None:
    case, rest = str(tmp_path / "case.json"), ("--script", "catch-all", "--from", "bob@example.org")
    first = run("smtp", "good.example", "--lab", "smtp-good", *rest, "--save", case, "--redact")
    again = run("smtp", "--case", case)
    assert first.stdout.count("wants 5xx, got 250") == again.stdout.count("wants 5xx, got 250") > 0
    assert "does not hold" not in again.stdout
    shown = run("smtp", "good.example", "--lab", "smtp-good", *rest, "-v").stdout
    assert len(set(re.findall(r"> RCPT TO:<(deliverkit-[0-9a-f]{12}@good\.example)>", shown))) == 1
    named = run("smtp", "mx1.good.example:25", "--lab", "smtp-good", *rest)
    assert named.returncode == 2
    assert "give --set made_up=ADDRESS" in named.stderr


@pytest.mark.parametrize("arguments", [("lab", "list"), ("smtp", "good.example", "--lab", "smtp-good", "-v")])
def test_a_reader_that_has_had_enough_is_no_fault(arguments: tuple[str, ...]) -> None:
    started = subprocess.Popen(
        [sys.executable, "-m", "deliverkit", *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert started.stdout
    assert started.stderr
    started.stdout.close()
    assert (started.stderr.read(), started.wait(30)) == (b"", 141)  # as a shell tells SIGPIPE
    started.stderr.close()


def test_who_notices_early_talk_may_do_so_in_answer_to_ehlo(tmp_path: Path) -> None:
    world = tmp_path / "noticing.toml"
    world.write_text('like = "smtp-good"\n[[smtp]]\naddress = "11.0.1.25"\nname = "mx1.good.example"\n'
                     'replies = { EHLO = "554 5.5.0 synchronization error" }\n')  # fmt: skip
    noticed = run("smtp", "11.0.1.25", "--lab", str(world), "--script", "early-talker")
    unguarded = run("smtp", "11.0.1.25", "--lab", "smtp-good", "--script", "early-talker")
    assert (noticed.returncode, unguarded.returncode) == (0, 0)  # no standard asks a host to look
    assert "does not mind who talks before it has greeted, which no standard asks of a host" in unguarded.stdout
    assert "note    SMTP002" in unguarded.stdout
    assert noticed.stdout.startswith("[11.0.1.25]:25 notices who talks before it has greeted: ")


def test_check_talks_to_the_mail_hosts_but_where_it_is_told_not_to() -> None:
    talking = json.loads(run("check", "good.example", "--lab", "all-well", "--format", "jsonl").stdout)
    silent = json.loads(run("check", "good.example", "--lab", "all-well", "--format", "jsonl", "--no-smtp").stdout)
    assert {"smtp", "tls"} <= set(talking["verdicts"])
    assert not {"smtp", "tls"} & set(silent["verdicts"])
    assert len(talking["smtp"]["conversations"]) == 4
    assert silent["smtp"] is None


def test_check_of_a_world_of_dns_alone_is_about_its_dns() -> None:
    shown = json.loads(run("check", "good.example", "--lab", "good", "--format", "jsonl").stdout)
    of_dns = {"mx", "spf", "dkim", "dmarc", "mta-sts", "tls-rpt", "dane"}
    assert {result["area"] for result in shown["results"]} == of_dns


def test_check_with_only_one_area_talks_to_nobody_else() -> None:
    shown = json.loads(run("check", "good.example", "--lab", "all-well", "--only", "mx", "--format", "jsonl").stdout)
    assert {result["area"] for result in shown["results"]} == {"mx"}


def test_to_want_smtp_alone_and_none_of_it_is_refused() -> None:
    shown = run("check", "good.example", "--lab", "all-well", "--only", "smtp", "--no-smtp")
    assert (shown.returncode, shown.stdout) == (2, "")
    assert "no check is left to run" in shown.stderr


def test_a_check_that_was_kept_is_judged_again_with_its_conversations(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    first = run("check", "good.example", "--lab", "all-well", "--save", case)
    again = run("check", "--case", case)
    assert told(again.stdout) == told(first.stdout)


def test_a_redacted_case_is_judged_the_same_and_names_no_host(tmp_path: Path) -> None:
    plain, redacted = tmp_path / "plain.json", tmp_path / "redacted.json"
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_STATE_HOME", str(tmp_path))
        run("check", "good.example", "--lab", "all-well", "--save", str(plain))
        run("check", "--case", str(plain), "--save", str(redacted), "--redact")
    text = redacted.read_text()
    assert "mx1.good.example" in plain.read_text()
    assert "good.example" not in text
    assert len(json.loads(text)["smtp"]) == 4
    figures = [run("check", "--case", str(case)).stdout.rstrip().splitlines()[-1] for case in (plain, redacted)]
    assert figures[0].partition("    ")[0] == figures[1].partition("    ")[0]


def test_a_refusal_says_whose_it_is_and_what_it_means(tmp_path: Path) -> None:
    world = tmp_path / "full.toml"
    world.write_text('like = "smtp-good"\n' + "".join(
        f'\n[[smtp]]\naddress = "{address}"\nname = "mx1.good.example"\nreplies = {{ RCPT = "552 5.2.2 full" }}\n'
        for address in ("11.0.1.25", "2a11:db8:1::25")
    ))  # fmt: skip
    options = ("--script", "deliver", "--from", "bob@good.example", "--lab", str(world))
    shown = run("smtp", "ada@good.example", *options)
    assert shown.returncode == 1
    first = shown.stdout.splitlines()[0]
    assert first.startswith("mx1.good.example [11.0.1.25]:25 refuses RCPT: 552 5.2.2 full (")
    assert "mailbox is full" in first


@pytest.mark.parametrize(
    ("target", "why"),
    [
        ("nosuch.example", "nosuch.example does not exist"),
        ("nosuch.good.example:25", "nosuch.good.example does not exist"),
        ("ada@nosuch.example", "nosuch.example does not exist"),
    ],
)
def test_nobody_to_talk_to_is_a_fault_in_every_format(target: str, why: str) -> None:
    shown = run("smtp", target, "--lab", "smtp-good")
    assert shown.returncode == 1
    assert shown.stdout.startswith(f"No mail host was spoken to: {why}.\n")
    assert "SMTP001 no-host-answers" in shown.stdout
    assert 'failures="1"' in run("smtp", target, "--lab", "smtp-good", "--format", "junit").stdout


def test_a_domain_that_wants_no_mail_is_at_fault_only_where_some_is_sent() -> None:
    assert run("smtp", "good.example", "--lab", "parked").returncode == 0
    sending = ("ada@good.example", "--script", "deliver", "--from", "bob@a.example")
    shown = run("smtp", *sending, "--lab", "parked")
    assert (shown.returncode, "null MX" in shown.stdout) == (1, True)


def test_this_machine_itself_needs_no_control() -> None:
    for target in ("127.0.0.1:1", "localhost:1", "unix:/nobody/listens"):
        shown = run("smtp", target, "--lab", "smtp-good")
        assert shown.returncode == 1, shown.stdout
        assert "its only address takes no connection\n" in shown.stdout
        assert "whether port" not in shown.stdout
        assert " 0 queries" in shown.stdout


def test_port_465_speaks_tls_from_the_first_octet() -> None:
    for arguments in (("11.0.1.25:465",), ("11.0.1.25", "--port", "465")):
        shown = run("smtp", *arguments, "--lab", "smtp-submission")
        assert shown.returncode == 0, shown.stdout
        assert shown.stdout.startswith("[11.0.1.25]:465 answers: 220 250 221 in ")
        assert "  ready" in shown.stdout
        assert not {"SMTP008", "TLS001"} & {*shown.stdout.split()}


def test_what_a_store_offers_is_what_it_said_before_tls() -> None:
    arguments = ("mx1.good.example:24", "--lmtp", "--from", "bob@a.example", "--to", "ada@good.example")
    shown = run("smtp", *arguments, "--lab", "smtp-submission")
    assert shown.returncode == 0, shown.stdout
    assert "TLS 1.3 · certificate good" in shown.stdout
    assert "TLS001" not in shown.stdout


def test_a_script_for_several_values_is_held_with_a_host_for_each() -> None:
    arguments = ("good.example", "--script", "helo-strictness", "--from", "bob@a.example", "--to", "ada@good.example")
    shown = run("smtp", *arguments, "--lab", "smtp-good")
    assert shown.returncode == 0, shown.stdout
    assert shown.stdout.startswith(
        "mx1.good.example [11.0.1.25]:25 takes all 3 names that no mail server should give "
        "(localhost, not_a_host_name and 192.0.2.1), in 3 conversations.\n"
    )
    assert "  exchange          name             connect  EHLO" in shown.stdout
    assert [line.split()[-10] for line in shown.stdout.splitlines() if "answers, TLS not tried" in line] == [
        "localhost",
        "not_a_host_name",
        "192.0.2.1",
    ]


SENDING = ("ada@good.example", "--lab", "smtp-good", "--script", "deliver", "--from", "bob@a.example")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ((*SENDING, "--message", "-"), "--message -: there is nothing in it to send"),
        ((*SENDING, "--to", "a@b.example,c@b.example"), "--to 'a@b.example,c@b.example': give one address"),
        ((*SENDING[:-1], "Bob <bob@a.example>"), "--from 'Bob <bob@a.example>': give one address"),
        ((*SENDING, "--attach", "gone.pdf"), "gone.pdf cannot be read: No such file or directory\n"),
        ((*SENDING, "--set", "subjekt=x"), "has no use for --set subjekt: it knows chunked, date, dsn, eight_bit, "),
        (("11.0.1.25:25", "--lab", "smtp-good", "--script", "/dev/null"), "the script /dev/null is empty"),
        (
            ("11.0.1.25:587", "--script", "submit", "--user", "a", *SENDING[5:], "--to", "b@b.example",
             "--auth", "xoauth2", "--secret", "password=file:/dev/null"),
            "has no use for the secret password: it takes token",
        ),
    ],
)  # fmt: skip
def test_what_cannot_be_sent_is_said_before_anybody_is_spoken_to(arguments: tuple[str, ...], told: str) -> None:
    ended = run("smtp", *arguments)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert told in ended.stderr
