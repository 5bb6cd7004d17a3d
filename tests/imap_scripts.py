"""An IMAP server for the tests that says exactly what it is told to, right or wrong, on a loopback port."""

from __future__ import annotations

import re
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
_TAG = re.compile(rb"(\S+) (.*)\r\n", re.DOTALL)

Reply = bytes | Callable[[socket.socket, bytes], None]


@dataclass
class Script:
    """What is answered: to each command that begins so, these octets; ``%T`` stands for its tag.

    What is called instead of said gets the socket and the tag. ``commands`` is what was heard, ``tags`` with their
    tags, ``untagged`` what was no command.
    """

    replies: dict[str, Reply]
    greeting: bytes = b"* OK [CAPABILITY IMAP4rev1] ready\r\n"
    port: int = 0
    commands: list[str] = field(default_factory=list)
    tags: list[tuple[bytes, str]] = field(default_factory=list)
    untagged: list[bytes] = field(default_factory=list)
    connections: int = 0

    def answer(self, connected: socket.socket, line: bytes) -> None:
        """Answer one command; DONE and what goes on without a tag has a reply under its own text."""
        found = _TAG.fullmatch(line)
        tag, command = (found[1], found[2]) if found else (b"", line.strip())
        text = command.decode("utf-8", "replace")
        self.commands.append(text)
        self.tags += [(tag, text)] if tag else []
        self.untagged += [] if tag else [command]
        begins = [key for key in self.replies if text.upper().startswith(key)]
        reply: Reply = self.replies[max(begins, key=len)] if begins else b"%T OK done\r\n"
        if isinstance(reply, bytes):
            connected.sendall(reply.replace(b"%T", tag))
        else:
            reply(connected, tag)


USUAL: dict[str, Reply] = {
    "CAPABILITY": b"* CAPABILITY IMAP4rev1\r\n%T OK done\r\n",
    "LIST": b'* LIST () "/" INBOX\r\n%T OK done\r\n',
    "EXAMINE": b"* 1 EXISTS\r\n* OK [UIDVALIDITY 7] valid\r\n* OK [UIDNEXT 2] next\r\n%T OK [READ-ONLY] done\r\n",
    "UID SEARCH": b"* SEARCH 1\r\n%T OK done\r\n",
    "UID FETCH 1 (INTERNALDATE": (
        b'* 1 FETCH (UID 1 INTERNALDATE "25-Nov-2026 10:00:00 +0100" RFC822.SIZE 20)\r\n%T OK done\r\n'
    ),
    "UID FETCH 1 (BODY.PEEK[HEADER]": (
        b"* 1 FETCH (UID 1 BODY[HEADER]<0> {14}\r\nSubject: a\r\n\r\n)\r\n%T OK done\r\n"
    ),
    "LOGOUT": b"* BYE\r\n%T OK done\r\n",
}


@contextmanager
def serving(script: Script) -> Iterator[Script]:
    """The script, served to as many connections as come."""
    listening = socket.create_server((LOOPBACK, 0))
    script.port = listening.getsockname()[1]
    open_ones: list[socket.socket] = []
    accepting = threading.Thread(target=_accept, args=(listening, script, open_ones))
    accepting.start()
    try:
        yield script
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        accepting.join()
        for one in open_ones:
            one.close()


def _accept(listening: socket.socket, script: Script, open_ones: list[socket.socket]) -> None:
    threads = []
    with suppress(OSError):
        while True:
            connected, _ = listening.accept()
            script.connections += 1
            open_ones.append(connected)
            threads.append(threading.Thread(target=_speak, args=(connected, script)))
            threads[-1].start()
    for one in open_ones:
        with suppress(OSError):
            one.shutdown(socket.SHUT_RDWR)
    for thread in threads:
        thread.join()


def _speak(connected: socket.socket, script: Script) -> None:
    with suppress(OSError), connected.makefile("rb") as lines:
        connected.sendall(script.greeting)
        for line in lines:
            script.answer(connected, line)
