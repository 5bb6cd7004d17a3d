"""The clients that a command's options ask for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from typing import TYPE_CHECKING

from deliverkit.clients import TIMEOUT, Clients
from deliverkit.clients.alone import the_loop
from deliverkit.clients.opening import nameservers, open_clients
from deliverkit.clients.recorded import Recorded, RecordedConversations, RecordedExchanges
from deliverkit.clients.routes import Routes
from deliverkit.clients.smtp.provisions import NOTHING, Provisions
from deliverkit.clients.tcp import RecordedConnections
from deliverkit.errors import UsageError
from deliverkit.observations import Instant
from deliverkit.report import THIS_MACHINE, Target

if TYPE_CHECKING:
    from deliverkit.case import Case
    from deliverkit.cli.options import Options
    from deliverkit.clients.dns.nameservers import Nameserver


def clients_of_case(case: Case, moment: datetime) -> Clients:
    """The clients that answer from a case file, at that moment."""
    return Clients(
        Recorded(case.answers),
        Instant(moment),
        compared=case.compared,
        connector=RecordedConnections(case.connections),
        servers=case.resolvers,
        converser=RecordedConversations(case.transcripts),
        fetcher=RecordedExchanges(case.exchanges),
    )


@asynccontextmanager
async def clients_of(
    options: Options, case: Case | None, targets: Sequence[Target] = (THIS_MACHINE,)
) -> AsyncIterator[Clients]:
    """The clients that the options ask for: over a case file, in a lab world, or on the network.

    Raises:
        UsageError: a resolver cannot be used, or the system names none and one of the targets needs it.
        LabError: the world cannot.
    """
    if case is not None:
        yield clients_of_case(case, options.now or case.moment)
        return
    async with clients_for(
        options.resolvers,
        options.lab,
        timeout=options.timeout,
        moment=options.now,
        compared=options.compare,
        provisions=options.provisions,
        may_do_without=all(one.smtp is not None and one.smtp.needs_no_dns for one in targets),
    ) as clients:
        yield clients


def _servers(resolvers: tuple[str, ...], *, may_do_without: bool) -> tuple[Nameserver | str, ...]:
    """The resolvers to ask; none where the system names none, and where to connect is known without."""
    try:
        return nameservers(resolvers)
    except UsageError:
        if resolvers or not may_do_without:
            raise
        return ()


@asynccontextmanager
async def clients_for(  # noqa: PLR0913 - each is an option of the commands
    resolvers: tuple[str, ...],
    lab: str | None,
    *,
    timeout: float = TIMEOUT,
    moment: datetime | None = None,
    compared: tuple[str, ...] = (),
    provisions: Provisions = NOTHING,
    may_do_without: bool = False,
) -> AsyncIterator[Clients]:
    """Clients that ask these resolvers on the network, or live in a lab world; ``may_do_without`` any at need.

    Raises:
        UsageError: a resolver cannot be used.
        LabError: the world cannot.
    """
    if lab is None:
        servers = _servers(resolvers, may_do_without=may_do_without)
        async with open_clients(
            servers, timeout=timeout, moment=moment, compared=compared, provisions=provisions
        ) as clients:
            yield clients
        return
    await the_loop()
    from deliverkit.cli.worlds import world_of

    if resolvers:
        raise UsageError("--lab brings its own resolver: leave --resolver out")
    async with (
        world_of(lab) as world,
        open_clients(
            nameservers([world.nameserver]),
            timeout=timeout,
            routes=Routes(world.routes),
            moment=moment or world.clock,
            compared=compared,
            roots=world.roots,
            provisions=provisions,
        ) as clients,
    ):
        yield clients
