"""Opening mailboxes: over IMAP in threads of an executor of their own, or in files."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

from deliverkit.clients.imap.connecting import Network
from deliverkit.clients.imap.files import FileMailbox
from deliverkit.clients.imap.live import ImapMailbox
from deliverkit.clients.imap.memory import Memory
from deliverkit.observations.mailbox import Bodies, FileAccess, ImapAccess, Mailbox, Trial

MOST_THREADS = 256  # each waits for a server: one that hangs holds up nobody else
LOGIN_PAUSE = 60.0  # seconds: providers lock accounts that log in all the time
TIMEOUT = 30.0  # seconds for each read: servers take their time over a login


class Mailboxes:
    """Opens mailboxes, and ends what waits for them."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._executor = ThreadPoolExecutor(MOST_THREADS, "mailbox")

    def open(self, access: ImapAccess | FileAccess, *, since: datetime, bodies: Bodies) -> Mailbox:
        """The mailbox, for messages since that moment; nothing is connected before the first look."""
        memory = Memory(since, bodies)
        if isinstance(access, FileAccess):
            return FileMailbox(access, memory, self._executor)
        return ImapMailbox(access, memory, self._network, self._executor)

    async def try_out(self, access: ImapAccess | FileAccess) -> Trial:
        """What the mailbox comes to; nothing is changed in it."""
        memory = Memory(datetime.now(UTC), Bodies.REPORTS)
        if isinstance(access, FileAccess):
            return await FileMailbox(access, memory, self._executor).try_out()
        return await ImapMailbox(access, memory, self._network, self._executor).try_out()

    def close(self) -> None:
        """Wait for nobody any more."""
        self._executor.shutdown(wait=False, cancel_futures=True)
