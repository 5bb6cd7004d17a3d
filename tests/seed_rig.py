"""A mail system of real servers that seed tests run against: Postfix, rspamd, Dovecot with Sieve, Knot.

All from Debian, on loopback, from folders of their own. Mail comes in at port 25 of an address of its own there, rspamd
looks at it as a milter, and Dovecot takes it over LMTP and files it. What is said of mailboxes stands in `BOXES`. Where
something is not installed, `missing_rig` says so.
"""

from __future__ import annotations

import os
import random
import re
import shutil
import socket
import subprocess
import sys
import time
from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from tests.certificates import Authority
from tests.filtering import Filter, missing_rspamd, rspamd
from tests.greylisting import Greylist, greylisting
from tests.mail_servers import POSTFIX_DAEMONS, open_to_all, running
from tests.mail_store import PASSWORD, Box, Store, mail_store, missing_store
from tests.servers import LOOPBACK, PATIENCE, knot, missing, program

MX, IMAP = "mx.boxes.example", "imap.boxes.example"
SENDER, RETURNS = "news@shop.example", "returns@shop.example"
DELIVERKIT = (sys.executable, "-m", "deliverkit")
POOL, OTHER_POOL = "11.0.9.7", "11.0.44.7"  # the platform's addresses for campaigns, and for everything else
OFFERS = 'if exists "List-Unsubscribe" { fileinto "Offers"; }'


def box(local: str, namespace: str = "plain", junk: str = "Spam", *folders: str, **given: object) -> Box:
    """A mailbox at boxes.example."""
    return Box(f"{local}@boxes.example", namespace, junk, folders or (), **given)  # type: ignore[arg-type]


BOXES = {
    one.local: one
    for one in (
        box("attributed", "attributed", "Junk"),
        box("bulk", "plain", "Bulk", "Bulk"),
        box("gmail", "plain", "[Gmail]/Spam", "[Gmail].Spam"),
        box("nested", "dotted", "INBOX.Spam", "Spam"),
        box("german", "plain", "Unerwünscht", "Unerw&APw-nscht"),
        box("russian", "plain", "Спам", "&BCEEPwQwBDw-"),
        box("french", "translated", "Indésirables"),
        box("offers", "plain", "Spam", "Spam", "Offers", rules=OFFERS),
        box("late", "attributed", "Junk"),
        box("discarding", "attributed", "Junk", rules="discard;"),
        box("unknown", takes_mail=False),
        box("full", "attributed", "Junk", extra="userdb_quota_rule=*:storage=1K"),
        box("stuffed", "attributed", "Junk"),
        box("greylisted", "attributed", "Junk"),
        box("locked", "attributed", "Junk", extra="nologin=y"),
        Box(RETURNS, "attributed"),
    )
}
BENIGN = ("attributed", "bulk", "gmail", "nested", "german", "russian", "french", "offers")


def missing_rig() -> str:
    """What is missing to run it; empty: nothing."""
    if absent := missing("postfix", "postsuper", "knotd"):
        return absent
    return (str(POSTFIX_DAEMONS) if not POSTFIX_DAEMONS.is_dir() else "") or missing_rspamd() or missing_store()


