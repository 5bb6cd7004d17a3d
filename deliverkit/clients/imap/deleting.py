"""Deleting messages that the user asked to be rid of: those that are given, by UID, and nothing else."""

from __future__ import annotations

from itertools import groupby

from deliverkit.clients.imap.bounded import BoundedClient
from deliverkit.clients.imap.gmail import EXTENSION
from deliverkit.clients.imap.looking import folders_of
from deliverkit.knowledge.folders import Purpose
from deliverkit.observations.mailbox import Arrival

_DELETED = b"\\Deleted"


def delete_all(client: BoundedClient, arrivals: tuple[Arrival, ...]) -> str:
    """Delete them; a clause that says which are left and why, empty if none."""
    ordered = sorted(arrivals, key=lambda one: (one.folder.name, one.uid_validity))
    left = [
        _delete(client, folder, validity, [one.uid for one in some])
        for (folder, validity), some in groupby(ordered, key=lambda one: (one.folder.name, one.uid_validity))
    ]
    return "; ".join(clause for clause in left if clause)


def _delete(client: BoundedClient, folder: str, validity: int, uids: list[int]) -> str:
    trash = _trash(client) if client.has_capability(EXTENSION) else ""
    if not trash and not client.has_capability("UIDPLUS"):
        return f"its server cannot delete single messages (UIDPLUS), so {len(uids)} are left in {folder}"
    told = client.select_folder(folder)
    if int(told.get(b"UIDVALIDITY", 0)) != validity:
        return f"{folder} was numbered anew since, so {len(uids)} are left in it"
    if trash:
        client.move(uids, trash)  # Gmail takes EXPUNGE for archiving
        return ""
    client.add_flags(uids, [_DELETED], silent=True)
    client.uid_expunge(uids)  # RFC 4315 §2.1: these and no others
    return ""


def _trash(client: BoundedClient) -> str:
    """The folder from which Gmail deletes; empty where none is known."""
    if not client.has_capability("MOVE"):
        return ""
    return next((one.folder.name for one in folders_of(client) if one.purpose is Purpose.TRASH), "")
