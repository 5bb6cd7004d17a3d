"""A whole seed test through the command line, in a world of the lab: sent, watched for, deleted again."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

from deliverkit.observations.seeds import SeedTest
from deliverkit.seeds.journal import open_journal
from deliverkit.standards.smtp.dialogue import MESSAGE, exchanges

PROGRAM = [sys.executable, "-m", "deliverkit", "seed"]
NAMES = ("ada", "bea", "cem", "dot", "eve", "fay", "gus")
WORLD = """
title = "A shop that tests where its mail lands"
target = "good.example"

[[zones]]
origin = "good.example"
text = '''
imap   A   11.0.5.143
'''

[[zones]]
origin = "north.example"
text = '''
@      MX  10 mx
mx     A   11.0.31.25
imap   A   11.0.31.143
'''

[[smtp]]
address = "11.0.31.25"
name = "mx.north.example"

[[imap]]
address = "11.0.31.143"
name = "imap.north.example"
password = "p"
MAILBOXES
[[imap.mailboxes]]
address = "fay@north.example"
refusal = "NO [AUTHENTICATIONFAILED] Invalid credentials."

[[imap]]
address = "11.0.5.143"
name = "imap.good.example"
[[imap.mailboxes]]
address = "bounces@good.example"
password = "p"

[[delivery]]
to = "bea@north.example"
folder = "junk"
[[delivery]]
to = "cem@north.example"
bounce = "550 5.2.2 the mailbox is full"
[[delivery]]
to = "dot@north.example"
reply = "550 5.7.1 we do not like it"
[[delivery]]
to = "eve@north.example"
discard = true
[[delivery]]
to = "gus@north.example"
delay = 2
"""
LETTER = "From: Shop <shop@good.example>\nSubject: Spring sale\n\nBuy flowers\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    mailboxes = "\n".join(f'[[imap.mailboxes]]\naddress = "{name}@north.example"' for name in NAMES if name != "fay")
    (tmp_path / "world.toml").write_text(WORLD.replace("MAILBOXES", mailboxes))
    (tmp_path / "spring.eml").write_text(LETTER)
    return tmp_path


def write_seeds(folder: Path, *names: str) -> None:
    seeds = "\n".join(f'[[seed]]\naddress = "{name}@north.example"' for name in names)
    (folder / "seeds.toml").write_text(
        '[returns]\naddress = "bounces@good.example"\nimap = "imap.good.example"\nsecret = "env:P"\n'
        f'[defaults]\nimap = "imap.north.example"\nsecret = "env:P"\nprovider = "North"\n{seeds}\n'
    )


def files(folder: Path) -> list[str]:
    return ["--seeds", f"{folder}/seeds.toml", "--journal", f"{folder}/j.sqlite", "--lab", f"{folder}/world.toml"]


def arguments(folder: Path, *more: str) -> list[str]:
    message = ["--message", f"{folder}/spring.eml", "--mail-from", "bounces@good.example", "--rate", "6000"]
    return [*PROGRAM, "run", *files(folder), *message, *more]


def run(command: list[str], **environment: str) -> subprocess.CompletedProcess[str]:
    variables = {**os.environ, "PYTHONUTF8": "1", "P": "p", **environment}
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)


def journal_of(folder: Path) -> SeedTest:
    with open_journal(folder / "j.sqlite") as journal:
        return journal.find()


def lines_about(name: str, text: str) -> list[str]:
    return [line[2:].partition("  ")[2] for line in text.splitlines() if line[2:].startswith(f"{name}@north.example  ")]


def test_a_whole_test_ends_with_what_became_of_each_copy(folder: Path) -> None:
    write_seeds(folder, *NAMES)
    ended = run(arguments(folder, "--wait", "0.1"))
    assert ended.returncode == 3, ended.stderr
    found = {name: lines_about(name, ended.stdout) for name in NAMES}
    [sending] = journal_of(folder).copies[0].sendings
    assert sending.transcript is not None
    assert sending.transcript.handshake is not None
    assert sending.transcript.handshake.version == "TLSv1.3"
    assert sending.transcript.handshake.untrusted == "nobody looked, as between mail hosts any certificate will do"
    assert [one.verb for one in exchanges(sending.transcript.entries)][-1] == MESSAGE
    recognised = "(by its token in X-Deliverkit-Seed)"
    assert found["ada"][1] == f"in INBOX, 0 s after its host took it {recognised}"
    assert found["bea"][1].startswith("in Junk, ")
    assert found["cem"][1] == "bounced: 550 5.2.2 the mailbox is full (reported by mx.north.example)"
    assert found["dot"][0].startswith("550 5.7.1 we do not like it")
    assert len(found["eve"]) == 1
    assert found["fay"][1].startswith("cannot be read, and is tried again: its server refuses user")
    assert found["gus"][1] in {f"in INBOX, {seconds} s after its host took it {recognised}" for seconds in (1, 2, 3)}
    assert "Spring sale: of 7 seed copies at 1 provider 2 reached the inbox" in ended.stdout
    assert (
        "not found in any folder that we can read, no bounce in 6 s; quarantine or delay cannot be excl" in ended.stdout
    )
    assert "Traceback" not in ended.stderr
    assert [bool(copy.arrivals) for copy in journal_of(folder).copies] == [
        name in {"ada", "bea", "gus"} for name in NAMES
    ]


def test_it_ends_with_0_when_everything_is_settled_and_long_before_the_time_is_over(folder: Path) -> None:
    write_seeds(folder, "ada", "bea", "cem", "dot")
    begun = time.monotonic()
    ended = run(arguments(folder, "--wait", "60", "--clean-up", "--control"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert time.monotonic() - begun < 30
    assert "ada@north.example (control)  in INBOX" in ended.stdout
    assert [line for line in ended.stdout.splitlines() if line.endswith("deleted")] == [
        "ada@north.example: 2 deleted",
        "bea@north.example: 2 deleted",
    ]


def stopped(folder: Path, number: signal.Signals) -> tuple[int, str, str]:
    """A run that gets the signal as soon as it has seen the first copy."""
    write_seeds(folder, "ada", "eve")
    variables = {**os.environ, "PYTHONUTF8": "1", "PYTHONUNBUFFERED": "1", "P": "p"}
    with subprocess.Popen(
        arguments(folder), env=variables, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        while "in INBOX" not in process.stdout.readline():
            assert process.poll() is None
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    ada, eve = journal_of(folder).copies
    assert ([one.folder.name for one in ada.arrivals], eve.arrivals) == (["INBOX"], ())
    return process.returncode, out, err


def test_an_interrupt_keeps_what_is_known(folder: Path) -> None:
    code, out, err = stopped(folder, signal.SIGINT)
    assert (code, "Traceback" in err) == (130, False)
    assert "what is known is in the journal, and deliverkit seed watch goes on" in err
    assert "Spring sale: of 2 seed copies 1 inbox, 1 pending." in out


def test_so_does_being_killed(folder: Path) -> None:
    assert stopped(folder, signal.SIGKILL)[0] == -signal.SIGKILL


def test_watching_sums_up_and_says_what_it_cannot_read(folder: Path) -> None:
    """A world lives as long as its command, so that this one finds the mailboxes of another world empty."""
    write_seeds(folder, "ada", "bea", "dot", "eve", "fay")
    assert run(arguments(folder, "--wait", "0")).returncode == 3
    command = [*PROGRAM, "watch", "Spring sale", "--wait", "0", *files(folder)]
    ended = run(command)
    assert ended.returncode == 3
    lines = ended.stdout.splitlines()
    assert any(line.startswith("North: of 5 copies ") for line in lines)
    assert lines[-1] == "What it means: deliverkit seed report --wait 0"
    quiet = run([*command, "-q"])
    (line,) = quiet.stdout.splitlines()
    assert line.startswith("Spring sale: of 5 seed copies ")


def test_nothing_goes_out_that_nobody_could_look_for(folder: Path) -> None:
    write_seeds(folder, "ada", "bea")
    seeds = folder / "seeds.toml"
    seeds.write_text(seeds.read_text().replace("env:P", "env:NOPE"))
    ended = run(arguments(folder, "--wait", "0"))
    assert (ended.returncode, ended.stdout) == (2, "")
    said = f"{seeds}: the secret of ada@north.example cannot be had (nor can those of 2 more): there is no environment"
    assert said in ended.stderr
    assert not (folder / "j.sqlite").exists()


@pytest.mark.parametrize(
    ("more", "words"),
    [(("Winter",), "there is no seed test yet"), ((), "there is no seed test yet"), (("--wait", "-1"), "--wait")],
)
def test_what_cannot_be_watched(folder: Path, more: tuple[str, ...], words: str) -> None:
    write_seeds(folder, "ada")
    ended = run([*PROGRAM, "watch", *more, *files(folder)])
    assert (ended.returncode, words in ended.stderr) == (2, True), ended.stderr


def test_another_test_s_seed_file_is_refused(folder: Path) -> None:
    write_seeds(folder, "dot")
    assert run(arguments(folder, "--wait", "0")).returncode == 0
    write_seeds(folder, "ada")
    ended = run([*PROGRAM, "watch", *files(folder)])
    assert (ended.returncode, "names no mailbox of Spring sale" in ended.stderr) == (2, True)


def test_external_is_printed_and_then_waited_for(folder: Path) -> None:
    write_seeds(folder, "ada", "bea")
    command = [*PROGRAM, "run", *files(folder), "--external", "--subject", "Sale", "--from", "a@good.example"]
    ended = run([*command, "--wait", "0.02"])
    assert ended.returncode == 3, ended.stdout + ended.stderr
    assert ended.stdout.splitlines()[:2] == ["ada@north.example", "bea@north.example"]
    assert "Send 'Sale' to these 2 addresses with your own platform, as you send to your audience; it is looked" in (
        ended.stderr
    )
    assert "no copy of the test was seen anywhere: has the campaign's platform sent it?" in ended.stdout
    dry = run([*command, "--dry-run"])
    assert (dry.returncode, dry.stdout.splitlines()) == (0, ["ada@north.example", "bea@north.example"])


def test_on_a_terminal_a_table_is_drawn_in_place_and_the_report_stands_where_it_was(folder: Path) -> None:
    write_seeds(folder, "ada", "gus")
    ours, theirs = pty.openpty()
    variables = {**os.environ, "PYTHONUTF8": "1", "TERM": "xterm", "COLUMNS": "50", "LINES": "20", "P": "p"}
    with subprocess.Popen(arguments(folder), env=variables, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        drawn = b""
        with suppress(OSError):  # the terminal is gone with its last user
            while data := os.read(ours, 65536):
                drawn += data
    os.close(ours)
    before, _, after = drawn.decode().replace("\r\n", "\n").rpartition("\x1b[J")
    assert process.returncode == 0
    assert before.count("\x1b[?7l") == before.count("\x1b[?7h") >= 2
    assert re.search(r"North +2 +1 +1\x1b", before), before
    assert "Spring sale: of 2 seed copies" in after
    assert "in INBOX" not in drawn.decode()
