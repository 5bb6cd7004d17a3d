"""Seed tests on the rig of real servers, made as people make them, and what their journals say."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from deliverkit.observations.seeds import Copy, SeedTest
from deliverkit.seeds.journal import open_journal
from tests.seed_rig import BOXES, DELIVERKIT, MX, RETURNS, SENDER, Rig
from tests.servers import program

HELO = "mail.shop.example"
MESSAGE = """\
From: Shop <{sender}>
Subject: {subject}
Date: Wed, 25 Nov 2026 22:00:00 +0000
MIME-Version: 1.0
Content-Type: text/plain; charset=utf-8
List-Unsubscribe: <https://shop.example/u>

Hello, the shop has news for you.
{words}
"""


@dataclass(frozen=True)
class Campaign:
    """A message, its seed file and its journal, in a folder of their own."""

    rig: Rig
    folder: Path
    names: tuple[str, ...]
    subject: str
    words: str = ""

    def __post_init__(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        self.rig.seeds(self.folder, *self.names)
        text = MESSAGE.format(sender=SENDER, subject=self.subject, words=self.words)
        (self.folder / "message.eml").write_text(text, "utf-8")

    @property
    def sending(self) -> tuple[str, ...]:
        """The command that sends it straight to its mail host, signed."""
        signing = ("--dkim-key", str(self.rig.keys["shop.example"]), "--dkim-selector", "s1")
        envelope = ("--mail-from", RETURNS, "--helo", HELO, "--rate", "6000")
        return ("seed", "send", "--message", "message.eml", *self._around, *envelope, *signing)

    @property
    def _around(self) -> tuple[str, ...]:
        return ("--journal", "journal", *self.rig.asking)

    def send(self, *options: str) -> subprocess.CompletedProcess[str]:
        """Send it."""
        return self.rig.run(self.folder, *self.sending, *options)

    def watch(self, *options: str, minutes: float = 0.3) -> subprocess.CompletedProcess[str]:
        """Watch for its copies, a few seconds at most."""
        return self.rig.run(self.folder, *self.watching(minutes), *options)

    def watching(self, minutes: float) -> tuple[str, ...]:
        """The command that watches for its copies."""
        return ("seed", "watch", *self._around, "--wait", str(minutes))

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        """The command with these arguments, while it runs; its lines can be read as it prints them."""
        return subprocess.Popen(
            [program("env"), "--default-signal=INT", *DELIVERKIT, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
            env={**self.rig.environment(self.folder), "PYTHONUNBUFFERED": "1"},
            start_new_session=True,
        )

    def stop_after(self, lines: int, how: signal.Signals, *arguments: str) -> list[str]:
        """Run the command until it has printed that many lines, stop it so, and return what it printed."""
        with self.start(*arguments) as process:
            assert process.stdout is not None
            said = [process.stdout.readline() for _ in range(lines)]
            os.killpg(process.pid, how)
            return said + process.stdout.readlines()

    def test(self) -> SeedTest:
        """The test as the journal has it."""
        with open_journal(self.folder / "journal") as journal:
            return journal.find()

    def copies(self) -> dict[str, Copy]:
        """Its copies, the controls apart, by the name of their mailbox."""
        return {copy.address.partition("@")[0]: copy for copy in self.test().copies if not copy.is_control}

    def report(self, *options: str) -> dict[str, dict[str, Any]]:
        """What `seed report` says of each copy, the controls apart, by the name of its mailbox."""
        command = ("seed", "report", "--journal", "journal", "--format", "json", "--wait", "1", *options)
        said = self.rig.run(self.folder, *command)
        found = json.loads(said.stdout)["reports"][0]["placement"]
        return {one["address"].partition("@")[0]: one for one in found["copies"] if not one["is_control"]}

    def kept(self) -> dict[str, list[str]]:
        """Every message in every mailbox of the rig, with folder, UID and flags."""
        return {name: self.rig.store.messages(box.address) for name, box in BOXES.items()}


def queued_as(copy: Copy) -> str:
    """The number that Postfix gave the copy, by its reply to it."""
    [accepted] = [one for one in copy.sendings if one.is_accepted]
    assert accepted.transcript
    assert accepted.transcript.call.host == MX
    return accepted.reply.rpartition(" ")[2]
