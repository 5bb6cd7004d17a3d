"""What a session notes: every entry in order, and which of the lines among them nobody has read yet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from itertools import chain
from math import inf
from typing import Any, overload

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
_WIDE, _DATA, _LINE = 4, 2, 3  # of a row: how many values it has, and where these stand in it
_NEARLY_MOST = MOST_ENTRIES - USUAL  # a usual reply has no more lines than octets
_FEW = _WIDE * (_NEARLY_MOST // (USUAL // 4))  # of rows that never are so many entries: "250-" LF has five octets
_TAIL = 1024  # octets of them that are the last
_RECEIVED, _SENT = Kind.RECEIVED, Kind.SENT  # to look into an enumeration takes as long as to note what came


class Notes:
    """The entries of a conversation, within bounds; ``clock`` gives seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self.replies: list[tuple[Sequence[int], Reply]] = []  # that nobody has read, and where their rows stand
        self.is_midway = False  # a part of a reply came, and its end did not
        self.is_nearly_full = False  # when it was last counted
        # What came at once is one row: when, what happened, its lines, the line of the script (of what is heard, told
        # later). The rows lie end to end in one list: an object for every row of every conversation would keep the
        # garbage collector busier than the conversation.
        self._rows: list[Any] = []
        self._counted = 0  # values of the rows
        self._count = 0  # entries that these are
        self._octets = 0  # that the host said
        self._sent = 0  # octets that are kept of what was sent, but for what is short
        self._secure_from = inf  # where the row stands with which TLS began
        self._partial = b""  # of a line
        self._size = 0  # octets of the reply that is coming in
        self._clock = clock
        self._begun = clock()
        self._left_out: dict[int, LeftOut] = {}  # by where the row stands
        self._reply: list[int] = []  # where the rows stand of the reply that is coming in

    @property
    def count(self) -> int:
        """How many entries there are."""
        rows = self._rows
        self._count += sum(map(len, rows[self._counted + _DATA :: _WIDE]))
        self._counted = len(rows)
        self.is_nearly_full = self._count >= _NEARLY_MOST
        return self._count

    @property
    def entries(self) -> Entries:
        """All that was noted, in order."""
        return Entries(self)

    def read_out(self) -> Iterator[Entry]:
        """The entries, made now."""
        for place in range(0, len(self._rows), _WIDE):
            at, kind, lines, line = self._rows[place : place + _WIDE]
            elapsed, is_secure = int((at - self._begun) * 1e6) / 1e6, place >= self._secure_from
            for one in lines:
                yield Entry(elapsed, kind, one, is_secure, line, self._left_out.get(place))

    def add(self, kind: Kind, data: bytes = b"", line: int = 0) -> None:
        """Note what happened, now."""
        self._rows += (self._clock(), kind, (data,), line)

    def add_secured(self, line: int) -> None:
        """Note that all is inside TLS from now on."""
        self._secure_from = len(self._rows)
        self.add(Kind.SECURED, line=line)

    def add_sent(self, data: bytes, line: int) -> None:
        """Note what was sent; of a large message its first lines and its last, and the digest of it."""
        if len(data) > _LEAST_SENT:
            data = self._kept(data)
            self._sent += len(data)
        rows = self._rows
        rows += (self._clock(), _SENT, (data,), line)

    def _kept(self, data: bytes) -> bytes:
        most = MOST_SENT if self._sent < MOST_SENT_IN_ALL else _LEAST_SENT
        if len(data) > most:
            data, self._left_out[len(self._rows)] = _shortened(data, most)
        return data

    def take_reply(self, data: bytes, line: int, at: float) -> Reply | None:
        """Note a whole reply, of that line of the script; None where it is less or more than one, and not noted."""
        size, rows = len(data), self._rows
        if size > USUAL or self.is_midway or (len(rows) > _FEW and self.count >= _NEARLY_MOST):
            return None
        whole = read_usual(data)
        octets = self._octets + size
        if whole is None or octets > MOST_OCTETS:
            return None
        self._octets = octets
        lines, reply = whole
        rows += (at, _RECEIVED, lines, line)
        return reply

    def take(self, data: bytes) -> str:
        """Note what the host said; what it was too much of, where it was."""
        place = len(self._rows)
        reply = self.take_reply(data, 0, self._clock())
        if reply:
            self.replies.append(((place,), reply))
            return ""
        self._octets += len(data)
        flood = self._take_lines(data)
        self.is_midway = bool(self._reply or self._partial)
        return flood or (f"more than {MOST_OCTETS:,} octets" if self._octets > MOST_OCTETS else "")

    def _take_lines(self, data: bytes) -> str:
        *lines, self._partial = (self._partial + data).split(b"\n")
        for line in lines:
            flood = self._take_line(line + b"\n")
            if flood:
                self._partial = b""
                return flood
        if len(self._partial) > MOST_LINE:
            self._partial = self._partial[:MOST_LINE]
            return _LONG_LINE
        return ""

    def _take_line(self, line: bytes) -> str:
        if len(line) > MOST_LINE:
            self.add(Kind.RECEIVED, line[:MOST_LINE])
            return _LONG_LINE
        self._size += len(line)
        self._reply.append(len(self._rows))
        self.add(_RECEIVED, line)
        if is_last(line):
            self.replies.append((self._reply, parse_reply(self._said(self._reply))))
            self._reply, self._size = [], 0
        elif self._size > MOST_REPLY_OCTETS:
            return f"a reply of more than {MOST_REPLY_OCTETS:,} octets"
        elif len(self._reply) > MOST_REPLY:
            return f"a reply of more than {MOST_REPLY} lines"
        return f"more than {MOST_ENTRIES:,} lines" if self.count >= MOST_ENTRIES else ""

    def read(self, line: int) -> Reply:
        """The next whole reply, which is of that line of the script."""
        places, reply = self.replies.pop(0)
        for place in places:
            self._rows[place + _LINE] = line
        return reply

    def _said(self, places: Iterable[int]) -> list[bytes]:
        """The lines that stand in these rows."""
        return [line for place in places for line in self._rows[place + _DATA]]

    def discard(self) -> int:
        """Nobody will read what was not read yet: how many octets it is."""
        self.flush()
        unread = self._said(chain(*(places for places, _ in self.replies), self._reply))
        self.replies.clear()
        self._reply, self._size, self.is_midway = [], 0, False
        return sum(map(len, unread))

    def flush(self) -> None:
        """Note what came of a line whose end will not come."""
        if self._partial:
            self._reply.append(len(self._rows))
            self.add(Kind.RECEIVED, self._partial)
            self._partial, self.is_midway = b"", True


