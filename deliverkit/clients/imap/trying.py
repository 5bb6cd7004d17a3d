"""Trying a mailbox without sending anything to it: what its server offers, its folders, tabs, newest message."""

from __future__ import annotations

from datetime import UTC, datetime

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.clients.imap.gmail import CATEGORIES, EXTENSION
from deliverkit.clients.imap.looking import folders_of
from deliverkit.knowledge.folders import INBOX
from deliverkit.observations.mailbox import Tabs, Trial

_TABS = CATEGORIES[1:]


def try_out(client: BoundedClient) -> Trial:
    """What the mailbox comes to; in a thread."""
    placed = folders_of(client)
    told = client.select_folder(INBOX, readonly=True)
    count = told.get(b"EXISTS", 0)
    return Trial(
        folders=tuple(one.folder for one in placed),
        searched=sum(one.is_looked_into for one in placed),
        tells=client.has_capability("IDLE"),
        tabs=_tabs(client, count),
        newest=_newest(client) if count else None,
    )


def _tabs(client: BoundedClient, count: int) -> Tabs:
    """Whether messages are sorted into tabs. Where they are off, none is found in any; in an empty inbox neither."""
    if not client.has_capability(EXTENSION):
        return Tabs.NONE
    if any(client.search(["X-GM-RAW", f"category:{category}"]) for category in _TABS):
        return Tabs.ON
    if not count or client.search(["X-GM-RAW", "category:primary"]):
        return Tabs.UNKNOWN
    return Tabs.OFF


def _newest(client: BoundedClient) -> datetime | None:
    """When the last message came, as its server dates it."""
    last = client.search(["UID", "*"])
    items = client.fetch(last, ["INTERNALDATE"])
    found = items[last[0]].get(b"INTERNALDATE") if last and last[0] in items else None
    return found.astimezone(UTC) if isinstance(found, datetime) else None
