"""A policy server for Postfix that greylists: the first try from a sender to a recipient is put off."""

from __future__ import annotations

import socketserver
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

from tests.servers import LOOPBACK

PUT_OFF = "450 4.7.1 Greylisted, please come again"


@dataclass
class Greylist:
    """Who is put off once. ``tried``: sender and recipient of each try."""

    recipient: str
    port: int = 0
    tried: list[tuple[str, str]] = field(default_factory=list)

    def action(self, asked: dict[str, str]) -> str:
        """What Postfix is to do (SMTPD_POLICY_README)."""
        pair = (asked.get("sender", ""), asked.get("recipient", ""))
        if pair[1] != self.recipient:
            return "DUNNO"
        self.tried.append(pair)
        return "DUNNO" if self.tried.count(pair) > 1 else PUT_OFF


@contextmanager
def greylisting(recipient: str) -> Iterator[Greylist]:
    """The policy server, for that recipient."""
    greylist = Greylist(recipient)

    class Policy(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            asked: dict[str, str] = {}
            for line in self.rfile:
                name, is_pair, value = line.decode().strip().partition("=")
                if is_pair:
                    asked[name] = value
                else:  # an empty line ends the question
                    self.wfile.write(f"action={greylist.action(asked)}\n\n".encode())
                    asked = {}

    class Server(socketserver.ThreadingTCPServer):
        daemon_threads = True
        block_on_close = False

    with Server((LOOPBACK, 0), Policy) as server:
        greylist.port = server.server_address[1]
        Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        try:
            yield greylist
        finally:
            server.shutdown()