class Entries(Sequence[Entry]):
    """The entries of notes, made when somebody reads them; until then only what came and went is kept, and when."""

    def __init__(self, notes: Notes) -> None:
        self._notes = notes

    @cached_property
    def _made(self) -> tuple[Entry, ...]:
        return tuple(self._notes.read_out())

    def __len__(self) -> int:
        """How many they are."""
        return self._notes.count

    @overload
    def __getitem__(self, at: int) -> Entry: ...
    @overload
    def __getitem__(self, at: slice) -> Sequence[Entry]: ...
    def __getitem__(self, at: int | slice) -> Entry | Sequence[Entry]:
        """One, or several."""
        return self._made[at]

    def __iter__(self) -> Iterator[Entry]:
        """All of them."""
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        """Whether the others are the same, in the same order."""
        return isinstance(other, tuple | Entries) and self._made == tuple(other)

    def __hash__(self) -> int:
        """That of the entries."""
        return hash(self._made)

    def __repr__(self) -> str:
        return repr(self._made)


def _shortened(data: bytes, most: int) -> tuple[bytes, LeftOut]:
    """The first lines and the last, and what is left out between them; cut within a line where it is too long."""
    from hashlib import sha256

    head = data.rfind(b"\r\n", 0, most - _TAIL) + 2
    end = head if head > 1 else most - _TAIL
    tail = data.find(b"\r\n", len(data) - _TAIL, -5) + 2  # RFC 5321 §4.5.2: CRLF, dot, CRLF stay together
    start = tail if tail > 1 else len(data) - _TAIL
    return data[:end] + data[start:], LeftOut(end, start - end, sha256(data).hexdigest())


_LONG_LINE = f"a line of more than {MOST_LINE:,} octets"
