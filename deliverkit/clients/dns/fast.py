"""The fast road to one resolver: UDP, many questions in flight, our own codec.

A few connected sockets, read until they are empty at each wake-up, floods apart. An answer is taken only if its id,
its question and every octet are right; whatever else arrives is dropped and the question goes on waiting. What stays
unanswered is sent again as the measured round trips say; giving up is the caller's deadline.
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections import deque
from collections.abc import Awaitable, Iterator
from ipaddress import ip_address

from deliverkit.classes import Slotted, field
from deliverkit.clients.dns.codec import Question, decode
from deliverkit.clients.dns.patience import Patience
from deliverkit.clients.dns.wire import BadPacketError
from deliverkit.clients.routes import Endpoint
from deliverkit.observations import Answer, Status

SOCKETS = 4
USES = 500  # questions per socket before its port is given up for another random one (RFC 5452 §9.2)
TICK = 0.01  # seconds between looks at what is overdue
LEAST_WINDOW, FIRST_WINDOW, MOST_WINDOW = 32, 200, 2000
RECEIVE_BUFFER = 4 * 1024 * 1024
PACKET = 65535
MOST_AT_ONCE = 4000  # packets taken at a wake-up: a flood must not keep the clock from being looked at


class _Waiting(Slotted):
    """A question on its way."""

    question: Question
    packet: bytes
    port: _Port
    answer: asyncio.Future[Answer]
    first_sent: float
    due: float
    wait: float
    deadline: float
    tries: int = 1


class _Port(Slotted):
    """A connected socket, and what waits for an answer on it, by id."""

    socket: socket.socket
    waiting: dict[bytes, _Waiting] = field(default_factory=dict)
    uses: int = 0


class FastUdp:
    """Questions to one resolver at ``endpoint``; ``server`` is how answers name it."""

    def __init__(self, endpoint: Endpoint, *, server: str) -> None:
        self.endpoint = endpoint
        self.server = server
        self._is_far = not ip_address(endpoint[0].partition("%")[0]).is_loopback
        self._ports: list[_Port] = []
        self._retired: list[_Port] = []
        self._turns: deque[asyncio.Future[None]] = deque()
        self._in_flight = 0
        self._window = float(FIRST_WINDOW)
        self._narrowed = 0.0
        self._next = 0
        self._outgoing: list[_Waiting] = []
        self._loop: asyncio.AbstractEventLoop | None = None
        self._patience = Patience()
        self._ids = _random_ids()
        self._timer: asyncio.TimerHandle | None = None

    def ask(self, question: Question, *, wait: float) -> Awaitable[Answer]:
        """The answer; TIMEOUT where none came within ``wait`` seconds, UNREACHABLE where the machine refuses."""
        if self._in_flight < self._window:
            return self._send(question, wait)
        return self._ask_in_turn(question, wait)

    async def _ask_in_turn(self, question: Question, wait: float) -> Answer:
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._turns.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            self._give_turns()  # it may have been given already: the next in line takes it
            raise
        return await self._send(question, wait)

    def close(self) -> None:
        """Give up the sockets; what still waits is unreachable."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
        for port in [*self._ports, *self._retired]:
            self._shut(port)
        self._ports.clear()
        self._retired.clear()

    def _give_turns(self) -> None:
        """Let as many go on as the window has room for."""
        room = int(self._window) - self._in_flight
        while self._turns and room > 0:
            turn = self._turns.popleft()
            if not turn.done():
                turn.set_result(None)
                room -= 1

    def _send(self, question: Question, wait: float) -> asyncio.Future[Answer]:
        loop = self._loop = self._loop or asyncio.get_running_loop()
        answer: asyncio.Future[Answer] = loop.create_future()
        try:
            port = self._pick()
        except OSError:
            answer.set_result(_failure(question, Status.UNREACHABLE, self.server))
            return answer
        number = next(self._ids)
        while number in port.waiting:
            number = next(self._ids)
        now = time.monotonic()
        patience = self._patience.seconds
        packet = number + question.wire
        port.waiting[number] = waiting = _Waiting(
            question, packet, port, answer, now, now + patience, patience, now + wait
        )
        port.uses += 1
        self._in_flight += 1
        if not self._outgoing:
            loop.call_soon(self._flush)
        self._outgoing.append(waiting)
        if self._timer is None:
            self._timer = loop.call_later(TICK, self._look)
        return answer

    def _flush(self) -> None:
        """Send all that was asked in this turn of the loop at one go: a server that is kept busy need not be woken."""
        outgoing, self._outgoing = self._outgoing, []
        for waiting in outgoing:
            self._transmit(waiting)

    def _transmit(self, waiting: _Waiting) -> None:
        try:
            waiting.port.socket.send(waiting.packet)
        except BlockingIOError:
            waiting.due = time.monotonic() + TICK  # the buffer is full: the next look sends it again
        except OSError:
            self._refused(waiting.port)

    def _pick(self) -> _Port:
        """The next socket in turn; a used-up one is replaced by one with another port."""
        if len(self._ports) < SOCKETS:
            self._ports.append(self._open())
        self._next = (self._next + 1) % len(self._ports)
        port = self._ports[self._next]
        if self._is_far and port.uses >= USES:
            self._retired.append(port)
            port = self._ports[self._next] = self._open()
        return port

    def _open(self) -> _Port:
        host, number = self.endpoint
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_DGRAM)
        try:
            opened.setblocking(False)
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, RECEIVE_BUFFER)
            octets = host.encode()  # as text, even an address takes the codec of internationalised names
            opened.connect(socket.getaddrinfo(octets, number, family, socket.SOCK_DGRAM)[0][4])
            port = _Port(opened)
            asyncio.get_running_loop().add_reader(opened.fileno(), self._read, port)
        except BaseException:
            opened.close()
            raise
        return port

    def _shut(self, port: _Port) -> None:
        asyncio.get_running_loop().remove_reader(port.socket.fileno())
        port.socket.close()
        self._refused(port)

    def _read(self, port: _Port) -> None:
        """Take the packets that are there, and measure the round trip of the last."""
        receive, questions = port.socket.recv, port.waiting
        now = time.monotonic()
        taken: _Waiting | None = None
        before, is_refused = len(questions), False
        for _ in range(MOST_AT_ONCE):
            try:
                packet = receive(PACKET)
            except (BlockingIOError, InterruptedError):
                break
            except OSError:
                is_refused = True
                break
            number = packet[:2]
            waiting = questions.get(number)
            if waiting is not None and self._take(packet, waiting, now):
                del questions[number]
                taken = waiting
        if taken is not None:
            self._measure(taken, now)
            self._leave(before - len(questions))
        if is_refused:
            self._refused(port)

    def _leave(self, number: int) -> None:
        """So many questions are on their way no more."""
        self._in_flight -= number
        if self._turns:
            self._give_turns()

    def _take(self, packet: bytes, waiting: _Waiting, now: float) -> bool:
        """Believe the packet if it is the answer in every octet; else go on waiting."""
        try:
            answer = decode(packet, waiting.question, server=self.server, elapsed=now - waiting.first_sent)
        except BadPacketError:
            return False
        if not waiting.answer.done():
            waiting.answer.set_result(answer)
        return True

    def _measure(self, taken: _Waiting, now: float) -> None:
        if taken.tries > 1:
            self._patience.back_off(taken.wait)
            return
        is_first = self._patience.round_trip is None
        self._patience.measure(now - taken.first_sent)
        self._window = min(self._window + 1 / self._window, MOST_WINDOW)
        if is_first:
            self._hasten()

    def _hasten(self) -> None:
        """The first round trip is known: what was sent before waits no longer than it says."""
        for port in self._ports:
            for waiting in port.waiting.values():
                waiting.wait = self._patience.seconds
                waiting.due = min(waiting.due, waiting.first_sent + waiting.wait)

    def _refused(self, port: _Port) -> None:
        """The machine, or the way to it, says that nothing is there: all that waits on the socket knows it now."""
        for waiting in port.waiting.values():
            _settle(waiting, Status.UNREACHABLE, self.server)
        left = len(port.waiting)
        port.waiting.clear()
        self._leave(left)

    def _look(self) -> None:
        """Send again what is overdue, give up what is past its deadline, drop what nobody waits for."""
        now = time.monotonic()
        is_waiting = False
        for port in (*self._ports, *self._retired):
            for number, waiting in list(port.waiting.items()):
                if waiting.answer.done() or now >= waiting.deadline:
                    _settle(waiting, Status.TIMEOUT, self.server)
                    if port.waiting.pop(number, None) is not None:  # a refusal may have emptied the port meanwhile
                        self._leave(1)
                elif now >= waiting.due:
                    self._send_again(waiting, now)
            is_waiting = is_waiting or bool(port.waiting)
        for port in [port for port in self._retired if not port.waiting]:
            self._retired.remove(port)
            self._shut(port)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(TICK, self._look) if is_waiting else None

    def _send_again(self, waiting: _Waiting, now: float) -> None:
        waiting.tries += 1
        waiting.wait *= 2
        waiting.due = now + waiting.wait
        if now - self._narrowed > self._patience.seconds:  # once for what was lost together
            self._window = max(LEAST_WINDOW, self._window * 0.7)
            self._narrowed = now
        self._transmit(waiting)


def _settle(waiting: _Waiting, status: Status, server: str) -> None:
    if not waiting.answer.done():
        waiting.answer.set_result(_failure(waiting.question, status, server))


def _failure(question: Question, status: Status, server: str) -> Answer:
    return Answer(question.name, question.rdtype, status, checking_disabled=question.checking_disabled, server=server)


def _random_ids() -> Iterator[bytes]:
    """Ids that cannot be foretold."""
    while True:
        octets = os.urandom(2048)
        for at in range(0, len(octets), 2):
            yield octets[at : at + 2]
