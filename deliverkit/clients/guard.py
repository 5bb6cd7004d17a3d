"""What a guard needs to know: where connections really go, the user's key, and how many recipients were tried."""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, field
from deliverkit.clients.routes import REAL, NoRouteError, Routes
from deliverkit.observations.smtp import Call
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address

if TYPE_CHECKING:  # to one's own hosts nothing is counted
    from deliverkit.clients.ledger import Ledger

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
