"""A real Dovecot from Debian, on loopback, from a configuration folder of its own; mail lies in maildirs beside it.

It does not touch the system's configuration. It needs root, to become users of its own. Where it is not installed,
`missing_dovecot` says so.
"""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import count
from pathlib import Path

from tests.certificates import Authority
from tests.servers import LOOPBACK, PATIENCE, free_port, missing, program

NAME = "imap.good.example"
PASSWORD = 'geheim \\"ü'  # noqa: S105 - an example
OWNER = "mail"  # the user of the system whose the mail is
USERS = ("ada", "bob")

_numbers = count(1)


def missing_dovecot() -> str:
    """What is missing to run it; empty: nothing."""
    if missing("dovecot"):
        return "dovecot"
    return "" if os.geteuid() == 0 else "root, whom mail servers need"


@dataclass
class Dovecot:
    """A Dovecot that runs: its ports, with implicit TLS and without, and where its mail lies."""

    process: subprocess.Popen[bytes]
    tls: int
    clear: int
    mail: Path
    authority: Authority

    def deliver(self, user: str, message: bytes, *, folder: str = "", arrived: datetime | None = None) -> None:
        """Put a message into a folder of the user, as a delivery agent does."""
        place = self.mail / user / folder
        for part in ("tmp", "new", "cur"):
            if not (place / part).is_dir():
                (place / part).mkdir(parents=True)
                shutil.chown(place / part, OWNER, OWNER)
        for one in (self.mail / user, place):
            shutil.chown(one, OWNER, OWNER)
        name = f"{time.time():.6f}.{next(_numbers)}.tests"
        file = place / "tmp" / name
        file.write_bytes(message)
        shutil.chown(file, OWNER, OWNER)
        if arrived is not None:
            os.utime(file, (arrived.timestamp(), arrived.timestamp()))
        file.rename(place / "new" / name)

    def append(self, user: str, message: bytes, folder: str) -> None:
        """Put a message into a folder by way of Dovecot itself, which tells others of it."""
        configuration = str(self.mail.parent / "dovecot.conf")
        command = [program("doveadm"), "-c", configuration, "save", "-u", user, "-m", folder]
        subprocess.run(command, input=message, check=True, capture_output=True)

    def files(self, user: str, folder: str = "") -> list[str]:
        """The names of the files of a folder, their flags behind the colon."""
        place = self.mail / user / folder
        return sorted(file.name for part in ("new", "cur") for file in (place / part).iterdir())

    def pause(self) -> None:
        """Make the whole of it silent."""
        os.killpg(self.process.pid, signal.SIGSTOP)

    def go_on(self) -> None:
        """Wake it up."""
        os.killpg(self.process.pid, signal.SIGCONT)


@contextmanager
def dovecot(folder: Path, settings: str = "") -> Iterator[Dovecot]:
    """A Dovecot where ada and bob have the same password; ``settings`` are its own, laid over."""
    folder.chmod(0o755)
    authority, tls, clear = Authority(), free_port(), free_port()
    certificate = authority.certify(folder / "tls", NAME)
    mail = folder / "mail"
    mail.mkdir()
    shutil.chown(mail, OWNER, OWNER)
    (folder / "users").write_text("".join(f"{user}:{{PLAIN}}{PASSWORD}\n" for user in USERS), "utf-8")
    configuration = folder / "dovecot.conf"
    text = _CONFIGURATION.format(folder=folder, tls=tls, clear=clear, certificate=certificate, owner=OWNER)
    configuration.write_text(text + settings, "utf-8")
    with (folder / "out").open("wb") as out:
        command = [program("dovecot"), "-F", "-c", str(configuration)]
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
        try:
            _wait_for(process, clear, folder)
            yield Dovecot(process, tls, clear, mail, authority)
        finally:
            os.killpg(process.pid, signal.SIGCONT)
            process.terminate()
            process.wait(PATIENCE)


def _wait_for(process: subprocess.Popen[bytes], port: int, folder: Path) -> None:
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with socket.create_connection((LOOPBACK, port), 1) as connected:
                if connected.recv(4) == b"* OK":
                    return
        except OSError:
            time.sleep(0.05)
    log = folder / "log"
    raise AssertionError((folder / "out").read_text("utf-8") + (log.read_text("utf-8") if log.exists() else ""))


_CONFIGURATION = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/log
protocols = imap
listen = 127.0.0.1
ssl = yes
ssl_cert = <{certificate}
ssl_key = <{certificate}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:{folder}/mail/%u
mail_max_userip_connections = 2
maildir_stat_dirs = yes
imap_idle_notify_interval = 1 s
service imap-login {{
  inet_listener imap {{
    port = {clear}
  }}
  inet_listener imaps {{
    port = {tls}
  }}
}}
service anvil {{
  chroot =
}}
service imap-login {{
  chroot =
}}
passdb {{
  driver = passwd-file
  args = {folder}/users
}}
userdb {{
  driver = static
  args = uid={owner} gid={owner} home={folder}/mail/%u
}}
namespace inbox {{
  inbox = yes
  mailbox Junk {{
    special_use = \\Junk
    auto = create
  }}
  mailbox Trash {{
    special_use = \\Trash
    auto = create
  }}
  mailbox Sent {{
    special_use = \\Sent
    auto = create
  }}
}}
"""
