"""Looking after the hosts of others: how many conversations are held at once, and what a guard needs to know.

That is where connections really go, the user's key, and how many recipients were tried.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.clients.reactor import is_alone
from deliverkit.clients.routes import REAL, NoRouteError, Routes
from deliverkit.observations.smtp import Call, Converser, Transcript
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address

if TYPE_CHECKING:  # to one's own hosts nothing is counted, and with one host nobody waits for a turn
    import asyncio

    from deliverkit.clients.ledger import Ledger

MOST_WITH_ONE = 4  # conversations at once: many hosts refuse the fifth connection from one address
MOST_AT_ONCE = 256
_COUNT = "the count of the recipients that were tried"


class Guard(Frozen):
    """Guards the hosts of others. ``permitted``: the calls that were counted already; equal ones are held once."""

    routes: Routes = REAL
    permitted: set[Call] = field(default_factory=set)

    def is_near(self, call: Call) -> bool:
        """Whether the connection stays on this machine or its private network, or is not made at all."""
        if call.address.startswith("/"):
            return True
        try:
            where, _ = self.routes.resolve((call.address, call.port))
        except NoRouteError:
            return True
        address = parse_address(where.partition("%")[0])
        return address is not None and is_near(address)

    def key(self) -> bytes:
        """The user's key that makes the proofs of one's own hosts.

        Raises:
            UsageError: it can be neither read nor made.
        """
        return own_key()

    def ledger(self) -> Ledger:
        """The count of the recipients that were tried.

        Raises:
            UsageError: there is no folder for it.
        """
        from deliverkit.clients.keeping import state_folder
        from deliverkit.clients.ledger import Ledger

        return Ledger(state_folder(_COUNT) / "tried.sqlite3")


def own_key() -> bytes:
    """The user's key that makes the proofs of one's own hosts.

    Raises:
        UsageError: it can be neither read nor made.
    """
    from deliverkit.clients.keeping import user_key

    return user_key("own.key", "the key that proves hosts one's own")


class Turns(Slotted):
    """A converser over another: conversations take turns, so many at once with one host's address, and so many in all.

    Who has to wait for a host does not keep others from theirs.
    """

    source: Converser
    with_one: int = MOST_WITH_ONE
    at_once: int = MOST_AT_ONCE
    _hosts: dict[tuple[str, int], asyncio.Semaphore] = field(default_factory=dict)
    _wanted: Counter[tuple[str, int]] = field(default_factory=Counter)
    _all: asyncio.Semaphore | None = None

    async def converse(self, call: Call) -> Transcript:
        """The source's conversation, when it is its turn."""
        if is_alone():
            return await self.source.converse(call)
        import asyncio

        self._all = self._all or asyncio.Semaphore(self.at_once)
        place = (call.address, call.port)
        host = self._hosts.setdefault(place, asyncio.Semaphore(self.with_one))
        self._wanted[place] += 1
        try:
            async with host, self._all:
                return await self.source.converse(call)
        finally:
            self._wanted[place] -= 1
            if not self._wanted[place]:  # nothing is kept of a host that nobody talks to
                del self._wanted[place], self._hosts[place]
