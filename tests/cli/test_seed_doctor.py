"""``deliverkit seed init`` and ``seed doctor``, as people call them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from deliverkit.cli import cli
from deliverkit.cli.seed_doctor import tell
from deliverkit.seeds.seedfile import parse_seeds
from deliverkit.seeds.template import TEMPLATE

IMAP = """
[[imap]]
address = "11.0.31.1"
name = "imap.north.example"
[[imap.mailboxes]]
address = "ada@north.example"
password = "correct-horse"
[[imap.mailboxes]]
address = "bob@north.example"
password = "correct-horse"
folders = { Werbung = '', Archive = '' }
[[imap.mailboxes]]
address = "eve@north.example"
password = "another"
[[imap.mailboxes]]
address = "dan@north.example"
password = "correct-horse"
folders = { Archive = '' }
[[imap]]
address = "11.0.31.2"
name = "gmail.north.example"
capabilities = ["SASL-IR", "ID", "IDLE", "X-GM-EXT-1"]
[[imap.mailboxes]]
address = "gus@gmail.example"
password = "correct-horse"
folders = { "[Gmail]" = '\\Noselect', "[Gmail]/Spam" = '\\Junk' }
[[imap.mailboxes.messages]]
category = "promotions"
text = "Subject: a\\n\\nb"
[[imap]]
address = "11.0.31.3"
name = "silent.north.example"
do = ["drop at CONNECT"]
[[zones]]
origin = "north.example"
text = "imap 300 A 11.0.31.1\\ngmail 300 A 11.0.31.2\\nsilent 300 A 11.0.31.3"
"""


def seed(name: str, host: str = "imap.north.example") -> str:
    return f'[[seed]]\naddress = "{name}"\nimap = "{host}"\nsecret = "env:SEEDS"\n'


def world(folder: Path) -> str:
    path = folder / "world.toml"
    path.write_text(f'target = "good.example"\n{IMAP}', "utf-8")
    return str(path)


def doctor(folder: Path, text: str, *options: str) -> Result:
    (folder / "seeds.toml").write_text(text, "utf-8")
    arguments = ["seed", "doctor", "--seeds", str(folder / "seeds.toml"), "--lab", world(folder), *options]
    return CliRunner(env={"SEEDS": "correct-horse"}).invoke(cli, arguments)


def states(result: Result) -> dict[str, Any]:
    return {one["address"]: one for one in json.loads(result.stdout)["seeds"]}


def test_what_init_writes_can_be_read_and_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "seeds.toml"
    written = CliRunner().invoke(cli, ["seed", "init", "-o", str(path)])
    assert written.exit_code == 0
    assert f"deliverkit seed doctor --seeds {path}" in written.output
    assert parse_seeds(path.read_text("utf-8"), path=path).seeds[0].address == "you@gmail.com"
    path.write_text("mine", "utf-8")
    again = CliRunner().invoke(cli, ["seed", "init", "-o", str(path)])
    assert (again.exit_code, path.read_text("utf-8")) == (2, "mine")
    assert "is there already" in again.output


def test_every_line_that_init_comments_out_can_be_used() -> None:
    lines = TEMPLATE.splitlines()
    used = [line.removeprefix("# ") for line in lines if " = " in line or line.lstrip("# ").startswith("[")]
    text = "\n".join(line for line in used if not line.startswith("  "))
    assert len(parse_seeds(text, path=Path("seeds.toml")).seeds) == 4


def test_mailboxes_that_are_well_give_zero(tmp_path: Path) -> None:
    result = doctor(tmp_path, f'returns = "ada@north.example"\n{seed("ada@north.example")}')
    assert result.exit_code == 0
    assert result.output.startswith("The mailbox can be read.")
    assert "Junk" in result.output


def test_the_worst_comes_first_and_says_what_to_do(tmp_path: Path) -> None:
    text = seed("ada@north.example") + seed("eve@north.example") + seed("dan@north.example")
    text += seed("gus@gmail.example", "gmail.north.example") + seed("bob@north.example")
    text += seed("sue@north.example", "silent.north.example")
    result = doctor(tmp_path, text)
    assert result.exit_code == 1
    first, _, _, *rows = result.output.splitlines()
    assert first == "4 of 6 mailboxes can be read, 1 cannot, of 1 nothing could be found out."
    assert [row.split()[1].partition("@")[0] for row in rows[:6]] == ["eve", "sue", "dan", "ada", "gus", "bob"]
    assert "its server refuses user eve@north.example with that password" in result.output
    assert "dan@north.example: no folder of it is known as junk" in result.output
    assert "correct-horse" not in result.output


REFUSALS = [
    (
        "[AUTHENTICATIONFAILED] Invalid credentials (Failure)",
        "broken",
        "refuses user ada@north.example with that password",
    ),
    ("[AUTHENTICATIONFAILED] Password expired", "broken", "password or token has expired: get a new one"),
    ("[AUTHORIZATIONFAILED] not yours", "broken", "the login is right, but may not open this mailbox"),
    ("[NOPERM] no right to it", "broken", "the login is right, but may not open this mailbox"),
    ("[EXPIRED] change it", "broken", "password or token has expired: get a new one"),
    ("[PRIVACYREQUIRED] no plaintext", "broken", "lets nobody in without TLS: write tls ="),
    (
        "[CONTACTADMIN] IMAP access is disabled for your domain",
        "broken",
        "says to ask its administrator: is the account open",
    ),
    ("[UNAVAILABLE] user backend is down", "cannot tell", "cannot serve this mailbox just now: try again later"),
    ("[SERVERBUG] oops", "cannot tell", "cannot serve this mailbox just now: try again later"),
    ("[LIMIT] too much", "cannot tell", "too many connections of this mailbox open"),
    ("[INUSE] locked", "cannot tell", "too many connections of this mailbox open"),
    (
        "[ALERT] Too many simultaneous connections. (Failure)",
        "cannot tell",
        "too many connections of this mailbox open",
    ),
    ("[CORRUPTION] index broken", "broken", "finds it damaged: its administrator has to mend it"),
    ("[OVERQUOTA] full", "broken", "it is full: make room in it"),
    (
        "[WEBALERT https://mail.north.example/x] Web login required.",
        "broken",
        "wants you to sign in with a browser first",
    ),
    ("[ALERT] Application-specific password required", "broken", "wants an app password, never the account's own"),
    ("[ALERT] Your account is not enabled for IMAP use.", "broken", "IMAP is off for this mailbox: switch it on"),
]


@pytest.mark.parametrize(("said", "state", "hint"), REFUSALS)
@pytest.mark.parametrize("mechanism", ["password", "xoauth2"])
def test_each_refusal_says_what_to_do(tmp_path: Path, said: str, state: str, hint: str, mechanism: str) -> None:
    text = IMAP.replace('password = "correct-horse"', f'refusal = "NO {said}"\npassword = "correct-horse"', 1)
    text = text.replace('name = "imap.', 'auth = ["PLAIN", "XOAUTH2"]\nname = "imap.')
    (tmp_path / "refusing.toml").write_text(f'target = "good.example"\n{text}', "utf-8")
    file = tmp_path / "seeds.toml"
    file.write_text(f'{seed("ada@north.example")}mechanism = "{mechanism}"\n', "utf-8")
    arguments = ["seed", "doctor", "--seeds", str(file), "--lab", str(tmp_path / "refusing.toml"), "--format", "json"]
    found = CliRunner(env={"SEEDS": "correct-horse"}).invoke(cli, arguments)
    [complaint] = states(found)["ada@north.example"]["complaints"]
    is_told_otherwise = mechanism == "xoauth2" and ("with that password" in hint or "app password" in hint)
    if is_told_otherwise:
        assert "its token is refused (401)" in complaint
    else:
        assert hint in complaint
        assert said.partition("] ")[2] in complaint, "the server's own words stand behind"
    assert states(found)["ada@north.example"]["state"] == state
    assert found.exit_code == (3 if state == "cannot tell" else 1)


def test_json_says_all_of_it(tmp_path: Path) -> None:
    text = seed("bob@north.example") + seed("gus@gmail.example", "gmail.north.example")
    text += '[returns]\naddress = "bounces@north.example"\nmaildir = "nowhere"\n'
    result = doctor(tmp_path, text, "--format", "json")
    assert result.exit_code == 1
    found = states(result)
    assert (found["bob@north.example"]["state"], found["bob@north.example"]["tells_of_arrivals"]) == ("well", True)
    assert found["gus@gmail.example"]["tabs"] == "on"
    assert found["bounces@north.example"]["role"] == "takes bounces alone"
    junk = [one["reason"] for one in found["bob@north.example"]["folders"] if one["kind"] == "junk"]
    assert junk == ["its name"]


def test_what_cannot_be_found_out_gives_three(tmp_path: Path) -> None:
    assert doctor(tmp_path, seed("sue@north.example", "silent.north.example")).exit_code == 3


def test_a_file_that_cannot_be_used_gives_two(tmp_path: Path) -> None:
    result = doctor(tmp_path, "sead = []")
    assert result.exit_code == 2
    assert "did you mean seed?" in result.output


@pytest.mark.skipif(sys.platform == "win32", reason="no signals")
def test_an_interrupt_ends_it_at_once(tmp_path: Path) -> None:
    text = IMAP.replace("drop at CONNECT", "silent at CONNECT")
    (tmp_path / "world.toml").write_text(f'target = "good.example"\n{text}', "utf-8")
    (tmp_path / "seeds.toml").write_text(seed("sue@north.example", "silent.north.example"), "utf-8")
    command = [sys.executable, "-m", "deliverkit", "seed", "doctor", "--lab", "world.toml"]
    environment = {**os.environ, "SEEDS": "correct-horse"}
    with subprocess.Popen(command, cwd=tmp_path, env=environment, stderr=subprocess.PIPE, text=True) as process:
        time.sleep(2.5)
        process.send_signal(signal.SIGINT)
        started = time.monotonic()
        _, said = process.communicate(timeout=20)
    assert (process.returncode, said) == (130, "interrupted: no mailbox was changed\n")
    assert time.monotonic() - started < 5


def test_on_a_terminal_it_is_said_how_far_it_is(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for is_terminal, told in ((False, ""), (True, "\r1 of 2 mailboxes tried\x1b[K\r\x1b[K")):
        monkeypatch.setattr(sys.stderr, "isatty", lambda found=is_terminal: found)
        for number in (1, 2):
            tell(number, 2)
        assert capsys.readouterr().err == told
