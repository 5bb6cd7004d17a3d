"""What Gmail's extension tells (X-GM-EXT-1): inbox tabs by search, and where else a message shows.

Tabs are categories and no folders, so they are found by asking for each inside the inbox. A message has one number in
all folders, which are its labels.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.knowledge.folders import Purpose

EXTENSION = "X-GM-EXT-1"
ITEMS = ("X-GM-MSGID", "X-GM-LABELS")
CATEGORIES = ("primary", "promotions", "social", "updates", "forums")
_INBOX = b"\\inbox"
_ITS_OWNERS = {b"\\sent", b"\\draft", b"\\drafts"}


def tabs_of(client: BoundedClient, uids: Sequence[int]) -> dict[int, str]:
    """The tab of each message of the open inbox that is in one; empty where the server has none."""
    if not client.has_capability(EXTENSION):
        return {}
    asked = ",".join(map(str, uids))
    found: dict[int, str] = {}
    for category in CATEGORIES:
        for uid in client.search(["UID", asked, "X-GM-RAW", f"category:{category}"]):
            found.setdefault(uid, category)
    return found


def is_seen_elsewhere(items: dict[bytes, Any], purpose: Purpose, known: set[int]) -> bool:
    """Whether the message shows in another folder, too, and is told of there; ``known`` keeps the numbers.

    Inbox and junk are told of as they are; of the other labels the first, and of what has none at last All Mail.
    """
    number = items.get(b"X-GM-MSGID")
    labels = {label.lower() for label in items.get(b"X-GM-LABELS") or () if isinstance(label, bytes)}
    if not isinstance(number, int):
        return False
    was_known = number in known
    known.add(number)
    if purpose in {Purpose.INBOX, Purpose.JUNK}:
        return False
    is_its_owners = purpose is Purpose.ALL and bool(labels & _ITS_OWNERS)
    return was_known or _INBOX in labels or is_its_owners
