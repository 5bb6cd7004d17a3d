"""What ``deliverkit smtp`` is given: what no host can be blamed for is told before any is spoken to."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path

import pytest

from tests.cli.test_cases import run
from tests.talking import serving

ASKS = "< 220\n> EHLO {nobody}\n< 250\n> QUIT\n< 221\n"
LOOPS = "< 220\n> EHLO x\n< 250\nfor each word {\n  > NOOP {word}\n  < 250\n}\n> QUIT\n< 221\n"
RAW = '< 220\n>! "NOOP {nobody}"\n< xxx\nclose\n'
FROM = ("--from", "bob@other.example")


def test_who_is_impatient_waits_no_longer_for_the_end_of_a_message_than_he_says() -> None:
    started = time.monotonic()

    async def work() -> tuple[int, str]:
        async with serving(do=["silent at ."]) as (_, (host, port), _):
            to = ("--script", "deliver", *FROM, "--to", "ada@good.example", "--patience", "0.5")
            shown = await asyncio.to_thread(run, "smtp", f"{host}:{port}", *to)
            return shown.returncode, shown.stdout

    code, out = asyncio.run(work())
    assert code == 1
    assert "no reply within 0.5 s" in out
    assert time.monotonic() - started < 20


@pytest.fixture
def scripts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "asks.smtp").write_text(ASKS)
    (tmp_path / "loops.smtp").write_text(LOOPS)
    (tmp_path / "raw.smtp").write_text(RAW)
    (tmp_path / "bare.smtp").write_text("< 220\n> EHLO x\n< 250\n> @m.eml\n< 250\n")
    (tmp_path / "auth.smtp").write_text("< 220\ntls\nauth FOO\n< 235\n")
    (tmp_path / "m.eml").write_text("Subject: x\n\nx\n")
    return tmp_path


def sent(*arguments: str) -> list[str]:
    """The envelope that was sent to the lab's host, which took it."""
    shown = run("smtp", *arguments, "--lab", "smtp-good", "-v")
    assert shown.returncode == 0, shown.stdout + shown.stderr
    lines = (line.partition(" > ")[2] for line in shown.stdout.splitlines() if " > MAIL" in line or " > RCPT" in line)
    return sorted({*lines})


@pytest.mark.parametrize("script", ["deliver", "probe"])
def test_an_address_beyond_ascii_is_announced(script: str) -> None:
    chosen = ("--script", script)
    both = ["MAIL FROM:<jörg@other.example> SMTPUTF8", "RCPT TO:<ada@good.example>"]
    assert sent("ada@good.example", *chosen, "--from", "jörg@other.example") == both
    assert sent("jörg@good.example", *chosen, *FROM) == [
        "MAIL FROM:<bob@other.example> SMTPUTF8", "RCPT TO:<jörg@good.example>",
    ]  # fmt: skip
    assert sent("ada@good.example", *chosen, *FROM)[0] == "MAIL FROM:<bob@other.example>"


def test_a_domain_beyond_ascii_goes_out_in_a_labels_and_needs_nothing() -> None:
    chosen = ("--script", "deliver", "--from", "bob@münchen.example", "--to", "ada@good.example")
    plain = ["MAIL FROM:<bob@xn--mnchen-3ya.example>", "RCPT TO:<ada@good.example>"]
    assert sent("good.example", *chosen) == plain
    composed = sent("good.example", *chosen, "--subject", "hi")
    assert composed[0].startswith("MAIL FROM:<bob@xn--mnchen-3ya.example> SIZE=")
    assert "SMTPUTF8" not in composed[0]