@dataclass(frozen=True)
class Rig:
    """The servers that run. ``address``: where mail comes in; ``key``: that with which shop.example signs."""

    folder: Path
    address: str
    name_server: int
    filter: Filter
    store: Store
    greylist: Greylist
    roots: Path
    keys: dict[str, Path]

    def seeds(self, folder: Path, *names: str) -> Path:
        """A seed file in the folder with the mailboxes of these names."""
        place = f'imap = "{IMAP}:{self.store.port}"\nsecret = "env:SEEDS"\n'
        entries = [f'[[seed]]\naddress = "{BOXES[name].address}"\nprovider = "{name}"\n{place}' for name in names]
        path = folder / "seeds.toml"
        path.write_text("\n".join([*entries, f'[returns]\naddress = "{RETURNS}"\n{place}']), "utf-8")
        return path

    @property
    def asking(self) -> tuple[str, str]:
        """The option that names the rig's name server."""
        return ("--resolver", f"{LOOPBACK}:{self.name_server}")

    def environment(self, state: Path) -> dict[str, str]:
        """What the command's surroundings are: the password, whom to trust, and where its state is."""
        own = {"SEEDS": PASSWORD, "SSL_CERT_FILE": str(self.roots), "XDG_STATE_HOME": str(state), "PYTHONUTF8": "1"}
        return {**os.environ, **own}

    def run(self, state: Path, *arguments: str, patience: float = 60.0) -> subprocess.CompletedProcess[str]:
        """Deliverkit as people call it."""
        return subprocess.run(
            [*DELIVERKIT, *arguments],
            check=False,
            capture_output=True,
            text=True,
            timeout=patience,
            cwd=state,
            env=self.environment(state),
        )

    def lines(self) -> list[str]:
        """The lines of Postfix's log."""
        log = self.folder / "postfix/mail.log"
        return log.read_text("utf-8", "replace").splitlines() if log.exists() else []

    def wait_for(self, is_there: Callable[[], object], what: str) -> None:
        """Until what is looked for is there: servers log and deliver when they get round to it."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if is_there():
                return
            time.sleep(0.1)
        raise AssertionError(f"{what}:\n" + "\n".join([*self.lines()[-20:], *self.store.lines()[-20:]]))

    def queue_ids(self, token: str) -> list[str]:
        """Under which numbers Postfix took the copy with that token: one for each time it was handed over."""
        return [found[1] for line in self.lines() if (found := re.search(rf" (\w+): message-id=<{token}@", line))]

    def accepted(self, token: str) -> list[str]:
        """Under which of them Postfix answered for it: it was queued, and not broken off or refused."""
        return [number for number in self.queue_ids(token) if "(queue active)" in " ".join(self.said_of(number))]

    def said_of(self, queue_id: str) -> list[str]:
        """What Postfix logged of it."""
        return [line.partition(f" {queue_id}: ")[2] for line in self.lines() if f" {queue_id}: " in line]

    def stored(self, token: str) -> str:
        """What Dovecot logged of the copy as it was filed."""
        return next((line for line in self.store.lines() if f"msgid=<{token}@" in line), "")

    def release(self) -> None:
        """Let go on what Postfix was told to hold."""
        command = [program("postsuper"), "-c", str(self.folder / "postfix/conf"), "-H", "ALL"]
        subprocess.run(command, check=True, capture_output=True)


@contextmanager
def seed_rig(folder: Path) -> Iterator[Rig]:
    """The servers, until they are not needed any more."""
    authority, address = Authority(), free_mail_address()
    folder.mkdir(parents=True, exist_ok=True)
    roots = folder / "roots.pem"
    roots.write_bytes(authority.certificate().public_bytes(Encoding.PEM))
    keys = {domain: generate_private_key(65537, 2048) for domain in ("shop.example", "esp.example")}
    files = {domain: _written(folder / f"{domain}.pem", key) for domain, key in keys.items()}
    with ExitStack() as stack:
        names = stack.enter_context(knot(folder / "knot", {"example": _zone(address, keys)}))
        judge = stack.enter_context(rspamd(folder / "rspamd", names.port))
        store = stack.enter_context(mail_store(folder / "dovecot", list(BOXES.values()), authority, IMAP))
        greylist = stack.enter_context(greylisting(BOXES["greylisted"].address))
        rig = Rig(folder, address, names.port, judge, store, greylist, roots, files)
        stack.enter_context(_postfix(rig, authority))
        yield rig


def free_mail_address() -> str:
    """An address of loopback whose port 25 is free."""
    while True:
        address = f"127.83.{random.randrange(256)}.{random.randrange(1, 255)}"  # noqa: S311 - no secret
        with socket.socket() as tried:
            try:
                tried.bind((address, 25))
            except PermissionError:
                raise
            except OSError:
                continue
        return address


def _written(path: Path, key: RSAPrivateKey) -> Path:
    path.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption()))
    return path


def _zone(address: str, keys: dict[str, RSAPrivateKey]) -> str:
    text = _ZONE.format(address=address, pool=POOL)
    for domain, key in keys.items():
        public = b64encode(key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).decode()
        text += f's1._domainkey.{domain}. TXT "v=DKIM1; k=rsa; p=" "{public[:200]}" "{public[200:]}"\n'
    return text


@contextmanager
def _postfix(rig: Rig, authority: Authority) -> Iterator[None]:
    folder = rig.folder / "postfix"
    for one in ("conf", "queue", "data"):
        (folder / one).mkdir(parents=True)
    open_to_all(folder)
    shutil.chown(folder / "data", "postfix")
    values = {
        "folder": folder,
        "address": rig.address,
        "daemons": POSTFIX_DAEMONS,
        "certificate": authority.certify(folder, MX),
        "boxes": ", ".join(f"{{{one.address}=1}}" for one in BOXES.values()),
        "lmtp": rig.store.lmtp,
        "milter": rig.filter.port,
        "policy": rig.greylist.port,
    }
    (folder / "conf/main.cf").write_text(_MAIN.format(**values), "utf-8")
    (folder / "conf/master.cf").write_text(_MASTER.format(**values), "utf-8")
    command = [program("postfix"), "-c", str(folder / "conf"), "start-fg"]
    with running(command, folder / "out", 25, folder / "queue/pid/master.pid", host=rig.address):
        yield


_ZONE = """\
$ORIGIN example.
$TTL 300
@ SOA ns hostmaster 1 7200 900 1209600 300
@ NS ns
ns A 127.0.0.1
boxes MX 10 mx.boxes
mx.boxes A {address}
imap.boxes A 127.0.0.1
shop MX 10 mx.boxes
shop TXT "v=spf1 ip4:127.0.0.0/8 ip4:{pool} -all"
_dmarc.shop TXT "v=DMARC1; p=none"
esp TXT "v=spf1 -all"
bounces.esp MX 10 mx.boxes
bounces.esp TXT "v=spf1 ip4:{pool} -all"
"""
_MAIN = f"""\
compatibility_level = 3.6
queue_directory = {{folder}}/queue
data_directory = {{folder}}/data
daemon_directory = {{daemons}}
maillog_file = {{folder}}/mail.log
maillog_file_prefixes = {{folder}}
myhostname = {MX}
mydestination =
inet_interfaces = {LOOPBACK}
inet_protocols = ipv4
mynetworks =
alias_maps =
virtual_mailbox_domains = boxes.example, shop.example
virtual_mailbox_maps = inline:{{{{{{boxes}}}}}}
virtual_transport = lmtp:unix:{{lmtp}}
smtpd_tls_chain_files = {{certificate}}
smtpd_tls_security_level = may
smtpd_peername_lookup = no
smtpd_authorized_xclient_hosts = 127.0.0.0/8
smtpd_milters = inet:127.0.0.1:{{milter}}
milter_default_action = tempfail
smtpd_recipient_restrictions =
  reject_unauth_destination
  check_recipient_access inline:{{{{
    {{{{late@boxes.example=HOLD}}}}
    {{{{stuffed@boxes.example=452 4.2.2 The mailbox is full}}}} }}}}
  check_policy_service inet:127.0.0.1:{{policy}}
minimal_backoff_time = 1s
queue_run_delay = 1s
"""
_MASTER = """\
{address}:25 inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
lmtp unix - - n - - lmtp
error unix - - n - - error
retry unix - - n - - error
anvil unix - - n - 1 anvil
proxymap unix - - n - - proxymap
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
