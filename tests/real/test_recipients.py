"""Messages for several recipients, handed to Postfix, Exim and Dovecot by the command: who gets them, what is told."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.certificates import Authority
from tests.mail_servers import PASSWORD, USER, MailServer, exim, missing_mail_server, postfix
from tests.mail_store import Box, Store, mail_store, missing_store
from tests.servers import LOOPBACK

WHY = missing_mail_server() or missing_store()
pytestmark = pytest.mark.skipif(bool(WHY), reason=f"{WHY} is not there")

ADA, BOB, FULL = (f"{name}@good.example" for name in ("ada", "bob", "full"))
NOBODY, LATER = "nobody@good.example", "later@good.example"
SENDER = "several@other.example"
WAYS = {"DATA": (), "pipelined": ("--pipelining",), "BDAT": ("--chunking",), "both": ("--pipelining", "--chunking")}


class Servers(NamedTuple):
    postfix: MailServer
    exim: MailServer
    store: Store

    def of(self, name: str) -> MailServer:
        return self.postfix if name == "Postfix" else self.exim


class Told(NamedTuple):
    """How the command ended, what it printed, and the conversation that it logged: each line with its mark."""

    code: int
    out: str
    lines: list[str]

    @property
    def replies(self) -> list[str]:
        return [line[2:] for line in self.lines if line.startswith("< ")]


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Servers]:
    folder = tmp_path_factory.mktemp("recipients")
    boxes = [Box(ADA), Box(BOB), Box(FULL, extra="userdb_quota_rule=*:storage=1K")]
    with (
        postfix(folder / "postfix") as one,
        exim(folder / "exim") as other,
        mail_store(folder / "dovecot", boxes, Authority(), "imap.good.example") as store,
    ):
        yield Servers(one, other, store)


def send(target: str, folder: Path, *arguments: str, to: tuple[str, ...]) -> Told:
    log = folder / "log"
    log.unlink(missing_ok=True)
    options = [word for one in to for word in ("--to", one)]
    environment = {**os.environ, "PYTHONUTF8": "1", "PW": PASSWORD, "XDG_STATE_HOME": str(folder)}
    command = [sys.executable, "-m", "deliverkit", "smtp", target, "--helo", "probe.example", "--log", str(log)]
    done = subprocess.run(
        [*command, *arguments, *options], check=False, capture_output=True, text=True, timeout=60, env=environment
    )
    (held,) = map(json.loads, log.read_text("utf-8").splitlines())
    marks = {"SENT": "> ", "RECEIVED": "< "}
    entries = [(marks[one["kind"]], one["data"]) for one in held["entries"] if one["kind"] in marks]
    return Told(
        done.returncode, done.stdout, [mark + line for mark, data in entries for line in data.split("\r\n")[:-1]]
    )


def deliver(server: MailServer, folder: Path, *arguments: str, to: tuple[str, ...]) -> Told:
    place = f"{LOOPBACK}:{server.ports['mx']}"
    return send(place, folder, "--script", "deliver", "--from", SENDER, *arguments, to=to)


def reply_about(told: Told, recipient: str) -> str:
    """What the host said to RCPT for it: the replies come in the order of the commands, pipelined or not."""
    commands = [line for line in told.lines if line.startswith(("> MAIL", "> RCPT"))]
    first = next(place for place, line in enumerate(told.lines) if line.startswith("> MAIL"))
    replies = [line[2:] for line in told.lines[first:] if line.startswith("< ")]
    return replies[commands.index(f"> RCPT TO:<{recipient}>")]


def logged(server: MailServer, number: str) -> list[str]:
    """All that the server logged of the message, once it has done with it."""
    end = f"{number}: removed" if server.name == "Postfix" else f"{number} <= "
    lines = server.wait_for(lambda lines: any(end in line for line in lines))
    return [line.partition(number)[2] for line in lines if number in line]


def number_of(told: Told) -> str:
    found = re.search(r"(?:queued as |OK id=)(\S+)", "\n".join(told.replies))
    assert found, told
    return found[1]


def assert_logged(server: MailServer, told: Told, *, taken: tuple[str, ...], refused: tuple[str, ...]) -> None:
    """The server's log and the transcript tell of the same recipients."""
    lines = logged(server, number_of(told))
    if server.name == "Postfix":
        sent = [line.partition("to=<")[2].partition(">")[0] for line in lines if "status=sent" in line]
        assert sorted(sent) == sorted(taken)
        assert any(f"nrcpt={len(taken)} " in line for line in lines)
        count = f"rcpt={len(taken)}/{len(taken) + len(refused)} "
        server.wait_for(lambda all_lines: any(count in line for line in all_lines if "disconnect from" in line))
    else:
        assert lines[0].endswith(f" for {' '.join(taken)}")
    for recipient in refused:
        reply = reply_about(told, recipient)
        rest = reply if server.name == "Postfix" else reply.partition(" ")[2]
        assert any(recipient in line and rest in line for line in server.lines()), reply


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_one_who_is_not_known_keeps_it_from_nobody_else(servers: Servers, name: str, way: str, tmp_path: Path) -> None:
    server = servers.of(name)
    told = deliver(server, tmp_path, *WAYS[way], to=(ADA, NOBODY, BOB))
    assert_logged(server, told, taken=(ADA, BOB), refused=(NOBODY,))
    assert told.code == 1
    assert "accepted the message for 2 of 3 recipients, but refuses RCPT" in told.out.replace("\n", " ")
    assert NOBODY in told.out.partition("TLS works")[0]
    assert ("> DATA" in told.lines) is ("--chunking" not in WAYS[way])