@pytest.mark.parametrize(
    ("script", "sender", "foreign"),
    [("open-relay", "bob@other.example", "jörg@elsewhere.example"), ("smuggling", "jörg@other.example", "")],
)
def test_tests_of_ones_own_host_announce_it(script: str, sender: str, foreign: str) -> None:
    more = ("--set", f"foreign={foreign}") if foreign else ("--to", "ada@good.example")
    shown = run("smtp", "good.example", "--script", script, "--from", sender, *more, "--lab", "smtp-good", "-v")
    said = [line for line in shown.stdout.splitlines() if " > MAIL" in line]
    assert said
    assert all(line.endswith(f"MAIL FROM:<{sender}> SMTPUTF8") for line in said), shown.stdout


@pytest.mark.parametrize("script", ["null-sender", "catch-all", "size-limit", "starttls-required", "vrfy"])
def test_other_scripts_announce_it_too(script: str) -> None:
    options = ("--from", "jörg@other.example") if script in {"catch-all", "size-limit", "starttls-required"} else ()
    shown = run("smtp", "jörg@good.example", "--script", script, *options, "--lab", "smtp-good", "-v")
    command = " > VRFY" if script == "vrfy" else " > MAIL"
    said = [line for line in shown.stdout.splitlines() if command in line]
    assert said
    assert all(line.endswith(" SMTPUTF8") for line in said)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (
            ("--script", "asks.smtp", "--set", "nobody=a>\r\nRCPT TO:<b"),
            "--set nobody has a line break in it, and line 2 of the script asks.smtp sends {nobody} in one line",
        ),
        (("--helo", "a\r\nb"), "--helo 'a\\r\\nb': give one name, or [ADDRESS]"),
        (
            ("--script", "helo-strictness", *FROM, "--to", "a@b.example", "--to", "b@b.example"),
            "--to has 2 values, and line",
        ),
        (("--script", "asks.smtp", "--set", "nobody=a", "--set", "nobody=b"), "--set nobody has 2 values, and line 2"),
        (("--script", "bare.smtp"), "bare.smtp, line 4: a message is sent here, and nothing before it asks the host"),
        (("--script", "asks.smtp"), "the script asks.smtp needs nobody (line 2): give --set nobody=VALUE"),
        (
            ("--script", "submit", "--user", "a", *FROM, "--to", "a@b.example", "--set", "mechanism=FOO"),
            "of the script submit signs in by FOO, which is none of the mechanisms PLAIN, LOGIN",
        ),
        (("--script", "auth.smtp", "--set", "user=a"), "line 3 of the script auth.smtp signs in by FOO"),
        (
            ("--script", "submit", "--user", "a\x01b", *FROM, "--to", "a@b.example"),
            "--user has a control character in it, and no mechanism can send one",
        ),
        (
            ("--script", "deliver", *FROM, "--to", "a@good.example", "--set", "message=no.eml"),
            "no.eml cannot be read: No such file or directory",
        ),
        (("--script", "smtputf8"), "the script smtputf8 needs from: give --from ADDRESS"),
    ],
)
@pytest.mark.usefixtures("scripts")
def test_what_no_host_can_mend_is_told_before_any_is_spoken_to(arguments: tuple[str, ...], said: str) -> None:
    shown = run("smtp", "good.example", "--lab", "smtp-good", *arguments)
    assert (shown.returncode, shown.stdout) == (2, "")
    assert said in shown.stderr
    assert "lab:" not in shown.stderr


@pytest.mark.usefixtures("scripts")
def test_what_a_script_can_use_is_taken() -> None:
    lab = ("good.example", "--lab", "smtp-good")
    for given in (
        ("--script", "loops.smtp", "--set", "word=a", "--set", "word=b"),
        ("--script", "raw.smtp", "--set", "nobody=a\r\nNOOP\r\n"),
        ("--script", "asks.smtp", "--set", "nobody=$$HOME"),
        ("--script", "asks.smtp", "--set", "nobody=@@home"),
    ):
        shown = run("smtp", *lab, *given, "-v")
        assert shown.returncode == 0, shown.stdout + shown.stderr
        assert "$$" not in shown.stdout
        assert "@@" not in shown.stdout


