"""Mailboxes that lie in files, maildir and mbox, with the manners of those over IMAP: read, never changed.

Messages have no UID there, so each gets one that is made of what does not change: the unique part of a file's name
(maildir), the header (mbox).
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from imapclient.imap_utf7 import decode

from deliverkit.clients.imap.memory import MOST_BODY, MOST_FOLDERS, MOST_HEADER, MOST_MESSAGES, Memory, wants_body
from deliverkit.knowledge.folders import INBOX, Listed, PlacedFolder, classify
from deliverkit.observations.mailbox import Arrival, FileAccess, Folder, MailboxView, Trial
from deliverkit.standards.date_time import parse_date_time

MOST_MBOX = 256 * 1024 * 1024  # octets of an mbox that are read
_POLL = 1.0  # seconds
_NUMBERED = 1  # the validity of all numbers: they never change


class _Message(NamedTuple):
    """A message in a file: its number, when it came, its size, and its octets as far as they are kept."""

    uid: int
    arrived: datetime
    size: int
    octets: bytes


@dataclass
class FileMailbox:
    """A mailbox in files."""

    access: FileAccess
    memory: Memory
    executor: Executor
    seen: set[tuple[str, int]] = field(default_factory=set)
    looked_at: tuple[int, ...] = ()

    async def look(self) -> MailboxView:
        """What is there now."""
        return await asyncio.get_running_loop().run_in_executor(self.executor, self._look)

    async def wait(self, most: float) -> None:
        """Until files change, or ``most`` seconds are over."""
        until, before = time.monotonic() + most, self._state()
        while (left := until - time.monotonic()) > 0 and self._state() == before:  # noqa: ASYNC110 - files ring no bell
            await asyncio.sleep(min(left, _POLL))

    async def delete(self, arrivals: tuple[Arrival, ...]) -> str:
        """Delete these messages, each a file of its own; an mbox, which others write to, is left as it is."""
        if self.access.form != "maildir":
            return "an mbox is never rewritten: delete them with your mail program"
        return await asyncio.get_running_loop().run_in_executor(self.executor, partial(self._delete, arrivals))

    async def try_out(self) -> Trial:
        """What the mailbox comes to."""
        view = await self.look()
        return Trial(view.problem, bool(view.problem), view.folders, len(view.folders), tells=True)

    async def close(self) -> None:
        """Nothing is open."""

    def _look(self) -> MailboxView:
        path = Path(self.access.path)
        try:
            return self._look_into(path)
        except OSError as error:
            return MailboxView(problem=f"{path} cannot be read: {error.strerror}")

    def _look_into(self, path: Path) -> MailboxView:
        if not path.exists():
            return MailboxView(problem=f"there is no {path}")
        if self.access.form == "maildir" and not (path / "new").is_dir():
            return MailboxView(problem=f"{path} is no maildir: it has no folder new")
        folders = _folders(path) if self.access.form == "maildir" else {INBOX: path}
        placed = classify(Listed((), "/", name) for name in folders)
        state = self._state()
        if self.access.form == "mbox" and state == self.looked_at:  # it is read as a whole, so only when it changes
            return MailboxView(_shown(placed))
        self.looked_at = state
        arrivals: list[Arrival] = []
        try:
            for one in placed:
                if one.is_looked_into:
                    arrivals.extend(self._new_in(one, folders[one.folder.name]))
        except OSError as error:
            return MailboxView(_shown(placed), tuple(arrivals), f"{path} cannot be read: {error.strerror}")
        return MailboxView(_shown(placed), tuple(arrivals))

    def _new_in(self, placed: PlacedFolder, path: Path) -> Iterator[Arrival]:
        read = _maildir if self.access.form == "maildir" else _mbox
        name = placed.folder.name
        new = read(path, self.memory, lambda uid: (name, uid) in self.seen)
        for message in islice(new, MOST_MESSAGES):
            self.seen.add((name, message.uid))
            yield _arrival(placed.folder, message, self.memory)

    def _state(self) -> tuple[int, ...]:
        """What changes when messages come: the times of the folders, or of the file; of what cannot be read nothing."""
        path = Path(self.access.path)
        places = [path / part for part in ("new", "cur")] if self.access.form == "maildir" else [path]
        stats = []
        for place in places:
            with suppress(OSError):
                stats.append(place.stat())
        return tuple(number for one in stats for number in (one.st_mtime_ns, one.st_size))

    def _delete(self, arrivals: tuple[Arrival, ...]) -> str:
        wanted = {(one.folder.name, one.uid) for one in arrivals}
        try:
            folders = _folders(Path(self.access.path))
            for name in {one.folder.name for one in arrivals} & folders.keys():
                for file in _files(folders[name]):
                    if (name, _uid_of(file)) in wanted:
                        file.unlink(missing_ok=True)
        except OSError as error:
            return f"not all could be deleted: {error.strerror}"
        return ""


def _folders(path: Path) -> dict[str, Path]:
    """The folders of a maildir: itself, and those that Maildir++ puts into it, their parts between dots."""
    found = {INBOX: path}
    for entry in sorted(path.iterdir()):
        if entry.name.startswith(".") and (entry / "cur").is_dir() and len(found) < MOST_FOLDERS:
            found[decode(entry.name[1:].replace(".", "/").encode("utf-8", "replace"))] = entry
    return found


def _files(path: Path) -> Iterator[Path]:
    for part in ("new", "cur"):
        if (path / part).is_dir():
            with os.scandir(path / part) as entries:
                yield from (Path(entry.path) for entry in entries if entry.is_file(follow_symlinks=False))


def _maildir(path: Path, memory: Memory, is_seen: Callable[[int], bool]) -> Iterator[_Message]:
    for file in _files(path):
        uid = _uid_of(file)
        if is_seen(uid):
            continue
        try:
            status = file.stat()
            arrived = datetime.fromtimestamp(status.st_mtime, UTC)
            if arrived < memory.earliest:
                continue
            with file.open("rb") as opened:
                octets = opened.read(MOST_HEADER + MOST_BODY)
        except FileNotFoundError:  # read meanwhile: it is in cur now
            continue
        yield _Message(uid, arrived, status.st_size, octets)


def _uid_of(file: Path) -> int:
    """The number of a message in a maildir: its name changes behind the colon, with its flags."""
    return _number(os.fsencode(file.name.partition(":")[0]))


def _mbox(path: Path, memory: Memory, is_seen: Callable[[int], bool]) -> Iterator[_Message]:
    with path.open("rb") as file:
        octets = file.read(MOST_MBOX)
    for piece in _pieces(octets):
        first, _, message = piece.partition(b"\n")
        uid, arrived = _number(piece[:MOST_HEADER]), _arrived(first)
        if arrived >= memory.earliest and not is_seen(uid):
            yield _Message(uid, arrived, len(message), message[: MOST_HEADER + MOST_BODY])


def _pieces(octets: bytes) -> Iterator[bytes]:
    """Each message with the From line before it (RFC 4155, appendix A)."""
    start = 0 if octets.startswith(b"From ") else -1
    while start >= 0:
        end = octets.find(b"\n\nFrom ", start)
        yield octets[start : end + 1 if end >= 0 else len(octets)]
        start = end + 2 if end >= 0 else -1


def _arrived(line: bytes) -> datetime:
    """When a From line says that its message came; now, where it does not."""
    words = line.decode("ascii", "replace").split()[2:7]
    if len(words) < 5:
        return datetime.now(UTC)
    _, month, number, clock, year = words
    return parse_date_time(f"{number} {month} {year} {clock} +0000") or datetime.now(UTC)


def _number(octets: bytes) -> int:
    return int.from_bytes(hashlib.sha256(octets).digest()[:6])


def _arrival(folder: Folder, message: _Message, memory: Memory) -> Arrival:
    header, body = _parted(message.octets)
    kept = body[:MOST_BODY] if wants_body(header, memory.bodies) else b""
    now = datetime.now(UTC)
    return Arrival(folder, message.uid, _NUMBERED, message.arrived, now, message.size, header[:MOST_HEADER], kept)


def _parted(octets: bytes) -> tuple[bytes, bytes]:
    """Header, with the empty line that ends it, and body."""
    ends = [end + len(mark) for mark in (b"\r\n\r\n", b"\n\n") if (end := octets.find(mark)) >= 0]
    end = min(ends, default=len(octets))
    return octets[:end], octets[end:]


def _shown(placed: tuple[PlacedFolder, ...]) -> tuple[Folder, ...]:
    return tuple(one.folder for one in placed)
