"""A far network on loopback: a relay for DNS that delays answers and loses packets.

    python bench/relay.py ADDRESS PORT SERVER_PORT SECONDS LOSS

Every answer leaves ``SECONDS`` after its question came, or at once where the server took longer; of the UDP packets,
each way, the share ``LOSS`` is lost. The first answer over TCP waits once more as long: connecting takes a round trip.
A line on standard input makes it print, as one line of JSON, what it saw since the last one. Alone in a process of its
own, it waits to the microsecond: asyncio's timers are a millisecond coarse.
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
from collections.abc import Container, Iterator
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

    def __init__(self, at: Client, server: int, *, seconds: float, loss: float) -> None:
        self.clients, self.server = _bound(at), _bound((LOOPBACK, 0))
        self.server.connect((LOOPBACK, server))
        self.streams = _Streams(at, server, seconds)
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
            late, streams = self._late, self.streams
            due = min([*(late[0][:1] if late else ()), *streams.due()], default=None)
            wait = None if due is None else max(0.0, due - time.monotonic())
            ready, _, _ = select.select([self.clients, self.server, sys.stdin, *streams.sockets()], [], [], wait)
            now = time.monotonic()
            while late and late[0][0] <= now:
                _, answer, client = heapq.heappop(late)
                self.clients.sendto(answer, client)
            streams.pass_on(ready, now)
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
        return {**self._counts, "questions": asked, "twice": asked - len(self._asked), "streams": self.streams.forget()}


class _Streams:
    """Connections over TCP, each passed on over one of its own."""

    def __init__(self, at: Client, server: int, seconds: float) -> None:
        self.listening = socket.create_server(at)
        self.server, self.seconds, self.opened = server, seconds, 0
        self._pairs: dict[socket.socket, socket.socket] = {}  # a client's connection: that to the server
        self._due: dict[socket.socket, float] = {}  # when the answer to a client may leave

    def sockets(self) -> list[socket.socket]:
        """What is to be read from: a server only when its answer may leave."""
        now = time.monotonic()
        answers = [there for here, there in self._pairs.items() if self._due[here] <= now]
        return [self.listening, *self._pairs, *answers]

    def due(self) -> list[float]:
        """When answers may leave that may not do so yet."""
        now = time.monotonic()
        return [due for due in self._due.values() if due > now]

    def pass_on(self, ready: Container[object], now: float) -> None:
        """Take connections, questions and answers."""
        if self.listening in ready:
            here = self.listening.accept()[0]
            self._pairs[here] = socket.create_connection((LOOPBACK, self.server))
            self._due[here] = now + self.seconds
            self.opened += 1
        for here, there in list(self._pairs.items()):
            if there in ready and not _passed(there, here):
                self._close(here)
            elif here in ready:
                self._due[here] = max(now, self._due[here]) + self.seconds
                if not _passed(here, there):
                    self._close(here)

    def _close(self, here: socket.socket) -> None:
        self._pairs.pop(here).close()
        del self._due[here]
        here.close()

    def forget(self) -> int:
        """How many connections were opened since the last time."""
        opened, self.opened = self.opened, 0
        return opened


def _passed(source: socket.socket, destination: socket.socket) -> bool:
    """Whether something came and was passed on: else the connection is at its end."""
    try:
        octets = source.recv(PACKET)
        destination.sendall(octets)
    except OSError:
        return False
    return bool(octets)


def _bound(at: Client) -> socket.socket:
    bound = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
    bound.setblocking(False)
    bound.bind(at)
    return bound


class Relay:
    """The relay in a process of its own."""

    def __init__(self, process: subprocess.Popen[str], at: Client) -> None:
        self.process, self.at = process, at

    @property
    def port(self) -> int:
        """The port where it listens."""
        return self.at[1]

    def seen(self) -> Counter[str]:
        """What came by since the last time."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("\n")
        self.process.stdin.flush()
        return Counter(json.loads(self.process.stdout.readline()))


@contextmanager
def relay(server: int, *, seconds: float, loss: float, cpu: int, at: Client | None = None) -> Iterator[Relay]:
    """A relay in front of the server's port, pinned to a core; it listens there, or at a port that is free."""
    place = at or (LOOPBACK, free_port())
    command = ["taskset", "-c", str(cpu), sys.executable, __file__, *map(str, (*place, server, seconds, loss))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        running = Relay(process, place)
        running.seen()  # its answer says that it listens
        yield running


if __name__ == "__main__":
    address, port, to, delay, share = sys.argv[1:]
    _Relay((address, int(port)), int(to), seconds=float(delay), loss=float(share)).run()
