"""Sessions without sockets: one that says given replies, and one with a whole well-behaved server behind it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field

from deliverkit.clients.smtp import Course, EndedError
from deliverkit.observations.smtp import End, Entry, Handshake, HelloAnswer, Kind
from deliverkit.standards.smtp.reply import Reply, parse_reply
from deliverkit.standards.tls.client_hello import ClientHello


@dataclass
class FakeSession:
    """Says ``replies`` in order, each the octets of a whole one; keeps what happens to it."""

    replies: deque[bytes] = field(default_factory=deque)
    sent: list[bytes] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    waited: list[float] = field(default_factory=list)
    secure: bool = False
    end: EndedError | None = None
    seconds: float = 0.0
    waiting: int = 0

    def limit(self, seconds: float) -> None:
        self.seconds = seconds

    async def send(self, data: bytes, *, line: int = 0, shown: bytes | None = None) -> None:
        self.check()
        self.sent.append(data)
        self.entries.append(Entry(0.0, Kind.SENT, data if shown is None else shown, self.secure, line))
        self.take(data)

    async def follow(self, course: Course) -> None:
        """It leaves every statement to the conversation's task."""

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        self.check()
        self.waited.append(within)
        if not self.replies:
            self.end = EndedError(End.SILENT, f"no reply within {within:g} s")
            raise self.end
        lines = self.replies.popleft().splitlines(keepends=True)
        self.entries.extend(Entry(0.0, Kind.RECEIVED, one, self.secure, line) for one in lines)
        return parse_reply(lines)

    async def hears(self, within: float) -> bool:
        self.check()
        self.waited.append(within)
        return bool(self.replies)

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        self.check()
        self.secure = True
        self.entries.append(Entry(0.0, Kind.SECURED, b"", secure=True, line=line))
        return Handshake(version=f"TLSv{version or '1.3'}")

    async def say_hello(self, hello: ClientHello, said: bytes, *, line: int = 0) -> HelloAnswer:
        self.check()
        self.entries.append(Entry(0.0, Kind.OFFERED, said, self.secure, line))
        return HelloAnswer(hello.version, hello.suites[0])

    async def listen(self, seconds: float, *, line: int = 0) -> None:  # noqa: ARG002 - nothing comes meanwhile
        self.check()
        self.waited.append(seconds)

    def close(self, *, line: int = 0) -> None:
        self.entries.append(Entry(0.0, Kind.CLOSED, b"", self.secure, line))
        self.end = EndedError(End.CLOSED)

    def check(self) -> None:
        if self.end:
            raise self.end

    def take(self, data: bytes) -> None:
        """What the host does with the octets: nothing."""

    @property
    def wire(self) -> bytes:
        """All octets that were sent."""
        return b"".join(self.sent)

    @property
    def transcript(self) -> bytes:
        """All octets that were kept."""
        return b"".join(entry.data for entry in self.entries)


def saying(*replies: str) -> FakeSession:
    """A session whose host says these lines, each a reply; ``\\n`` within one makes it a reply of several lines."""
    return FakeSession(deque(reply.replace("\n", "\r\n").encode() + b"\r\n" for reply in replies))