@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_one_who_is_put_off_keeps_it_from_nobody_else(servers: Servers, name: str, tmp_path: Path) -> None:
    server = servers.of(name)
    told = deliver(server, tmp_path, "--pipelining", to=(LATER, ADA))
    assert_logged(server, told, taken=(ADA,), refused=(LATER,))
    assert told.code == 1
    first = told.out.partition("TLS works")[0].replace("\n", " ")
    assert "accepted the message for 1 of 2 recipients, but refuses RCPT" in first
    assert " for now: 450 4.7.1 " in first
    assert LATER in first


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_where_all_are_refused_no_message_is_sent(servers: Servers, name: str, way: str, tmp_path: Path) -> None:
    other = "stranger@good.example"
    told = deliver(servers.of(name), tmp_path, *WAYS[way], to=(NOBODY, other))
    assert (told.code, [line for line in told.lines if line.startswith(("> DATA", "> BDAT"))]) == (1, [])
    assert (told.lines[-2], told.replies[-1][:3]) == ("> QUIT", "221")
    assert {reply_about(told, one)[:9] for one in (NOBODY, other)} == {"550 5.1.1"}
    found = told.out.partition("SMTP002")[2]
    assert (NOBODY in found, other in found) == (True, True)


@pytest.mark.parametrize("way", WAYS)
def test_a_store_answers_for_each_recipient(servers: Servers, way: str, tmp_path: Path) -> None:
    body = ("--body", "x\n" * 2000, "--from", SENDER, "--lmtp")
    before = len(servers.store.messages(ADA)), len(servers.store.messages(BOB))
    told = send(f"unix:{servers.store.lmtp}", tmp_path, *body, *WAYS[way], to=(ADA, NOBODY, FULL, BOB))
    assert (len(servers.store.messages(ADA)), len(servers.store.messages(BOB))) == (before[0] + 1, before[1] + 1)
    assert [reply[:3] for reply in told.replies[-4:]] == ["250", "552", "250", "221"]
    assert "accepted the message for 2 of 4 recipients, but refuses RCPT" in told.out.replace("\n", " ")
    assert (told.code, "nothing had asked for it" in told.out, "SMTP008" in told.out) == (1, False, False)
    assert f"552 5.2.2 <{FULL}>" in told.out.partition("SMTP002")[2]
    message_id = next(line for line in told.lines if line.startswith("> Message-ID: ")).partition(": ")[2]
    mine = [line for line in servers.store.lines() if message_id in line]
    assert [line.partition("(")[2].partition(")")[0] for line in mine] == [ADA, FULL, BOB]
    assert ["stored mail" in line for line in mine] == [True, False, True]
    assert told.replies[-3].partition("> ")[2].removesuffix(" (mailbox for user is full)") in mine[1]


@pytest.mark.parametrize("way", ["DATA", "pipelined", "BDAT"])
def test_who_submits_to_several_is_told_who_is_not_known(servers: Servers, way: str, tmp_path: Path) -> None:
    place = f"{LOOPBACK}:{servers.postfix.ports['submission']}"
    signing_in = ("--script", "submit", "--from", USER, "--user", USER, "--secret", "password=env:PW", "--in-clear")
    told = send(place, tmp_path, *signing_in, *WAYS[way], to=(ADA, NOBODY, BOB))
    assert_logged(servers.postfix, told, taken=(ADA, BOB), refused=(NOBODY,))
    assert (told.code, PASSWORD in told.out + "".join(told.lines)) == (1, False)
    assert logged(servers.postfix, number_of(told))[0].endswith(f"sasl_method=PLAIN, sasl_username={USER}")
    assert "accepted the message for 2 of 3 recipients" in told.out
    nobody = send(place, tmp_path, *signing_in, *WAYS[way], to=(NOBODY, "stranger@good.example"))
    assert (nobody.code, any(line.startswith(("> DATA", "> BDAT")) for line in nobody.lines)) == (1, False)
