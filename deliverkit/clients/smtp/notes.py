"""What a session notes: every entry in order, and which of the lines among them nobody has read yet."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from itertools import chain, repeat

from deliverkit.observations.smtp import Entry, Kind, LeftOut
from deliverkit.standards.smtp.reply import USUAL, Reply, is_last, parse_reply, read_usual

MOST_LINE = 8192  # octets of a line
MOST_REPLY = 256  # lines of a reply
MOST_REPLY_OCTETS = 64 * 1024
MOST_OCTETS = 1024 * 1024  # that a host may say in a conversation
MOST_ENTRIES = 10_000  # of a conversation
MOST_SENT = 64 * 1024  # octets that are kept of what is sent at once: of a message
MOST_SENT_IN_ALL = 1024 * 1024  # octets of a conversation that are kept so; past them the least of each
_LEAST_SENT = 2048
_TAIL = 1024  # octets of them that are the last
_RECEIVED = Kind.RECEIVED  # to look into an enumeration takes as long as to note what came


class Notes:
    """The entries of a conversation, within bounds; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.replies: deque[tuple[Sequence[int], Reply]] = deque()  # that nobody has read, with their rows' numbers
        self.count = 0  # entries
        self.is_secure = False
        self._rows: list[tuple[float, Kind, tuple[bytes, ...], bool]] = []  # when; what came at once is one row
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
        begun, left_out = self._begun, self._left_out
        rows = [
            (elapsed, kind, data, is_secure, line, left_out.get(place))
            for place, ((at, kind, several, is_secure), line) in enumerate(zip(self._rows, self._lines, strict=True))
            for elapsed in (int((at - begun) * 1e6) / 1e6,)  # to round takes ten times as long
            for data in several
        ]
        return list(map(tuple.__new__, repeat(Entry), rows))  # as Entry._make does, in half of the time

    @property
    def is_midway(self) -> bool:
        """Whether a part of a reply came, and its end did not."""
        return bool(self._reply or self._partial)

    def add(self, kind: Kind, data: bytes = b"", line: int = 0) -> None:
        """Note what happened, now."""
        self.count += 1
        self._rows.append((self._clock(), kind, (data,), self.is_secure))
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
        size = len(data)
        self._octets += size
        whole = read_usual(data) if size <= USUAL and not (self._reply or self._partial) else None
        if whole and self.count + len(whole.lines) < MOST_ENTRIES:  # as nearly always
            self.count += len(whole.lines)
            self.replies.append(((len(self._rows),), whole.reply))
            self._rows.append((self._clock(), _RECEIVED, whole.lines, self.is_secure))
            self._lines.append(0)
        else:
            flood = self._take_lines(data)
            if flood:
                return flood
        return f"more than {MOST_OCTETS:,} octets" if self._octets > MOST_OCTETS else ""

    def _take_lines(self, data: bytes) -> str:
        *lines, self._partial = (self._partial + data).split(b"\n")
        at = self._clock()
        for line in lines:
            flood = self._take_line(line + b"\n", at)
            if flood:
                self._partial = b""
                return flood
        if len(self._partial) > MOST_LINE:
            self._partial = self._partial[:MOST_LINE]
            return _LONG_LINE
        return ""

    def _take_line(self, line: bytes, at: float) -> str:
        if len(line) > MOST_LINE:
            self.add(Kind.RECEIVED, line[:MOST_LINE])
            return _LONG_LINE
        self._reply.append(len(self._rows))
        self.count += 1
        self._size += len(line)
        self._rows.append((at, _RECEIVED, (line,), self.is_secure))
        self._lines.append(0)
        if is_last(line):
            self.replies.append((self._reply, parse_reply(self._said(self._reply))))
            self._reply, self._size = [], 0
        elif self._size > MOST_REPLY_OCTETS:
            return f"a reply of more than {MOST_REPLY_OCTETS:,} octets"
        elif len(self._reply) > MOST_REPLY:
            return f"a reply of more than {MOST_REPLY} lines"
        return f"more than {MOST_ENTRIES:,} lines" if self.count >= MOST_ENTRIES else ""

    def _said(self, places: Iterable[int]) -> list[bytes]:
        """The lines that stand in these rows."""
        return [line for place in places for line in self._rows[place][2]]

    def read(self, line: int) -> Reply:
        """The next whole reply, which is of that line of the script."""
        places, reply = self.replies.popleft()
        for place in places:
            self._lines[place] = line
        return reply

    def discard(self) -> int:
        """Nobody will read what was not read yet: how many octets it is."""
        self.flush()
        unread = self._said(chain(*(places for places, _ in self.replies), self._reply))
        self.replies.clear()
        self._reply, self._size = [], 0
        return sum(map(len, unread))

    def flush(self) -> None:
        """Note what came of a line whose end will not come."""
        if self._partial:
            self._reply.append(len(self._rows))
            self.add(Kind.RECEIVED, self._partial)
            self._partial = b""


def _shortened(data: bytes, most: int) -> tuple[bytes, LeftOut]:
    """The first lines and the last, and what is left out between them; cut within a line where it is too long."""
    from hashlib import sha256

    head = data.rfind(b"\r\n", 0, most - _TAIL) + 2
    end = head if head > 1 else most - _TAIL
    tail = data.find(b"\r\n", len(data) - _TAIL, -5) + 2  # RFC 5321 §4.5.2: CRLF, dot, CRLF stay together
    start = tail if tail > 1 else len(data) - _TAIL
    return data[:end] + data[start:], LeftOut(end, start - end, sha256(data).hexdigest())


_LONG_LINE = f"a line of more than {MOST_LINE:,} octets"
