"""A far network on loopback: a relay for DNS over UDP that delays answers and loses packets.

    python bench/relay.py PORT SERVER_PORT SECONDS LOSS

Every answer leaves ``SECONDS`` after its question came, or at once where the server took longer; of the packets, each
way, the share ``LOSS`` is lost. A line on standard input makes it print, as one line of JSON, what it saw since the
last one. Alone in a process of its own, it waits to the microsecond: asyncio's timers are a millisecond coarse.
"""

from __future__ import annotations

import heapq
import json
import random
import select
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parent.parent)  # not this folder: it would hide the package dns

from tests.servers import LOOPBACK, free_port

PACKET = 65535
BUFFER = 4 * 1024 * 1024
TRUNCATED = 0x02  # TC in the third octet of the header (RFC 1035 §4.1.1)

Client = tuple[str, int]


class _Relay:
    """What passes between the clients' port and the server's. The same packets are lost in every run."""

    def __init__(self, port: int, server: int, *, seconds: float, loss: float) -> None:
        self.clients, self.server = _bound(port), _bound(0)
        self.server.connect((LOOPBACK, server))
        self.seconds, self.loss = seconds, loss
        self._random = random.Random(1)  # noqa: S311 - a lossy network is no secret
        self._under_way: dict[int, tuple[Client, bytes, float]] = {}
        self._late: list[tuple[float, bytes, Client]] = []
        self._next = 0
        self._forget()

    def _forget(self) -> None:
        self._asked: dict[bytes, set[tuple[int, bytes]]] = {}
        self._counts = Counter(packets=0, lost=0, truncated=0)

    def run(self) -> None:
        """Relay until standard input ends."""
        while True:
            late = self._late
            wait = max(0.0, late[0][0] - time.monotonic()) if late else None
            ready, _, _ = select.select([self.clients, self.server, sys.stdin], [], [], wait)
            now = time.monotonic()
            while late and late[0][0] <= now:
                _, answer, client = heapq.heappop(late)
                self.clients.sendto(answer, client)
            if self.clients in ready:
                self._take_questions()
            if self.server in ready:
                self._take_answers()
            if sys.stdin in ready:
                if not sys.stdin.readline():
                    return
                print(json.dumps(self._seen()), flush=True)
                self._forget()

    def _take_questions(self) -> None:
        with suppress(BlockingIOError):
            while True:
                packet, client = self.clients.recvfrom(PACKET)
                end = packet.index(b"\0", 12) + 5  # RFC 1035 §4.1.2: the name, its type and class
                asked = packet[2:4] + packet[12:end].lower()
                self._asked.setdefault(asked, set()).add((client[1], packet[:2]))
                if self._is_lost():
                    continue
                self._next = (self._next + 1) % 0x10000
                self._under_way[self._next] = (client, packet[:2], time.monotonic() + self.seconds)
                self.server.send(self._next.to_bytes(2) + packet[2:])

    def _take_answers(self) -> None:
        with suppress(BlockingIOError):
            while True:
                packet = self.server.recv(PACKET)
                client, number, due = self._under_way.pop(int.from_bytes(packet[:2]))
                self._counts["truncated"] += bool(packet[2] & TRUNCATED)
                if not self._is_lost():
                    heapq.heappush(self._late, (due, number + packet[2:], client))

    def _is_lost(self) -> bool:
        is_lost = self._random.random() < self.loss
        self._counts["packets"] += 1
        self._counts["lost"] += is_lost
        return is_lost

    def _seen(self) -> dict[str, int]:
        """What came by; a question counts as often as it came with another id: a retry keeps its own."""
        asked = sum(map(len, self._asked.values()))
        return {**self._counts, "questions": asked, "twice": asked - len(self._asked)}


def _bound(port: int) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    bound.setblocking(False)
    bound.bind((LOOPBACK, port))
    return bound


class Relay:
    """The relay in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], port: int) -> None:
        self.process, self.port = process, port

    def seen(self) -> Counter[str]:
        """What came by since the last time."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Counter(json.loads(self.process.stdout.readline()))


@contextmanager
def relay(server: int, *, seconds: float, loss: float, cpu: int) -> Iterator[Relay]:
    """A relay in front of the server's port, pinned to a core."""
    port = free_port()
    command = ["taskset", "-c", str(cpu), sys.executable, __file__, *map(str, (port, server, seconds, loss))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        running = Relay(process, port)
        running.seen()  # its answer says that it listens
        yield running


if __name__ == "__main__":
    at, to = map(int, sys.argv[1:3])
    delay, share = map(float, sys.argv[3:])
    _Relay(at, to, seconds=delay, loss=share).run()
