"""What was seen of a mailbox that only deliverkit's user may read: its folders, and what arrived in them.

Mailboxes are read and never changed: nothing is marked as read, moved or deleted by looking.
"""

from __future__ import annotations

import enum
from datetime import datetime
from typing import NamedTuple, Protocol

from deliverkit.classes import Frozen


class FolderClass(enum.StrEnum):
    """What a folder is to its owner."""

    INBOX = "inbox"
    TAB = "tab"  # a part of the inbox that its owner sees apart: Gmail's categories but for the primary one
    JUNK = "junk"
    OTHER = "other"
    TRASH = "trash"


class Folder(NamedTuple):
    """A folder: ``name`` as people read it, ``kind`` as far as it could be told, ``reason`` why it is of that kind."""

    name: str
    kind: FolderClass
    reason: str = ""


class Arrival(NamedTuple):
    """A message in a folder. ``header`` and ``body`` are raw and cut at a bound; ``arrived`` is INTERNALDATE.

    ``tab`` is the inbox tab's name where the folder is the inbox and its owner sees tabs; empty: none, or not known.
    ``uid`` with ``uid_validity`` names the message in its folder (RFC 9051 §2.3.1.1). ``header`` ends with the empty
    line, so that header and body together are the message.
    """

    folder: Folder
    uid: int
    uid_validity: int
    arrived: datetime
    seen: datetime
    size: int
    header: bytes
    body: bytes = b""
    tab: str = ""


class MailboxView(Frozen):
    """One look at a mailbox: all its folders, what is new in them since the look before, and what went wrong.

    ``problem`` is a clause for people, empty where the look was whole. ``notes`` are what it could not see: tabs that
    are off, a clock that differs.
    """

    folders: tuple[Folder, ...] = ()
    arrivals: tuple[Arrival, ...] = ()
    problem: str = ""
    notes: tuple[str, ...] = ()


class Mechanism(enum.StrEnum):
    """How an IMAP client proves who it is."""

    PASSWORD = "password"  # noqa: S105 - a word of the seed file, not a secret
    XOAUTH2 = "xoauth2"
    OAUTHBEARER = "oauthbearer"  # RFC 7628


class ImapAccess(NamedTuple):
    """How to get at a mailbox over IMAP. ``secret`` says where the password or token is, never what it is.

    ``tls``: ``implicit``, ``starttls`` or ``none``.
    """

    host: str
    port: int
    user: str
    secret: str
    mechanism: Mechanism = Mechanism.PASSWORD
    tls: str = "implicit"


class FileAccess(NamedTuple):
    """A mailbox that lies in files: ``form`` is ``maildir`` or ``mbox``."""

    form: str
    path: str


class Mailbox(Protocol):
    """A mailbox that is open for reading."""

    async def look(self) -> MailboxView:
        """What is there now; what goes wrong is in it, never an exception."""
        ...

    async def wait(self, most: float) -> None:
        """Until something arrives, or ``most`` seconds are over."""
        ...

    async def delete(self, arrivals: tuple[Arrival, ...]) -> str:
        """Delete these messages, when the user asked for it; a clause that says what went wrong, empty if nothing."""
        ...

    async def close(self) -> None:
        """Leave."""
        ...


class Tabs(enum.StrEnum):
    """Whether the owner of an inbox sees it in tabs, as a word."""

    NONE = "none"  # its server has none
    ON = "on"
    OFF = "off"
    UNKNOWN = "cannot tell"  # nothing lies in it that would show


class Trial(NamedTuple):
    """What a mailbox came to when it was tried without anything sent.

    ``problem`` is a clause for people; ``is_fault``: it is the mailbox's own, else nothing could be found out.
    ``searched`` counts the folders that are looked into. ``tells``: the server says when something arrives.
    ``newest`` is the latest INTERNALDATE of the inbox, ``until`` when the token expires, where either is told.
    """

    problem: str = ""
    is_fault: bool = False
    folders: tuple[Folder, ...] = ()
    searched: int = 0
    tells: bool = False
    tabs: Tabs = Tabs.NONE
    newest: datetime | None = None
    until: datetime | None = None


class Bodies(enum.Enum):
    """Of which messages of a mailbox the body is wanted."""

    REPORTS = "reports"  # those that say by their type that they report on others (RFC 6522)
    ALL = "all"


class MailboxOpener(Protocol):
    """Something that opens mailboxes."""

    def open(self, access: ImapAccess | FileAccess, *, since: datetime, bodies: Bodies) -> Mailbox:
        """The mailbox, for messages since that moment; nothing is connected before the first look."""
        ...

    async def try_out(self, access: ImapAccess | FileAccess) -> Trial:
        """What the mailbox comes to; nothing is changed in it."""
        ...
