"""What a mailbox's folders are for: by attribute, then by provider, then by name (``folders.toml``)."""

from __future__ import annotations

import enum
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, NamedTuple

from deliverkit.classes import Frozen
from deliverkit.knowledge.reading import read_toml
from deliverkit.observations.mailbox import Folder, FolderClass

INBOX = "INBOX"  # RFC 9051 §5.1: in any case of letters


class Purpose(enum.StrEnum):
    """What a folder is for, finer than `FolderClass`: it decides whether the folder is looked into."""

    INBOX = "inbox"
    JUNK = "junk"
    TRASH = "trash"
    SENT = "sent"
    DRAFTS = "drafts"
    ALL = "all"  # every message once more
    VIEW = "view"  # messages of other folders, by a mark that they bear
    CLOSED = "closed"  # it holds folders alone
    OTHER = "other"


class Listed(NamedTuple):
    """A folder as LIST tells it: attributes, what stands between the parts of its name, and the name, decoded."""

    attributes: tuple[str, ...]
    delimiter: str
    name: str


class PlacedFolder(Frozen):
    """A folder, what it is for, and the folder as people meet it."""

    purpose: Purpose
    folder: Folder

    @property
    def is_looked_into(self) -> bool:
        """Whether what arrives may be found in it, and nowhere else."""
        return self.purpose in {Purpose.INBOX, Purpose.JUNK, Purpose.OTHER, Purpose.ALL}


_ATTRIBUTES = {  # RFC 6154 §2, RFC 8457 §3, RFC 9051 §7.3.1
    "\\noselect": Purpose.CLOSED,
    "\\nonexistent": Purpose.CLOSED,
    "\\junk": Purpose.JUNK,
    "\\spam": Purpose.JUNK,  # what Gmail's XLIST and servers after it said
    "\\trash": Purpose.TRASH,
    "\\sent": Purpose.SENT,
    "\\drafts": Purpose.DRAFTS,
    "\\all": Purpose.ALL,
    "\\flagged": Purpose.VIEW,
    "\\important": Purpose.VIEW,
}
_NAMED = (Purpose.JUNK, Purpose.TRASH, Purpose.SENT, Purpose.DRAFTS)
_CLASSES = {Purpose.INBOX: FolderClass.INBOX, Purpose.JUNK: FolderClass.JUNK, Purpose.TRASH: FolderClass.TRASH}


def classify(folders: Iterable[Listed], provider: str = "") -> tuple[PlacedFolder, ...]:
    """The folders with what they are for. A name decides only where no folder bears the attribute."""
    listed = tuple(folders)
    told = {purpose for one in listed if (purpose := _by_attribute(one)) is not None}
    return tuple(_place(one, told, provider) for one in listed)


def _place(listed: Listed, told: set[Purpose], provider: str) -> PlacedFolder:
    purpose, reason = _purpose(listed, told, provider)
    return PlacedFolder(purpose, Folder(listed.name, _CLASSES.get(purpose, FolderClass.OTHER), reason))


def _purpose(listed: Listed, told: set[Purpose], provider: str) -> tuple[Purpose, str]:
    if listed.name.upper() == INBOX:
        return Purpose.INBOX, "its name, which the standard gives"
    by_attribute = _by_attribute(listed)
    if by_attribute is not None:
        return by_attribute, f"the server marks it {_mark_of(listed, by_attribute)}"
    leaf = _leaf(listed)
    for names, reason in ((_provider_names().get(provider, {}), f"its name at {provider}"), (_names(), "its name")):
        found = names.get(leaf)
        if found is not None and found not in told:
            return found, reason
    return Purpose.OTHER, "nothing says what it is for"


def _by_attribute(listed: Listed) -> Purpose | None:
    lowered = {attribute.lower() for attribute in listed.attributes}
    return next((purpose for attribute, purpose in _ATTRIBUTES.items() if attribute in lowered), None)


def _mark_of(listed: Listed, purpose: Purpose) -> str:
    return next(one for one in listed.attributes if _ATTRIBUTES.get(one.lower()) is purpose)


def _leaf(listed: Listed) -> str:
    """The last part of the name, as names are compared."""
    name = listed.name.rpartition(listed.delimiter)[2] if listed.delimiter else listed.name
    return _compared(name)


def _compared(name: str) -> str:
    return unicodedata.normalize("NFKC", name).casefold().strip()


@cache
def _names() -> Mapping[str, Purpose]:
    return _by_name(read_toml("folders.toml")["names"])


@cache
def _provider_names() -> Mapping[str, Mapping[str, Purpose]]:
    return {entry["name"]: _by_name(entry) for entry in read_toml("folders.toml")["provider"]}


def _by_name(entry: Mapping[str, Any]) -> dict[str, Purpose]:
    return {_compared(name): purpose for purpose in _NAMED for name in entry.get(purpose.value, ())}
