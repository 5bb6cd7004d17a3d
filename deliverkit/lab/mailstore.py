"""The folders and messages of a mailbox, and what clients have changed in it."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count

from deliverkit.lab.imaphosts import Mailbox

_identifiers = count(1_790_000_000_000_000_001)  # X-GM-MSGID: one for a message, whichever folders hold it
_NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC).timestamp()


def _rising() -> Iterator[int]:
    """Tenths of seconds since 2026 began, each greater than those before, so that they fit into 32 bits."""
    last = 0
    while True:
        last = max(last + 1, int((time.time() - _NEW_YEAR) * 10))
        yield last


# One for each start of a world: UIDs that were given before mean nothing any more (RFC 3501 §2.3.1.1).
uidvalidities = _rising()


@dataclass(slots=True)
class Stored:
    """A message in a folder. ``identifier`` is Gmail's X-GM-MSGID, ``category`` its tab."""

    octets: bytes
    received: datetime
    category: str = ""
    labels: set[str] = field(default_factory=set)
    flags: set[str] = field(default_factory=set)
    uid: int = 0
    identifier: int = 0


@dataclass(slots=True)
class Folder:
    """A folder: its attributes (RFC 6154), and its messages by rising UID."""

    name: str
    attributes: tuple[str, ...]
    uidvalidity: int
    uidnext: int = 1
    messages: list[Stored] = field(default_factory=list)

    def is_a(self, attribute: str) -> bool:
        """Whether it has the attribute, however that is written."""
        return attribute.lower() in {one.lower() for one in self.attributes}

    def count(self, flag: str) -> int:
        """How many messages have the flag."""
        return sum(flag in message.flags for message in self.messages)


class MailStore:
    """A mailbox as it is now.

    ``opened`` says which folders clients have opened and how (EXAMINE or SELECT), ``changes`` every flag and message
    that they changed. ``listeners`` are told the name of a folder when something in it is new or gone. ``uidvalidity``
    is that of the first folder, the others' follow it.
    """

    def __init__(self, mailbox: Mailbox, uidvalidity: int, clock_off: float = 0.0) -> None:
        self.mailbox = mailbox
        self._clock_off = timedelta(seconds=clock_off)
        self.folders = {
            name: Folder(name, attributes, uidvalidity + number)
            for number, (name, attributes) in enumerate(mailbox.folders.items())
        }
        self.connections = 0
        self.opened: list[tuple[str, str]] = []
        self.changes: list[str] = []
        self.listeners: set[Callable[[str], None]] = set()
        now = datetime.now(UTC)
        for message in mailbox.messages:
            stored = Stored(message.octets, now - timedelta(seconds=message.age), message.category)
            self.put(replace(stored, flags=set(message.flags)), message.folder)

    def find(self, name: str) -> Folder | None:
        """The folder of that name; INBOX is written in any case (RFC 3501 §5.1)."""
        folder = self.folders.get("INBOX" if name.upper() == "INBOX" else name)
        return None if folder is None or folder.is_a("\\Noselect") else folder

    def folder_for(self, place: str) -> Folder | None:
        """The folder that a delivery rule names: ``inbox``, ``junk``, or one by its name."""
        return self.find(self.mailbox.junk if place == "junk" else place)

    def put(self, message: Stored, place: str) -> Folder:
        """Put a message into the folder, and into the one of all mail, as Gmail does."""
        folder = self.folder_for(place)
        assert folder is not None, place
        message.identifier = next(_identifiers)
        message.received += self._clock_off
        if not self.mailbox.tabs:
            message.category = ""
        self._add(message, folder)
        everything = next((one for one in self.folders.values() if one.is_a("\\All")), None)
        if (
            everything is not None
            and everything is not folder
            and not (folder.is_a("\\Junk") or folder.is_a("\\Trash"))
        ):
            label = "\\Inbox" if folder.name == "INBOX" else folder.name
            self._add(replace(message, labels={*message.labels, label}, flags=set(message.flags)), everything)
        return folder

    def change_flags(self, folder: Folder, message: Stored, flags: set[str]) -> None:
        """Give a message these flags for a client, and note it."""
        if flags != message.flags:
            self.changes.append(f"{folder.name} {message.uid}: flags {' '.join(sorted(flags)) or 'none'}")
            message.flags = flags

    def remove(self, folder: Folder, messages: Iterable[Stored]) -> None:
        """Remove messages for a client, and note it."""
        for message in messages:
            folder.messages.remove(message)
            self.changes.append(f"{folder.name} {message.uid}: expunged")
        self._tell(folder.name)

    def _add(self, message: Stored, folder: Folder) -> None:
        message.uid, folder.uidnext = folder.uidnext, folder.uidnext + 1
        folder.messages.append(message)
        self._tell(folder.name)

    def _tell(self, name: str) -> None:
        for listener in tuple(self.listeners):
            listener(name)
