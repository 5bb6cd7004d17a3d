"""One look at a mailbox over IMAP: every folder, and what is new in it. It runs in a thread, and changes nothing."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, NamedTuple

from imapclient.exceptions import IMAPClientAbortError, IMAPClientError

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.clients.imap.gmail import EXTENSION, ITEMS, is_seen_elsewhere, tabs_of
from deliverkit.clients.imap.memory import (
    MOST_BODY,
    MOST_FOLDERS,
    MOST_HEADER,
    MOST_MESSAGES,
    MOST_OCTETS,
    MOST_SECONDS,
    Mark,
    Memory,
    wants_body,
)
from deliverkit.clients.imap.trouble import TroubleError, as_trouble, said
from deliverkit.knowledge.folders import Listed, PlacedFolder, Purpose, classify
from deliverkit.knowledge.mailboxes import provider_of_host
from deliverkit.observations.mailbox import Arrival, Folder, FolderClass, MailboxView

_HEADER, _BODY = "BODY.PEEK[HEADER]", "BODY.PEEK[TEXT]"  # RFC 9051 §6.4.5: PEEK marks nothing as read
_AT_ONCE = {_HEADER: 50, _BODY: 10}  # messages that one command asks for, so that its answer is within bounds
_ATTRIBUTES_AT_ONCE = 500
MOST_NUMBER = 0xFFFFFFFF
_FIRST = {Purpose.INBOX: 0, Purpose.JUNK: 1, Purpose.OTHER: 2, Purpose.ALL: 3}

Items = dict[int, dict[bytes, Any]]


class _Opened(NamedTuple):
    """A folder that is open for reading."""

    placed: PlacedFolder
    uid_validity: int

    @property
    def name(self) -> str:
        return self.placed.folder.name


@dataclass
class Look:
    """A look under way, and what it has found so far."""

    client: BoundedClient
    memory: Memory
    folders: tuple[PlacedFolder, ...] = ()
    arrivals: list[Arrival] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    octets: int = 0
    until: float = field(default_factory=lambda: time.monotonic() + MOST_SECONDS)

    def take(self) -> MailboxView:
        """Look at everything; what goes wrong on the way ends the look, and is told with what was found until then."""
        problem = ""
        try:
            with as_trouble():
                self.folders = folders_of(self.client)
                self._look_into_all()
        except TroubleError as trouble:
            problem = str(trouble)
        folders = tuple(one.folder for one in self.folders)
        return MailboxView(folders, tuple(self.arrivals), problem, tuple(self.notes))

    def _look_into_all(self) -> None:
        wanted = [one for one in self.folders if one.is_looked_into and self._is_of_use(one)]
        wanted.sort(key=lambda one: _FIRST[one.purpose])
        if len(wanted) > MOST_FOLDERS:
            self.notes.append(f"of {len(wanted)} folders {MOST_FOLDERS} were looked into")
        for placed in wanted[:MOST_FOLDERS]:
            if self._is_spent():
                self.notes.append("the mailbox holds more, or is slower, than one look takes up: the rest follows")
                return
            self._look_into(placed)

    def _is_spent(self) -> bool:
        return self.octets > MOST_OCTETS or time.monotonic() > self.until

    def _is_of_use(self, placed: PlacedFolder) -> bool:
        if not placed.folder.name.isprintable():
            self.notes.append(f"a folder with a control character in its name was left out: {placed.folder.name!r}")
            return False
        return placed.purpose is not Purpose.ALL or self.client.has_capability(EXTENSION)

    def _look_into(self, placed: PlacedFolder) -> None:
        """Take up what is new in the folder; one but the inbox that cannot be read spoils nothing else."""
        try:
            self._examine(placed)
        except IMAPClientAbortError:
            raise
        except IMAPClientError as error:
            if placed.purpose is Purpose.INBOX:
                raise
            self.notes.append(f"the folder {placed.folder.name} cannot be read: {said(error)}")

    def _examine(self, placed: PlacedFolder) -> None:
        told = self.client.select_folder(placed.folder.name, readonly=True)  # EXAMINE
        opened = _Opened(placed, _number(told.get(b"UIDVALIDITY")))
        first = self.memory.first_new(opened.name, opened.uid_validity)
        following = _number(told.get(b"UIDNEXT"))
        if not told.get(b"EXISTS") or 0 < following <= first:
            self._mark(opened, max(first, following) - 1)
            return
        criteria = ["UID", f"{first}:*", "SINCE", self.memory.earliest.date()]
        # n:* holds the last message, whatever n is (RFC 9051 §9, seq-range)
        found = sorted(uid for uid in self.client.search(criteria) if first <= uid <= MOST_NUMBER)
        if len(found) > MOST_MESSAGES:
            self.notes.append(f"{opened.name} has {len(found)} new messages: {MOST_MESSAGES} were looked at")
            found = found[:MOST_MESSAGES]
            following = 0
        if self._gather(opened, found):
            self._mark(opened, max([first - 1, following - 1, *found]))

    def _mark(self, opened: _Opened, uid: int) -> None:
        self.memory.marks[opened.name] = Mark(opened.uid_validity, uid)

    def _gather(self, opened: _Opened, uids: Sequence[int]) -> bool:
        """Take up these messages as far as the look's bound goes; whether all were."""
        attributes = dict(self._attributes(opened, uids))
        tabs = tabs_of(self.client, list(attributes)) if opened.placed.purpose is Purpose.INBOX and attributes else {}
        for some in _pieces(list(attributes), _AT_ONCE[_HEADER]):
            if self._is_spent():
                self.notes.append(f"{opened.name} holds more than one look takes up: the rest follows")
                return False
            self._gather_some(opened, some, attributes, tabs)
            self._mark(opened, some[-1])
        return True

    def _attributes(self, opened: _Opened, uids: Sequence[int]) -> Iterator[tuple[int, dict[bytes, Any]]]:
        """What the server knows of each message, but for those that another folder shows, too."""
        is_gmail = self.client.has_capability(EXTENSION)
        wanted = ["INTERNALDATE", "RFC822.SIZE", *(ITEMS if is_gmail else ())]
        for some in _pieces(uids, _ATTRIBUTES_AT_ONCE):
            for uid, items in sorted(self.client.fetch(some, wanted).items()):
                if not (is_gmail and is_seen_elsewhere(items, opened.placed.purpose, self.memory.gmail)):
                    yield uid, items

    def _gather_some(self, opened: _Opened, uids: Sequence[int], attributes: Items, tabs: dict[int, str]) -> None:
        headers = self._parts(uids, _HEADER, MOST_HEADER)
        wanting = [uid for uid, header in headers.items() if wants_body(header, self.memory.bodies)]
        bodies: dict[int, bytes] = {}
        for some in _pieces(wanting, _AT_ONCE[_BODY]):
            bodies |= self._parts(some, _BODY, MOST_BODY)
        for uid, header in sorted(headers.items()):
            arrival = _arrival(opened, uid, attributes[uid], header, tabs.get(uid, ""))
            self.arrivals.append(arrival._replace(body=bodies.get(uid, b"")))

    def _parts(self, uids: Sequence[int], part: str, most: int) -> dict[int, bytes]:
        """That part of each message, cut; without those that are gone by now."""
        answered = self.client.fetch(uids, [f"{part}<0.{most}>"])
        name = part.replace(".PEEK", "").encode()
        found = {uid: _part_of(items, name)[:most] for uid, items in answered.items()}
        self.octets += sum(map(len, found.values()))
        return found