@pytest.mark.usefixtures("scripts")
def test_a_variable_may_name_the_file_of_a_message() -> None:
    lab = ("ada@good.example", "--lab", "smtp-good", *FROM)
    for given in (
        ("deliver", "--set", "message=m.eml"),
        ("named.smtp",),
        ("each.smtp",),
        ("chunks.smtp", "--set", "file=m.eml"),
    ):
        envelope = "< 220\n> EHLO a\n< 250\n> MAIL FROM:<{from}>\n< 250\n> RCPT TO:<{rcpt}>\n< 250\n"
        Path("named.smtp").write_text(f"set file = m.eml\n{envelope}> DATA\n< 354\n> @{{file}}\n< 250\n")
        Path("each.smtp").write_text(f'for each file in "m.eml" "n.eml"\n{envelope}> DATA\n< 354\n> @{{file}}\n< 250\n')
        Path("n.eml").write_text("Subject: y\n\ny\n")
        Path("chunks.smtp").write_text(f"{envelope}bdat @{{file}}\n< 250\n")
        shown = run("smtp", *lab, "--script", *given)
        assert shown.returncode == 0, shown.stdout + shown.stderr
        assert "accepted" in shown.stdout


def test_what_a_case_makes_useless_is_refused(tmp_path: Path) -> None:
    case = str(tmp_path / "case.json")
    run("smtp", "good.example", "--lab", "smtp-good", "--save", case)
    shown = run("smtp", "--case", case, "--script", "nosuch", "--from", "a@b.example")
    told = "Error: --case holds what was said then: leave --script and --from out\n"
    assert (shown.returncode, shown.stdout, shown.stderr) == (2, "", told)
    shown = run("tls", "--case", case, "--protocols")
    assert (shown.returncode, shown.stderr) == (2, "Error: --case holds what was said then: leave --protocols out\n")
    assert run("smtp", "--case", case, "--record", str(tmp_path / "script"), "--port", "25").returncode == 0


def test_several_targets_are_told_from_one_another() -> None:
    quiet = run("smtp", "good.example", "ada@good.example", "--lab", "smtp-good", "-q").stdout.splitlines()
    assert (quiet[0], quiet[3]) == ("good.example:", "ada@good.example:")
    assert quiet[1] == quiet[4] == "All 4 addresses of 2 mail hosts answer."
    alone = run("smtp", "good.example", "--lab", "smtp-good", "-q").stdout.splitlines()
    assert alone[0] == "All 4 addresses of 2 mail hosts answer."
    other = run("mx", "good.example", "null.example", "--lab", "smtp-good", "-q").stdout.splitlines()
    assert len(other) == 2


def test_a_mark_of_byte_order_is_no_part_of_a_script_a_list_or_a_world(tmp_path: Path) -> None:
    mark = "\ufeff"
    (tmp_path / "bom.smtp").write_text(f"{mark}< 220\n> QUIT\n< 221\n")
    (tmp_path / "world.toml").write_text(f'{mark}like = "smtp-good"\n')
    shown = run("smtp", "good.example", "--script", str(tmp_path / "bom.smtp"), "--lab", str(tmp_path / "world.toml"))
    assert shown.returncode == 0, shown.stderr


BOTH = ("--to", "grace@good.example", "--to", "ada@Good.example")


@pytest.mark.parametrize("script", ["deliver", "probe", "null-sender"])
def test_a_target_that_is_a_recipient_stays_one_beside_others(script: str) -> None:
    sender = () if script == "null-sender" else FROM
    shown = run("smtp", "ada@good.example", *BOTH, "--script", script, *sender, "--lab", "smtp-good", "-v")
    asked = [line.partition(" > ")[2] for line in shown.stdout.splitlines() if " > RCPT" in line]
    assert shown.returncode == 0, shown.stdout
    assert asked[:2] == ["RCPT TO:<ada@good.example>", "RCPT TO:<grace@good.example>"]
    assert {*asked} == {*asked[:2]}


