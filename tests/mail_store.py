"""A real Dovecot that takes mail over LMTP and files it with Sieve, on loopback, from a folder of its own.

Each mailbox has the folders, the rules and the bounds that it is given. It needs root, to become users of its own.
Where something is not installed, `missing_store` says so.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.certificates import Authority
from tests.dovecot import OWNER
from tests.mail_servers import open_to_all
from tests.servers import PATIENCE, free_port, missing, program, wait_for_listener

PASSWORD = "correct-horse"  # noqa: S105 - an example
_SIEVE = Path("/usr/lib/dovecot/modules/lib90_sieve_plugin.so")
_LMTP = Path("/usr/lib/dovecot/lmtp")


def missing_store() -> str:
    """What is missing to run it; empty: nothing."""
    if missing("dovecot", "doveadm"):
        return "dovecot"
    absent = next(
        (name for name, path in {"dovecot-sieve": _SIEVE, "dovecot-lmtpd": _LMTP}.items() if not path.exists()), ""
    )
    return absent or ("" if os.geteuid() == 0 else "root, whom mail servers need")


@dataclass(frozen=True)
class Box:
    """A mailbox: its folders' ``namespace`` (``plain``, ``dotted``, ``attributed`` or ``translated``) and ``junk``.

    ``folders`` are made on the disk, in modified UTF-7; ``rules`` are Sieve, laid over the one for spam. ``extra`` are
    fields of its user. ``takes_mail``: else Dovecot says over LMTP that nobody has that name.
    """

    address: str
    namespace: str = "attributed"
    junk: str = "Junk"
    folders: tuple[str, ...] = ()
    rules: str = ""
    extra: str = ""
    takes_mail: bool = True

    @property
    def local(self) -> str:
        """What stands before the @."""
        return self.address.partition("@")[0]

    def script(self) -> str:
        """Its rules, whole."""
        return (
            f'require ["fileinto"];\nif header :is "X-Spam" "Yes" {{ fileinto "{self.junk}"; stop; }}\n{self.rules}\n'
        )

    def line(self, mail: Path) -> str:
        """Its line in the file of users."""
        extra = f"userdb_namespace/{self.namespace}/disabled=no {self.extra}".strip()
        return f"{self.address}:{{PLAIN}}{PASSWORD}:{OWNER}:{OWNER}::{mail / self.local}::{extra}\n"


@dataclass(frozen=True)
class Store:
    """A Dovecot that runs: its port (implicit TLS), its LMTP socket, and its log."""

    folder: Path
    port: int
    lmtp: Path
    log: Path

    def doveadm(self, *arguments: str) -> str:
        """What doveadm says."""
        command = [program("doveadm"), "-c", str(self.folder / "dovecot.conf"), *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True, timeout=PATIENCE).stdout

    def messages(self, address: str) -> list[str]:
        """All messages of a mailbox, with folder, UID and flags, as Dovecot itself tells of them.

        ``\\Recent`` is left out: whoever opens a folder to change it takes that away, and nobody can set it.
        """
        fields = "mailbox uid guid flags date.received size.physical"
        lines = self.doveadm("-f", "tab", "fetch", "-u", address, fields, "ALL").splitlines()[1:]
        return sorted(line.replace("\\Recent", "").replace(" \t", "\t") for line in lines)

    def lines(self) -> list[str]:
        """The lines of its log."""
        return self.log.read_text("utf-8", "replace").splitlines()


@contextmanager
def mail_store(folder: Path, boxes: Sequence[Box], authority: Authority, name: str) -> Iterator[Store]:
    """A Dovecot with these mailboxes, whose certificate is for that name."""
    mail = folder / "mail"
    mail.mkdir(parents=True)
    (folder / "sieve").mkdir()
    open_to_all(folder)
    port = free_port()
    for box in boxes:
        _furnish(box, folder)
    for place in (mail, folder / "sieve"):
        subprocess.run(["chown", "-R", f"{OWNER}:{OWNER}", str(place)], check=True)  # noqa: S607
    for service in ("imap", "doveadm", "lmtp"):
        lines = [box.line(mail) for box in boxes if box.takes_mail or service != "lmtp"]
        (folder / f"users.{service}").write_text("".join(lines), "utf-8")
    text = _CONFIGURATION
    certificate = authority.certify(folder / "tls", name)
    for key, value in {"@FOLDER@": folder, "@CERTIFICATE@": certificate, "@PORT@": port, "@OWNER@": OWNER}.items():
        text = text.replace(key, str(value))
    (folder / "dovecot.conf").write_text(text, "utf-8")
    with (folder / "out").open("wb") as out:
        command = [program("dovecot"), "-F", "-c", str(folder / "dovecot.conf")]
        process = subprocess.Popen(command, stdout=out, stderr=out, start_new_session=True)
        try:
            wait_for_listener(process, port, folder / "out", folder / "log")
            yield Store(folder, port, folder / "run/lmtp", folder / "log")
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _furnish(box: Box, folder: Path) -> None:
    """Its rules, and its folders as Maildir++ has them: a dot before each name and between its parts."""
    (folder / "sieve" / f"{box.local}.sieve").write_text(box.script(), "utf-8")
    for name in ("", *(f".{one}" for one in box.folders)):
        for part in ("tmp", "new", "cur"):
            (folder / "mail" / box.local / name / part).mkdir(parents=True)


_CONFIGURATION = """
base_dir = @FOLDER@/run
state_dir = @FOLDER@/state
log_path = @FOLDER@/log
hostname = store.boxes.example
protocols = imap lmtp
listen = 127.0.0.1
ssl = required
ssl_cert = <@CERTIFICATE@
ssl_key = <@CERTIFICATE@
auth_failure_delay = 0
auth_mechanisms = plain login
first_valid_uid = 1
mail_location = maildir:~
mail_max_userip_connections = 2
maildir_stat_dirs = yes
mail_plugins = quota
imap_idle_notify_interval = 1 s
protocol lmtp {
  mail_plugins = quota sieve
}
plugin {
  sieve = file:@FOLDER@/sieve/%n.sieve
  quota = count:User quota
  quota_vsizes = yes
}
service imap-login {
  chroot =
  inet_listener imap {
    port = 0
  }
  inet_listener imaps {
    port = @PORT@
  }
}
service anvil {
  chroot =
}
service lmtp {
  unix_listener lmtp {
    mode = 0666
  }
}
passdb {
  driver = passwd-file
  args = @FOLDER@/users.%s
}
userdb {
  driver = passwd-file
  args = @FOLDER@/users.%s
}
namespace plain {
  disabled = yes
  inbox = yes
  separator = /
}
namespace dotted {
  disabled = yes
  inbox = yes
  separator = .
  prefix = INBOX.
}
namespace attributed {
  disabled = yes
  inbox = yes
  separator = /
  mailbox Junk {
    special_use = \\Junk
    auto = create
  }
}
namespace translated {
  disabled = yes
  inbox = yes
  separator = /
  mailbox Indésirables {
    special_use = \\Junk
    auto = create
  }
}
"""
