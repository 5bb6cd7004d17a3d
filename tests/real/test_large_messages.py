"""Messages that are large, too large, or odd, handed to Postfix and to Exim: what goes out, and what they log of it."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.mail_servers import MOST, MailServer, exim, missing_mail_server, postfix
from tests.servers import LOOPBACK

pytestmark = pytest.mark.skipif(bool(missing_mail_server()), reason=f"{missing_mail_server()} is not there")

SENDING = ("--script", "deliver", "--from", "large@other.example", "--to", "ada@good.example", "-v")
WAYS = {"DATA": (), "BDAT": ("--chunking",)}
HEADER = b"From: large@other.example\r\nTo: ada@good.example\r\nSubject: x\r\nMessage-ID: <large@x>\r\n"
HEADER += b"Date: Thu, 26 Nov 2026 10:00:00 +0000\r\n\r\n"


@pytest.fixture(scope="module")
def servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, MailServer]]:
    folder = tmp_path_factory.mktemp("large")
    with postfix(folder / "postfix") as one, exim(folder / "exim") as other:
        yield {"Postfix": one, "Exim": other}


def deliver(server: MailServer, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "deliverkit", "smtp", f"{LOOPBACK}:{server.ports['mx']}", *SENDING, *arguments]
    environment = {**os.environ, "PYTHONUTF8": "1"}
    return subprocess.run(command, check=False, capture_output=True, text=True, timeout=90, env=environment)


def logged_size(server: MailServer, out: str) -> int:
    """How large the message is that the server logs it has."""
    found = re.search(r"(?:queued as |OK id=)(\S+)", out)
    assert found, out
    number = found[1]
    end = f"{number}: from=<" if server.name == "Postfix" else f"{number} <= "
    lines = server.wait_for(lambda lines: any(end in line for line in lines))
    size = re.search(r" (?:size|S)=(\d+)", next(line for line in lines if end in line))
    assert size
    return int(size[1])


def announced(out: str) -> int:
    found = re.search(r"MAIL FROM:<[^>]*> SIZE=(\d+)", out)
    assert found, out
    return int(found[1])


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_twenty_megabytes_arrive_whole(servers: dict[str, MailServer], name: str, way: str, tmp_path: Path) -> None:
    (tmp_path / "large.bin").write_bytes(bytes(range(256)) * 4 * 20 * 1024)
    done = deliver(servers[name], "--attach", f"{tmp_path}/large.bin", *WAYS[way])
    assert done.returncode == 0, done.stdout + done.stderr
    assert " accepted the message: " in done.stdout
    size = announced(done.stdout)
    assert size > 20 * 1024 * 1024 * 4 / 3
    assert f"message: {size:,} octets" in done.stderr
    more = logged_size(servers[name], done.stdout) - size  # the header field that the server adds
    if name == "Exim":  # which counts a line's end as one octet
        more += -(-20 * 1024 * 1024 // 57)  # lines of base64
    assert abs(more) < 1000


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_what_is_too_large_is_refused_before_it_is_sent(
    servers: dict[str, MailServer], name: str, way: str, tmp_path: Path
) -> None:
    (tmp_path / "m").write_bytes(HEADER + (b"x" * 76 + b"\r\n") * (MOST // 78 + 1000))
    done = deliver(servers[name], "--message", f"{tmp_path}/m", *WAYS[way])
    assert done.returncode == 1
    assert f" > MAIL FROM:<large@other.example> SIZE={(tmp_path / 'm').stat().st_size}\n" in done.stdout
    assert [verb for verb in ("> RCPT", "> DATA", "> BDAT") if verb in done.stdout] == []
    assert " refuses MAIL: 552 " in done.stdout
    assert "make it smaller" in " ".join(done.stdout.split())


BODIES = {
    "dots": b".\r\n..\r\n.x\r\nend\r\n",
    "no body": b"",
    "no line end": b"the last line",
    "long line": b"x" * 100_000 + b"\r\n",
    "eight bits": "Straße\r\n".encode(),
    "NUL": b"a\0b\r\n",
    "bare line ends": b"a\nb\rc\r\nd\r\n.\n\r\n.\rQUIT\r\n",
}


@pytest.mark.parametrize("body", BODIES)
@pytest.mark.parametrize("name", ["Postfix", "Exim"])
def test_odd_messages_are_one_message(servers: dict[str, MailServer], name: str, body: str, tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(HEADER + BODIES[body])
    for way in WAYS.values():
        before = len([line for line in servers[name].lines() if "from=<large@" in line or "<= large@" in line])
        done = deliver(servers[name], "--message", f"{tmp_path}/m", *way)
        assert done.returncode == 0, done.stdout
        assert logged_size(servers[name], done.stdout) > 0
        after = len([line for line in servers[name].lines() if "from=<large@" in line or "<= large@" in line])
        assert after == before + 1
        assert ("BODY=8BITMIME" in done.stdout) is (body == "eight bits")


def test_a_message_that_is_taken_before_the_connection_drops_is_kept(
    servers: dict[str, MailServer], tmp_path: Path
) -> None:
    (tmp_path / "m").write_bytes(HEADER + b"x\r\n")
    for server in servers.values():
        done = deliver(server, "--message", f"{tmp_path}/m", "--drop-after", "MESSAGE")
        assert (done.returncode, "> QUIT" in done.stdout) == (0, False)
        assert logged_size(server, done.stdout) > 0
