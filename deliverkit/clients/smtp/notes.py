"""What a session notes: every entry in order, and which of the lines among them nobody has read yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from deliverkit.observations.smtp import Entry, Kind, LeftOut
from deliverkit.standards.smtp.reply import is_last

MOST_LINE = 8192  # octets of a line
MOST_REPLY = 256  # lines of a reply
MOST_REPLY_OCTETS = 64 * 1024
MOST_OCTETS = 1024 * 1024  # that a host may say in a conversation
MOST_ENTRIES = 10_000  # of a conversation
MOST_SENT = 64 * 1024  # octets that are kept of what is sent at once: of a message
MOST_SENT_IN_ALL = 1024 * 1024  # octets of a conversation that are kept so; past them the least of each
_LEAST_SENT = 2048
_TAIL = 1024  # octets of them that are the last


class Notes:
    """The entries of a conversation, within bounds; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.replies: deque[list[int]] = deque()  # whole ones that nobody has read: where their lines stand
        self.is_secure = False
        self._rows: list[tuple[float, Kind, bytes, bool]] = []
        self._lines: list[int] = []  # of the script, one for each row: what is heard is told later which it is
        self._clock = clock
        self._begun = clock()
        self._octets = 0
        self._sent = 0  # octets that are kept
        self._left_out: dict[int, LeftOut] = {}  # by row
        self._partial = b""
        self._reply: list[int] = []  # the one that is coming in
        self._size = 0  # octets of it

    @property
    def entries(self) -> list[Entry]:
        """All that was noted, in order."""
        found = [Entry(*row, line) for row, line in zip(self._rows, self._lines, strict=True)]
        for place, left_out in self._left_out.items():
            found[place] = found[place]._replace(left_out=left_out)
        return found

    @property
    def is_midway(self) -> bool:
        """Whether a part of a reply came, and its end did not."""
        return bool(self._reply or self._partial)

    @property
    def is_full(self) -> bool:
        """Whether the conversation has as many entries as it may have."""
        return len(self._rows) >= MOST_ENTRIES

    def add(self, kind: Kind, data: bytes = b"", line: int = 0) -> None:
        """Note what happened, now."""
        self._rows.append((self._elapsed(), kind, data, self.is_secure))
        self._lines.append(line)

    def add_sent(self, data: bytes, line: int) -> None:
        """Note what was sent; of a large message its first lines and its last, and the digest of it."""
        most = MOST_SENT if self._sent < MOST_SENT_IN_ALL else _LEAST_SENT
        if len(data) > most:
            data, self._left_out[len(self._rows)] = _shortened(data, most)
        self._sent += len(data)
        self.add(Kind.SENT, data, line)

    def take(self, data: bytes) -> str:
        """Note what the host said; what it was too much of, where it was."""
        self._octets += len(data)
        *lines, self._partial = (self._partial + data).split(b"\n")
        elapsed = self._elapsed()
        for line in lines:
            flood = self._take_line(line + b"\n", elapsed)
            if flood:
                self._partial = b""
                return flood
        if len(self._partial) > MOST_LINE:
            self._partial = self._partial[:MOST_LINE]
            return _LONG_LINE
        return f"more than {MOST_OCTETS:,} octets" if self._octets > MOST_OCTETS else ""

    def _take_line(self, line: bytes, elapsed: float) -> str:
        if len(line) > MOST_LINE:
            self.add(Kind.RECEIVED, line[:MOST_LINE])
            return _LONG_LINE
        self._reply.append(len(self._rows))
        self._size += len(line)
        self._rows.append((elapsed, Kind.RECEIVED, line, self.is_secure))
        self._lines.append(0)
        if is_last(line):
            self.replies.append(self._reply)
            self._reply, self._size = [], 0
        elif self._size > MOST_REPLY_OCTETS:
            return f"a reply of more than {MOST_REPLY_OCTETS:,} octets"
        elif len(self._reply) > MOST_REPLY:
            return f"a reply of more than {MOST_REPLY} lines"
        return f"more than {MOST_ENTRIES:,} lines" if self.is_full else ""

    def read(self, line: int) -> list[bytes]:
        """The lines of the next whole reply, which are of that line of the script."""
        places = self.replies.popleft()
        for place in places:
            self._lines[place] = line
        return [self._rows[place][2] for place in places]

    def discard(self) -> int:
        """Nobody will read what was not read yet: how many octets it is."""
        self.flush()
        places = [place for reply in (*self.replies, self._reply) for place in reply]
        octets = sum(len(self._rows[place][2]) for place in places)
        self.replies.clear()
        self._reply, self._size = [], 0
        return octets

    def flush(self) -> None:
        """Note what came of a line whose end will not come."""
        if self._partial:
            self._reply.append(len(self._rows))
            self.add(Kind.RECEIVED, self._partial)
            self._partial = b""

    def _elapsed(self) -> float:
        return int((self._clock() - self._begun) * 1e6) / 1e6  # to round takes ten times as long


def _shortened(data: bytes, most: int) -> tuple[bytes, LeftOut]:
    """The first lines and the last, and what is left out between them; cut within a line where it is too long."""
    from hashlib import sha256

    head = data.rfind(b"\r\n", 0, most - _TAIL) + 2
    end = head if head > 1 else most - _TAIL
    tail = data.find(b"\r\n", len(data) - _TAIL, -5) + 2  # RFC 5321 §4.5.2: CRLF, dot, CRLF stay together
    start = tail if tail > 1 else len(data) - _TAIL
    return data[:end] + data[start:], LeftOut(end, start - end, sha256(data).hexdigest())


_LONG_LINE = f"a line of more than {MOST_LINE:,} octets"