def test_a_composed_message_is_to_all_of_them() -> None:
    arguments = ("--script", "deliver", *FROM, "--subject", "x", "--lab", "smtp-good", "-v")
    shown = run("smtp", "ada@good.example", *BOTH, *arguments)
    assert "> To: ada@good.example, grace@good.example\n" in shown.stdout


def test_a_host_has_the_recipients_that_are_given() -> None:
    assert sent("mx1.good.example:25", "--script", "deliver", *FROM, *BOTH)[1:] == [
        "RCPT TO:<ada@Good.example>",
        "RCPT TO:<grace@good.example>",
    ]


def test_a_script_with_one_recipient_takes_no_second_one_in_silence(tmp_path: Path) -> None:
    mine = tmp_path / "mine.smtp"
    mine.write_text("< 220\n> EHLO a\n< 250\n> VRFY {rcpt}\n< 252\n> QUIT\n< 221\n")
    for script in (str(mine), "helo-strictness"):
        sender = FROM if script == "helo-strictness" else ()
        shown = run("smtp", "ada@good.example", *BOTH[:2], "--script", script, *sender, "--lab", "smtp-good")
        assert shown.returncode == 2
        assert "the target ada@good.example is a recipient, too, and line" in shown.stderr
    same = run("smtp", "ada@good.example", *BOTH[2:], "--script", str(mine), "--lab", "smtp-good")
    assert same.returncode == 0, same.stdout


def test_what_is_no_script_is_told_in_few_lines(tmp_path: Path) -> None:
    (tmp_path / "words").write_text("these are no statements\n" * 50)
    (tmp_path / "zero").write_bytes(b"> EHLO\0\n")
    (tmp_path / "octets").write_bytes(b"\x7fELF\xff\xfe\n")
    told = {name: run("smtp", "a.example", "--script", name, folder=tmp_path) for name in ("words", "zero", "octets")}
    assert {one.returncode for one in told.values()} == {2}
    lines = told["words"].stderr.splitlines()
    assert (len(lines), lines[-1]) == (11, "and 40 more")
    assert "zero is no script: there are octets of zero in it" in told["zero"].stderr
    assert "octets cannot be read: it is no text in UTF-8" in told["octets"].stderr


def test_what_is_to_be_named_is_told() -> None:
    for name, words in (("smtp", "no target is given: name a domain, an e-mail address"), ("mx", "no domain is given")):
        shown = run(name)
        assert (shown.returncode, words in shown.stderr) == (2, True)


@pytest.mark.parametrize(("field", "told"), [("{message_id}", True), ("<{message_id}>", False)])
def test_a_message_id_without_its_brackets_is_told(tmp_path: Path, field: str, *, told: bool) -> None:
    (tmp_path / "t").write_text(f"From: <{{from}}>\nMessage-ID: {field}\n\nx\n")
    arguments = ("--script", "deliver", *FROM, "--template", "t", "--lab", "smtp-good")
    shown = run("smtp", "ada@good.example", *arguments, folder=tmp_path)
    assert shown.returncode == 0
    assert ("its Message-ID has no angle brackets" in shown.stderr) is told


def test_the_sender_beyond_ascii_is_given_like_any_other() -> None:
    chosen = ("good.example", "--script", "smtputf8", "--lab", "smtp-good", "-q", "--from")
    assert "takes a sender's address beyond ASCII" in run("smtp", *chosen, "grüße@a.example").stdout
    assert "was given no address beyond ASCII" in run("smtp", *chosen, "bob@a.example").stdout


def test_a_socket_is_called_one(tmp_path: Path) -> None:
    shown = run("smtp", f"unix:{tmp_path}/s", "--lab", "smtp-good")
    assert f"no route to the socket {tmp_path}/s" in shown.stdout
    assert "port 25" not in shown.stdout
