"""The clients: they ask the world and keep what it answers as observations. They never judge.

Nothing else on the product path opens sockets or imports a DNS, SMTP or IMAP library.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, field
from deliverkit.clients.guard import Guard
from deliverkit.clients.recorded import RecordedConversations, RecordedExchanges
from deliverkit.clients.tcp import RecordedConnections
from deliverkit.observations import Connector, Instant, Resolver
from deliverkit.observations.smtp import Converser

if TYPE_CHECKING:  # most runs fetch nothing
    from deliverkit.clients.submission import Couriers
    from deliverkit.observations.https import Fetcher
    from deliverkit.observations.mailbox import MailboxOpener

TIMEOUT = 5.0  # seconds until a question is given up: a cold recursion may take that long


class Clients(Frozen):
    """All that a probe may use to see the world; ``compared`` names the resolvers whose answers are compared.

    ``live`` asks anew each time; there is none where a case file is judged. ``servers`` are those that ``resolver``
    asks, each written as ``--resolver`` takes it. ``guard`` looks after the hosts of others; there is none
    where nothing is connected. ``mailboxes`` opens those of the user, ``couriers`` hand messages over;
    a case holds none. ``reached``: the versions of IP over which somebody's port 25 took a connection in this run.
    """

    resolver: Resolver
    now: Instant
    compared: tuple[str, ...] = ()
    live: Resolver | None = None
    connector: Connector = field(default_factory=RecordedConnections)
    servers: tuple[str, ...] = ()
    converser: Converser = field(default_factory=RecordedConversations)
    fetcher: Fetcher = field(default_factory=RecordedExchanges)
    guard: Guard | None = None
    mailboxes: MailboxOpener | None = None
    couriers: Couriers | None = None
    reached: set[int] = field(default_factory=set)
