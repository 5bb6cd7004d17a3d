"""A transcript read as a dialogue: each command with the reply that answers it, pipelining undone."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence

from deliverkit.classes import Frozen, Slotted, field, replace
from deliverkit.observations.smtp import Entry, Kind
from deliverkit.standards.smtp.reply import Reply, is_last, parse_reply

_COMMAND = 512  # octets of a command that are looked at: RFC 5321 §4.5.3.1.4
GREETING = ""  # the verb of the reply that comes without a command
MESSAGE = "."  # the verb of a message's end: the dot after DATA, or its last chunk
PART = ".."  # the verb of what stands before it
NULL_SENDER = "MAIL FROM:<>"  # what asks a host to take a report or a bounce: RFC 5321 §4.5.5


class Exchange(Frozen):
    """A reply, and the command that it answers.

    ``verb`` is in upper case, `GREETING` for the first reply, `MESSAGE` for what comes after a message. ``elapsed`` is
    that of the reply's last line since the beginning, ``took`` the seconds since the command. ``is_early``: the
    reply came though no command had asked for it. ``lines`` are its octets, line by line, ``command`` those of the
    line that it answers, as far as a command may be long. ``line``: that of the script at which it was read; 0: none.
    """

    verb: str
    reply: Reply
    elapsed: float
    took: float
    secure: bool = False
    is_early: bool = False
    lines: tuple[bytes, ...] = ()
    command: bytes = b""
    line: int = 0

    @property
    def asked(self) -> str:
        """What it answers: its verb, or `NULL_SENDER`."""
        is_null = self.verb == "MAIL" and b"".join(self.command.upper().split()).startswith(b"MAILFROM:<>")
        return NULL_SENDER if is_null else self.verb


def exchanges(entries: Sequence[Entry]) -> tuple[Exchange, ...]:
    """The exchanges of a conversation, in the order of their replies."""
    return tuple(_Reader().read(entries))


def speaks_first(entries: Sequence[Entry]) -> bool:
    """Whether the host said a reply in the clear before any line was sent to it."""
    return not any(one.kind is Kind.SENT or one.secure for one in entries) and any(
        one.kind is Kind.RECEIVED and is_last(one.data) for one in entries
    )


def answered(found: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """The exchanges with a host that took a TLS handshake for commands: what it says behind its greeting answers it."""
    return tuple(replace(one, verb="?", is_early=False) if one.is_early else one for one in found)


class Sent(Frozen):
    """The last command that was sent: its verb, its line, and whether the host answered all until then.

    The verb is `MESSAGE` once a message was sent to its end, `PART` where it was not; `GREETING`: nothing was sent.
    """

    verb: str
    line: bytes
    is_answered: bool

    @property
    def is_whole_message(self) -> bool:
        """Whether it leaves it to the host to say that it takes the message."""
        return self.verb == MESSAGE


def last_sent(entries: Sequence[Entry]) -> Sent:
    """What was sent last."""
    reader = _Reader()
    for _ in reader.read(entries):
        pass
    verb, line = (PART, b"") if reader.is_within else reader.last
    return Sent(verb, line, not reader.waiting)


class _Reader(Slotted):
    """``waiting``: the commands that no reply has answered yet, each with its line and when it went out.

    ``last`` is the last of all that were sent, ``is_within``: a part of a message was, and not its end.
    """

    waiting: deque[tuple[str, bytes, float]] = field(default_factory=lambda: deque([(GREETING, b"", 0.0)]))
    last: tuple[str, bytes] = (GREETING, b"")
    is_within: bool = False
    lines: list[bytes] = field(default_factory=list)
    in_message: bool = False
    in_sign_in: bool = False
    chunk: int = 0  # octets of a BDAT chunk that are still to come
    is_lmtp: bool = False
    recipients: int = 0

    def read(self, entries: Sequence[Entry]) -> Iterator[Exchange]:
        for entry in entries:
            if entry.kind is Kind.CONNECTED:
                self.waiting = deque([(GREETING, b"", entry.elapsed)])
            elif entry.kind is Kind.SECURED:
                self._start_over(entry)
            elif entry.kind is Kind.SENT:
                for verb, line in self._commands(entry.data):
                    self.waiting.append((verb, line, entry.elapsed))
                    self.last = verb, line
                self.chunk = max(0, self.chunk - entry.left_out.octets) if entry.left_out else self.chunk
                self.is_within = self.in_message or self.chunk > 0
            elif entry.kind is Kind.RECEIVED:
                self.lines.append(entry.data)
                if is_last(entry.data):
                    yield self._answered(entry)

    def _start_over(self, secured: Entry) -> None:
        """What was said before TLS counts no more (RFC 3207 §4.2); a host that spoke TLS at once has yet to greet."""
        has_to_greet = bool(self.waiting) and self.waiting[0][0] == GREETING  # RFC 8314 §3
        self.waiting = deque([(GREETING, b"", secured.elapsed)] if has_to_greet else [])
        self.lines.clear()

    def _answered(self, entry: Entry) -> Exchange:
        command = self.waiting.popleft() if self.waiting else None
        verb, sent, since = command or (GREETING, b"", entry.elapsed)
        reply, lines = parse_reply(self.lines), tuple(self.lines)
        self.lines = []
        self.in_message = self.in_message or (verb == "DATA" and reply.code == 354)
        self.in_sign_in = reply.code == 334
        self.recipients += verb == "RCPT" and reply.severity == 2
        took, is_early = entry.elapsed - since, command is None
        return Exchange(verb, reply, entry.elapsed, took, entry.secure, is_early, lines, sent, entry.line)

    def _commands(self, data: bytes) -> Iterator[tuple[str, bytes]]:
        """The commands that the octets hold; of a message, a chunk and a sign-in only what is answered counts."""
        if self.in_sign_in:
            yield "AUTH", data[:_COMMAND].rstrip(b"\r\n")
            return
        place = 0  # data stays whole: a message that is read as commands would be copied for each of its lines
        while place < len(data):
            if self.chunk:
                skipped = min(self.chunk, len(data) - place)
                self.chunk, place = self.chunk - skipped, place + skipped
            elif self.in_message:
                self.in_message = not _is_message_end(data[place:])
                yield from () if self.in_message else self._ends(b".")
                return
            else:
                end = data.find(b"\r\n", place)
                end = len(data) if end < 0 else end
                line = data[place : min(end, place + _COMMAND)]
                verb = self._verb(line)
                yield from self._ends(line) if verb == "BDAT" and _is_last_chunk(line) else [(verb, line)]
                place = end + 2

    def _ends(self, line: bytes) -> Iterator[tuple[str, bytes]]:
        """A message's end is answered once, over LMTP once for each recipient (RFC 2033 §4.2, §4.3)."""
        yield from [(MESSAGE, line)] * (max(self.recipients, 1) if self.is_lmtp else 1)
        self.recipients = 0

    def _verb(self, line: bytes) -> str:
        words = line.split()
        verb = words[0][:16].decode("ascii", "replace").upper() if words else "?"
        if verb == "BDAT" and len(words) > 1 and words[1].isdigit():  # RFC 3030 §2
            self.chunk = int(words[1][:12])
        self.is_lmtp = self.is_lmtp or verb == "LHLO"
        return verb if verb.isalpha() else "?"


def _is_last_chunk(line: bytes) -> bool:
    """Whether the chunk is the last one, whose reply is that to the message (RFC 3030 §2)."""
    return line.upper().split()[2:3] == [b"LAST"]


def _is_message_end(data: bytes) -> bool:
    """Whether the octets end the message that they belong to (RFC 5321 §4.5.2)."""
    return data == b".\r\n" or data.endswith(b"\r\n.\r\n")
