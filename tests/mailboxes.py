"""A world of one IMAP server, and clients that are none of ours at it."""

from __future__ import annotations

import asyncio
import imaplib
import socket
import ssl
from collections.abc import Callable
from typing import Any

from imapclient import IMAPClient

from deliverkit.lab.running import RunningWorld, running
from deliverkit.lab.world import parse

ADDRESS = "11.0.31.1"
NAME = "imap.north.example"
ADA, PASSWORD, TOKEN = "ada@north.example", "correct-horse", "t0ken"
MESSAGE = "Subject: one\nFrom: Shop <shop@good.example>\nDate: Sat, 21 Nov 2026 09:00:00 +0000\n\nfirst text\n"
OFFERS = MESSAGE.replace("one", "=?utf-8?q?B=C3=BCcher?=").replace("first", "second")

Client = Callable[[RunningWorld], Any]


def world_text(host: str = "", mailbox: str = "", more: str = "") -> str:
    """A world of one server with one mailbox: the server's lines, the mailbox's, and tables after these."""
    return f"""
target = "good.example"
[[imap]]
address = "{ADDRESS}"
name = "{NAME}"
{host}
[[imap.mailboxes]]
address = "{ADA}"
password = "{PASSWORD}"
token = "{TOKEN}"
{mailbox}
{more}
"""


def live(client: Client, text: str, then: Callable[[RunningWorld], Any] = lambda _: None) -> Any:
    """What the client finds, in a thread of its own, in the world; ``then`` is what is asked of the world after it."""

    async def work() -> Any:
        async with running(parse(text, name="mine")) as lab:
            found = await asyncio.wait_for(asyncio.to_thread(client, lab), 20)
            return found, then(lab)

    found, after = asyncio.run(work())
    return found if after is None else (found, after)


class _Named(ssl.SSLContext):
    """A context that checks the server's own name, whichever host the client names."""

    name = NAME

    def wrap_socket(self, *arguments: Any, **options: Any) -> ssl.SSLSocket:
        return super().wrap_socket(*arguments, **{**options, "server_hostname": self.name})


def trusting(lab: RunningWorld, name: str = NAME) -> ssl.SSLContext:
    """A context that trusts the lab's authorities alone, and wants a certificate for that name."""
    context = _Named(ssl.PROTOCOL_TLS_CLIENT)
    context.name = name
    context.load_verify_locations(cadata=lab.roots.decode())
    return context


def secure_imap(lab: RunningWorld, *, timeout: float = 5) -> imaplib.IMAP4:
    """Python's own client, over TLS."""
    host, port = lab.routes[ADDRESS, 993]
    return imaplib.IMAP4_SSL(host, port, ssl_context=trusting(lab), timeout=timeout)


def starting_imap(lab: RunningWorld, *, timeout: float = 5) -> imaplib.IMAP4:
    """Python's own client, in the clear so far."""
    return imaplib.IMAP4(*lab.routes[ADDRESS, 143], timeout=timeout)


def imap_client(lab: RunningWorld, *, timeout: float = 5) -> IMAPClient:
    """IMAPClient, over TLS."""
    host, port = lab.routes[ADDRESS, 993]
    return IMAPClient(host, port, ssl=True, ssl_context=trusting(lab), timeout=timeout)


def messages(*, category: str = "") -> str:
    second = f'category = "{category}"' if category else ""
    return f"""
[[imap.mailboxes.messages]]
age = 200000
text = '''{MESSAGE}'''
[[imap.mailboxes.messages]]
{second}
text = '''{OFFERS}'''
"""


def as_ada(use: Callable[[IMAPClient], Any]) -> Callable[[RunningWorld], Any]:
    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as imap:
            imap.login(ADA, PASSWORD)
            return use(imap)

    return client


def bare(lab: RunningWorld, sent: bytes) -> bytes:
    """What the server says, to the end, to these octets in the clear."""
    with socket.create_connection(lab.routes[ADDRESS, 143], timeout=5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        said = b""
        while data := connection.recv(65536):
            said += data
        return said