@dataclass
class ServerSession(FakeSession):
    """A host that keeps to the standards, over octets: it takes mail for ``mailboxes`` and says what it took.

    ``ends``: what ends a message; more than CRLF.CRLF makes it one that can be smuggled through.
    """

    mailboxes: frozenset[str] = frozenset({"b@good.example"})
    extensions: tuple[str, ...] = ("SIZE 1000000", "8BITMIME", "SMTPUTF8", "CHUNKING")
    requires_tls: bool = False
    requires_user: bool = False
    keeps_clear_octets: bool = False
    tells: bool = False
    ends: tuple[bytes, ...] = (b"\r\n.\r\n",)
    taken: list[bytes] = field(default_factory=list)
    _buffer: bytes = b""
    _sender: str | None = None
    _recipients: list[str] = field(default_factory=list)
    _state: str = "greeting"
    _has_user: bool = False

    async def read_reply(self, within: float, *, line: int = 0) -> Reply:
        if self._state == "greeting":
            self._state = "command"
            self.say("220 mx.good.example ESMTP")
        return await super().read_reply(within, line=line)

    async def start_tls(self, *, line: int = 0, version: str = "") -> Handshake:
        if not self.keeps_clear_octets:
            self._buffer = b""
        self._state = "command"
        shaken = await super().start_tls(line=line, version=version)
        self.work()
        return shaken

    def say(self, *lines: str) -> None:
        marks = ["-"] * (len(lines) - 1) + [" "]
        self.replies.append(
            b"".join(f"{one[:3]}{mark}{one[4:]}\r\n".encode() for one, mark in zip(lines, marks, strict=True))
        )

    def take(self, data: bytes) -> None:
        if self._state == "greeting":
            self._state = "rejecting"
            self.say("521 5.5.1 you talk before I do")
        self._buffer += data
        self.work()

    def work(self) -> None:
        while self._state in {"command", "data", "auth"}:
            ends = self.ends if self._state == "data" else (b"\r\n",)
            found = min(((self._buffer.find(end), end) for end in ends if end in self._buffer), default=None)
            if found is None:
                return
            whole, self._buffer = self._buffer[: found[0]], self._buffer[found[0] + len(found[1]) :]
            if self._state == "data":
                self.finish(whole)
            elif self._state == "auth":
                self.finish_auth(whole)
            else:
                self.command(whole.decode("utf-8", "replace"))

    def finish(self, message: bytes) -> None:
        self.taken.append(message)
        self._state, self._sender, self._recipients = "command", None, []
        self.say("250 2.0.0 Ok: queued")

    def finish_auth(self, response: bytes) -> None:
        self._state = "command"
        self._has_user = response != b"*"
        self.say("235 2.7.0 welcome" if self._has_user else "501 5.7.0 given up")

    def command(self, line: str) -> None:
        verb, _, rest = line.partition(" ")
        answer = getattr(self, f"do_{verb.lower()}", None)
        if answer is None:
            self.say("502 5.5.2 command not recognised")
        else:
            answer(rest)

    def do_ehlo(self, rest: str) -> None:
        offered = [*self.extensions] + ([] if self.secure else ["STARTTLS"])
        if self.requires_user and self.secure:
            offered.append("AUTH PLAIN LOGIN")
        self.say(f"250 mx.good.example greets {rest}", *(f"250 {one}" for one in offered))

    do_lhlo = do_ehlo

    def do_starttls(self, _: str) -> None:
        self._state = "handshake"
        self.say("220 2.0.0 ready")

    def do_auth(self, rest: str) -> None:
        mechanism, _, initial = rest.partition(" ")
        if not self.secure:
            self.say("538 5.7.11 encryption required")
        elif mechanism != "PLAIN":
            self.say("504 5.5.4 no such mechanism")
        elif initial:
            self.finish_auth(initial.encode())
        else:
            self._state = "auth"
            self.say("334 ")

    def do_mail(self, rest: str) -> None:
        size = re.search(r"SIZE=(\d+)", rest)
        if self.requires_tls and not self.secure:
            self.say("530 5.7.0 STARTTLS first")
        elif self.requires_user and not self._has_user:
            self.say("530 5.7.0 who are you?")
        elif size and int(size[1]) > 1_000_000:
            self.say("552 5.3.4 too large")
        else:
            self._sender = rest
            self.say("250 2.1.0 Ok")

    def do_rcpt(self, rest: str) -> None:
        recipient = rest.partition(":")[2].strip("<>")
        if self._sender is None:
            self.say("503 5.5.1 MAIL first")
        elif recipient not in self.mailboxes:
            self.say("550 5.1.1 no such mailbox")
        else:
            self._recipients.append(recipient)
            self.say("250 2.1.5 Ok")

    def do_data(self, _: str) -> None:
        if self._recipients:
            self._state = "data"
        self.say("354 go on" if self._recipients else "503 5.5.1 RCPT first")

    def do_rset(self, _: str) -> None:
        self._sender, self._recipients = None, []
        self.say("250 2.0.0 Ok")

    def do_vrfy(self, _: str) -> None:
        self.say("250 2.1.5 b@good.example" if self.tells else "252 2.5.0 try it")

    def do_quit(self, _: str) -> None:
        self._state = "over"
        self.say("221 2.0.0 bye")


def heard(entries: Iterable[Entry]) -> list[str]:
    """The reply codes, in order."""
    return [entry.data[:3].decode() for entry in entries if entry.kind is Kind.RECEIVED and entry.data[3:4] != b"-"]
