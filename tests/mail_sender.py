"""``python -m tests.mail_sender WORLD...``: a Postfix sends to the target of each lab world; what it logs, as JSON.

It sends to ``dane@`` as one that knows DANE (``dane``, with DNSSEC), and to ``sts@`` as one that a policy daemon tells
what an MTA-STS policy demands (``secure``, with its mx patterns). Its configuration, queue and log are its own, it
listens on loopback alone, and it needs root, as mail servers do. To be run in namespaces of its own, where the worlds
are at home.
"""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import smtplib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from deliverkit.lab.world import World, load
from tests.at_home import at_home, furnish
from tests.certificates import Authority
from tests.mail_servers import POSTFIX_DAEMONS, MailServer, open_to_all, running
from tests.servers import LOOPBACK, free_port, program

SENDERS = ("dane", "sts")


def handed(policy: str) -> str:
    """What postfix-mta-sts-resolver and its like hand to Postfix for the policy; empty: nothing."""
    keys = [tuple(part.strip() for part in line.partition(":")[::2]) for line in policy.splitlines()]
    if ("mode", "enforce") not in keys:
        return ""  # in mode testing, too: nothing is demanded
    names = ":".join(value.removeprefix("*") for key, value in keys if key == "mx")
    return f"secure match={names} servername=hostname"


@contextmanager
def sending(folder: Path) -> Iterator[MailServer]:
    """The sender: ``submission`` is the port at which it takes what it is to send."""
    port, log = free_port(), folder / "mail.log"
    for one in ("conf", "queue", "data"):
        (folder / one).mkdir()
    open_to_all(folder)
    shutil.chown(folder / "data", "postfix")
    for name, text in (("main.cf", _MAIN), ("master.cf", _MASTER), ("transport", "/^dane@/ dane:\n/^sts@/ sts:\n")):
        (folder / "conf" / name).write_text(text.format(folder=folder, port=port), "utf-8")
    command = [program("postfix"), "-c", str(folder / "conf"), "start-fg"]
    with running(command, folder / "out", port, folder / "queue/pid/master.pid"):
        yield MailServer("Postfix", {"submission": port}, log, Authority())


async def _deliver(sender: MailServer, world: World, folder: Path) -> dict[str, object]:
    """What the sender logs of a message to each address, and the recipients of those that the world's hosts took."""
    domain = world.target
    policy = "".join(handed(site.body) for site in world.https)
    (folder / "policy").write_text(f"{domain} {policy}\n" if policy else "", "utf-8")
    os.utime(folder / "policy", (0, 0))  # or Postfix waits until it is sure that nobody writes to it any more
    async with at_home(world) as lab:
        (folder / "roots.pem").write_bytes(lab.roots)
        before = len(sender.lines())
        recipients = [f"{name}@{domain}" for name in SENDERS]

        def send() -> list[str]:
            with smtplib.SMTP(LOOPBACK, sender.ports["submission"]) as client:
                for recipient in recipients:
                    client.sendmail("ada@sender.example", recipient, "Subject: x\r\n\r\nx\r\n")
            return sender.wait_for(lambda lines: all(_fate(lines[before:], one) for one in recipients))[before:]

        lines = await asyncio.to_thread(send)
        taken = [one for delivery in lab.deliveries for one in delivery.recipients]
    return {"taken": taken, **{name: _about(lines, name, domain) for name in SENDERS}}


def _fate(lines: list[str], recipient: str) -> str:
    return next((line for line in lines if f"to=<{recipient}>" in line and "status=" in line), "")


def _about(lines: list[str], name: str, domain: str) -> str:
    """What that sender says: first of TLS, then of the message."""
    said = [line for line in lines if f"/{name}/" in line.partition(": ")[0] and "TLS connection established" in line]
    return "\n".join([*said, _fate(lines, f"{name}@{domain}")])


def main() -> None:
    """Send to each of the worlds, one after the other."""
    names = sys.argv[1:]
    worlds = [load(name) for name in names]
    with TemporaryDirectory() as home:
        folder = Path(home)
        furnish(worlds, folder)
        found = {}
        with sending(folder) as sender:
            for name, world in zip(names, worlds, strict=True):
                found[name] = asyncio.run(_deliver(sender, world, folder))
    json.dump(found, sys.stdout)


# A failure is about one host in one world: it must not keep the sender from the next world's.
_MAIN = f"""\
compatibility_level = 3.6
queue_directory = {{folder}}/queue
data_directory = {{folder}}/data
daemon_directory = {POSTFIX_DAEMONS}
maillog_file = {{folder}}/mail.log
maillog_file_prefixes = {{folder}}
myhostname = sender.example
mydestination =
inet_interfaces = {LOOPBACK}
inet_protocols = ipv4
mynetworks = {LOOPBACK}
alias_maps =
local_recipient_maps =
transport_maps = regexp:{{folder}}/conf/transport
smtpd_peername_lookup = no
smtpd_relay_restrictions = permit_mynetworks, reject
smtp_tls_CAfile = {{folder}}/roots.pem
smtp_tls_loglevel = 1
smtp_dns_support_level = dnssec
smtp_helo_timeout = 10s
default_destination_concurrency_failed_cohort_limit = 0
"""
_MASTER = f"""\
{LOOPBACK}:{{port}} inet n - n - - smtpd
dane unix - - n - - smtp -o max_use=1 -o syslog_name=postfix/dane -o smtp_tls_security_level=dane
sts unix - - n - - smtp -o max_use=1 -o syslog_name=postfix/sts -o smtp_tls_security_level=may
  -o smtp_tls_policy_maps=texthash:{{folder}}/policy
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
retry unix - - n - - error
error unix - - n - - error
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


if __name__ == "__main__":
    main()
