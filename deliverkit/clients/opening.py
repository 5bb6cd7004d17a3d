"""Making the clients for a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache, partial
from typing import TYPE_CHECKING

from deliverkit.classes import frozen, slotted
from deliverkit.clients import Clients
from deliverkit.clients.alone import the_loop
from deliverkit.clients.dns.nameservers import TIMEOUT, Nameserver, parse_nameserver, system_nameservers
from deliverkit.clients.guard import Guard
from deliverkit.clients.routes import REAL, Routes
from deliverkit.clients.smtp.provisions import NOTHING, Provisions
from deliverkit.clients.tcp import Tcp
from deliverkit.observations import CHOSEN, Answer, Instant, Place, Resolver
from deliverkit.observations.smtp import Call, Converser, Transcript

if TYPE_CHECKING:  # most runs fetch nothing, and open no mailbox; those about a host may ask no resolver
    import ssl

    from deliverkit.clients.dns.live import Live
    from deliverkit.clients.imap.opening import Mailboxes
    from deliverkit.clients.submission import Courier
    from deliverkit.observations.https import Fetcher, HttpExchange, HttpRequest
    from deliverkit.observations.mailbox import Bodies, FileAccess, ImapAccess, Mailbox, Trial


def nameservers(texts: Iterable[str]) -> tuple[Nameserver, ...]:
    """The resolvers that the texts mean, or the system's where there are none.

    Raises:
        UsageError: a text is no resolver, or the system names none.
    """
    return tuple(map(parse_nameserver, texts)) or system_nameservers()


@asynccontextmanager
async def open_clients(  # noqa: PLR0913 - each is an option of the commands
    servers: Iterable[Nameserver],
    *,
    timeout: float = TIMEOUT,
    routes: Routes = REAL,
    moment: datetime | None = None,
    compared: Iterable[str] = (),
    roots: bytes = b"",
    provisions: Provisions = NOTHING,
) -> AsyncIterator[Clients]:
    """Clients that ask these servers along these routes, at that moment (now where none is given).

    ``roots``: the certificates, as PEM, that are trusted in place of this machine's. ``provisions``: what SMTP
    conversations may use.

    Raises:
        UsageError: a resolver to compare with cannot be used.
    """
    others = tuple(dict.fromkeys(parse_nameserver(text).text for text in compared))  # each once
    chosen = tuple(servers)
    names = tuple(dict.fromkeys(server.text for server in chosen))
    live = cache(partial(_live, chosen, timeout, routes, roots))
    asked = _ResolverOnDemand(live)
    cached = _ResolverOnDemand(cache(partial(_cached, asked)))
    mailboxes = cache(partial(_mailboxes, cached, routes, roots))
    reached: set[int] = set()
    now = Instant(moment or datetime.now(UTC))
    try:
        yield Clients(
            resolver=cached,
            now=now,
            compared=others,
            live=asked,
            connector=Tcp(timeout, routes),
            servers=names,
            converser=_ConverserOnDemand(cache(partial(_converser, now, roots, routes, provisions, reached))),
            fetcher=_FetcherOnDemand(cache(partial(_fetcher, timeout, routes, roots))),
            guard=Guard(routes),
            mailboxes=_MailboxesOnDemand(mailboxes),
            couriers=_CouriersOnDemand(routes, roots),
            reached=reached,
        )
    finally:
        if mailboxes.cache_info().currsize:
            mailboxes().close()
        if live.cache_info().currsize:
            await live().close()


# Each is made when it is first wanted, by what remembers it: most runs speak to nobody, and fetch nothing.
@slotted
class _ResolverOnDemand:
    made: Callable[[], Resolver]

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        await the_loop()
        return await self.made().query(name, rdtype, checking_disabled=checking_disabled, at=at)


@slotted
class _ConverserOnDemand:
    made: Callable[[], Converser]

    async def converse(self, call: Call) -> Transcript:
        return await self.made().converse(call)


@slotted
class _FetcherOnDemand:
    made: Callable[[], Fetcher]

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        await the_loop()
        return await self.made().fetch(request)


@slotted
class _MailboxesOnDemand:
    made: Callable[[], Mailboxes]

    def open(self, access: ImapAccess | FileAccess, *, since: datetime, bodies: Bodies) -> Mailbox:
        return self.made().open(access, since=since, bodies=bodies)

    async def try_out(self, access: ImapAccess | FileAccess) -> Trial:
        return await self.made().try_out(access)


@frozen
class _CouriersOnDemand:
    """Makers of couriers: few runs send anything."""

    routes: Routes
    roots: bytes

    def courier(self, allowed: Collection[str]) -> Courier:
        from deliverkit.clients.submission import Courier

        return Courier(allowed, routes=self.routes, roots=self.roots)


def _live(servers: Iterable[Nameserver], timeout: float, routes: Routes, roots: bytes) -> Live:
    from deliverkit.clients.dns.live import Live

    return Live(servers, timeout, routes, context=_trusting(roots) if roots else None)


def _trusting(roots: bytes) -> ssl.SSLContext:
    import ssl

    return ssl.create_default_context(cadata=roots.decode())


def _cached(source: Resolver) -> Resolver:
    from deliverkit.clients.dns.cached import Cached

    return Cached(source)


def _mailboxes(resolver: Resolver, routes: Routes, roots: bytes) -> Mailboxes:
    from deliverkit.clients.imap.connecting import Network
    from deliverkit.clients.imap.opening import LOGIN_PAUSE, Mailboxes
    from deliverkit.clients.imap.opening import TIMEOUT as PATIENCE

    pause = LOGIN_PAUSE if routes.table is None else 0.0  # the lab's servers mind nothing
    return Mailboxes(Network(resolver, routes, PATIENCE, roots, pause))


def _fetcher(timeout: float, routes: Routes, roots: bytes) -> Fetcher:
    from deliverkit.clients.https import Https

    return Https(timeout, routes, roots)


def _converser(now: Instant, roots: bytes, routes: Routes, provisions: Provisions, reached: set[int]) -> Converser:
    from deliverkit.clients.smtp.connection import Settings
    from deliverkit.clients.smtp.live import Conversations, by_script
    from deliverkit.clients.smtp.provisions import Trust

    trust = Trust(now.moment, roots)
    settings = Settings(trust, provisions.patience, routes, provisions.source, provisions.client)
    return Conversations(settings, by_script(provisions), reached)