def folders_of(client: BoundedClient) -> tuple[PlacedFolder, ...]:
    """Every folder with what it is for.

    It is plain LIST: servers mark folders in its answer whether or not they announce that they do (RFC 6154 §2).
    """
    provider = provider_of_host(client.host)
    return classify(map(_listed, client.list_folders()), provider.name if provider else "")


def _listed(told: tuple[Iterable[object], object, object]) -> Listed:
    attributes, delimiter, name = told
    return Listed(tuple(_text(one) for one in attributes), _text(delimiter or b""), _text(name))


def _text(told: object) -> str:
    return told.decode("utf-8", "replace") if isinstance(told, bytes) else str(told)


def _number(told: object) -> int:
    """A number of 32 bits (RFC 9051 §9, nz-number); 0 where the server gives another, or none."""
    return told if isinstance(told, int) and 0 <= told <= MOST_NUMBER else 0


def _part_of(items: dict[bytes, Any], name: bytes) -> bytes:
    """What stands under that name, however the server says where it begins (RFC 9051 §7.5.2)."""
    found = next((value for key, value in items.items() if key.upper().startswith(name)), b"")
    return found if isinstance(found, bytes) else b""


def _arrival(opened: _Opened, uid: int, items: dict[bytes, Any], header: bytes, tab: str) -> Arrival:
    now = datetime.now(UTC)
    arrived, size = items.get(b"INTERNALDATE"), items.get(b"RFC822.SIZE")
    folder = opened.placed.folder
    if tab and tab != "primary":
        folder = Folder(folder.name, FolderClass.TAB, f"Gmail finds it under category:{tab}")
    moment = now
    if isinstance(arrived, datetime):
        with suppress(OverflowError):  # a year before the first, in another zone
            moment = arrived.astimezone(UTC)
    return Arrival(
        folder,
        uid,
        opened.uid_validity,
        moment,
        now,
        _number(size) or len(header),
        header,
        tab=tab,
    )


def _pieces(whole: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    return (whole[start : start + size] for start in range(0, len(whole), size))
