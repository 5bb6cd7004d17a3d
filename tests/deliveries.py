"""A world of a receiver with two mailboxes and a relay, and what lies in the mailboxes."""

from __future__ import annotations

import time
from collections.abc import Callable
from email import message_from_bytes
from email.message import Message
from typing import Any

from deliverkit.lab.mailstore import MailStore
from deliverkit.lab.running import RunningWorld
from tests.mailboxes import live

WORLD = """
target = "good.example"

[[zones]]
origin = "good.example"
text = '''
relay  A  11.0.5.25
other  A  11.0.6.25
s1._domainkey TXT {dkim:s1._domainkey.good.example}
'''

[[zones]]
origin = "north.example"
text = '''
@   MX  10 mx
mx  A   11.0.31.25
'''

[[smtp]]
address = "11.0.31.25"
name = "mx.north.example"
RECEIVER

[[smtp]]
address = "11.0.5.25"
port = 587
name = "relay.good.example"
relay = true
sign = "s1._domainkey.good.example"
auth = ["PLAIN"]
users = { shop = "s3cret" }
seconds = 0.05

[[imap]]
address = "11.0.31.143"
name = "imap.north.example"
authentication = "spf=pass smtp.mailfrom={mail_from_domain}; dkim=pass header.d={d}"
password = "p"
[[imap.mailboxes]]
address = "ada@north.example"
[[imap.mailboxes]]
address = "bob@north.example"
folders = { Bulk = "" }
junk = "Bulk"

[[imap]]
address = "11.0.5.143"
name = "imap.good.example"
[[imap.mailboxes]]
address = "bounces@good.example"
password = "p"
"""
RECEIVER, RELAY = ("11.0.31.25", 25), ("11.0.5.25", 587)
TEXT = "From: Shop <shop@good.example>\r\nTo: you\r\nSubject: Spring sale\r\n\r\nBuy flowers\r\n"


def store(lab: RunningWorld, name: str = "ada@north.example") -> MailStore:
    return lab.mailboxes[name]


def wait_for(lab: RunningWorld, folder: str, name: str = "ada@north.example") -> Message:
    """The message that comes into the folder."""
    for _ in range(400):
        if store(lab, name).folders[folder].messages:
            break
        time.sleep(0.01)
    [found] = store(lab, name).folders[folder].messages
    return message_from_bytes(found.octets)


def world(rules: str, receiver: str = "") -> str:
    return WORLD.replace("RECEIVER", receiver) + rules


def use(rules: str, client: Callable[[RunningWorld], Any], receiver: str = "") -> Any:
    return live(client, world(rules, receiver))
