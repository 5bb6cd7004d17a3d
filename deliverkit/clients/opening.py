"""Making the clients for a run."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from functools import cache, partial
from ipaddress import ip_address
from typing import TYPE_CHECKING

from deliverkit.classes import Frozen, Slotted
from deliverkit.clients import TIMEOUT, Clients
from deliverkit.clients.alone import the_loop
from deliverkit.clients.guard import Guard
from deliverkit.clients.routes import REAL, Routes
from deliverkit.clients.smtp.provisions import NOTHING, Provisions
from deliverkit.clients.tcp import Tcp
from deliverkit.errors import UsageError
from deliverkit.observations import CHOSEN, Answer, Instant, Place, Resolver
from deliverkit.observations.smtp import Call, Converser, Transcript

if TYPE_CHECKING:  # most runs fetch nothing, and open no mailbox; those about a host may ask no resolver
    import ssl

    from deliverkit.clients.dns.live import Live
    from deliverkit.clients.dns.nameservers import Nameserver
    from deliverkit.clients.imap.opening import Mailboxes
    from deliverkit.clients.submission import Courier
    from deliverkit.observations.https import Fetcher, HttpExchange, HttpRequest
    from deliverkit.observations.mailbox import Bodies, FileAccess, ImapAccess, Mailbox, Trial

_RESOLV_CONF = "/etc/resolv.conf"


def nameservers(texts: Iterable[str]) -> tuple[Nameserver | str, ...]:
    """The resolvers that the texts mean, or the system's where there are none.

    These are addresses, of which more is made when they are asked: runs about a host may ask none.

    Raises:
        UsageError: a text is no resolver, or the system names none.
    """
    given = tuple(texts)
    if not given:
        return tuple(_resolv_conf()) or _system_nameservers()
    from deliverkit.clients.dns.nameservers import parse_nameserver

    return tuple(map(parse_nameserver, given))


def _resolv_conf() -> list[str]:
    """The resolvers that /etc/resolv.conf names (resolv.conf(5)); the search list is never used for mail names."""
    try:
        with open(_RESOLV_CONF, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError):
        return []
    words = (line.split() for line in lines)
    return [found[1] for found in words if len(found) > 1 and found[0] == "nameserver" and _is_address(found[1])]


def _is_address(server: str) -> bool:
    try:
        ip_address(server.partition("%")[0])
    except ValueError:
        return False
    return True


def _system_nameservers() -> tuple[Nameserver, ...]:
    """The same of a system without that file: dnspython knows where to look."""
    import dns.exception
    import dns.resolver

    from deliverkit.clients.dns.nameservers import plain

    try:
        configured = dns.resolver.Resolver()
    except (dns.exception.DNSException, OSError) as error:
        raise UsageError(f"this system names no DNS resolver ({error}): give one with --resolver IP") from None
    servers = [str(server) for server in configured.nameservers if _is_address(str(server))]
    if not servers:
        raise UsageError("this system names no DNS resolver: give one with --resolver IP")
    return tuple(plain((server, configured.port)) for server in servers)


@asynccontextmanager
async def open_clients(  # noqa: PLR0913 - each is an option of the commands
    servers: Iterable[Nameserver | str],
    *,
    timeout: float = TIMEOUT,
    routes: Routes = REAL,
    moment: datetime | None = None,
    compared: Collection[str] = (),
    roots: bytes = b"",
    provisions: Provisions = NOTHING,
) -> AsyncIterator[Clients]:
    """Clients that ask these servers along these routes, at that moment (now where none is given).

    ``roots``: the certificates, as PEM, that are trusted in place of this machine's. ``provisions``: what SMTP
    conversations may use.

    Raises:
        UsageError: a resolver to compare with cannot be used.
    """
    others = tuple(dict.fromkeys(map(_name, nameservers(compared)))) if compared else ()  # each once
    chosen = tuple(servers)
    names = tuple(dict.fromkeys(map(_name, chosen)))
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
class _ResolverOnDemand(Slotted):
    made: Callable[[], Resolver]

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        await the_loop()
        return await self.made().query(name, rdtype, checking_disabled=checking_disabled, at=at)


class _ConverserOnDemand(Slotted):
    made: Callable[[], Converser]

    async def converse(self, call: Call) -> Transcript:
        return await self.made().converse(call)


class _FetcherOnDemand(Slotted):
    made: Callable[[], Fetcher]

    async def fetch(self, request: HttpRequest) -> HttpExchange:
        await the_loop()
        return await self.made().fetch(request)


class _MailboxesOnDemand(Slotted):
    made: Callable[[], Mailboxes]

    def open(self, access: ImapAccess | FileAccess, *, since: datetime, bodies: Bodies) -> Mailbox:
        return self.made().open(access, since=since, bodies=bodies)

    async def try_out(self, access: ImapAccess | FileAccess) -> Trial:
        return await self.made().try_out(access)


class _CouriersOnDemand(Frozen):
    """Makers of couriers: few runs send anything."""

    routes: Routes
    roots: bytes

    def courier(self, allowed: Collection[str]) -> Courier:
        from deliverkit.clients.submission import Courier

        return Courier(allowed, routes=self.routes, roots=self.roots)


def _name(server: Nameserver | str) -> str:
    return server if isinstance(server, str) else server.text


def _live(servers: Iterable[Nameserver | str], timeout: float, routes: Routes, roots: bytes) -> Live:
    from deliverkit.clients.dns.live import Live
    from deliverkit.clients.dns.nameservers import PORT, plain

    asked = [plain((server, PORT)) if isinstance(server, str) else server for server in servers]
    return Live(asked, timeout, routes, context=_trusting(roots) if roots else None)


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

    own = provisions.roots
    trust = Trust(now.moment, own.pem or roots, own.name)
    asked = provisions.server_name
    settings = Settings(trust, provisions.patience, routes, provisions.source, provisions.client, asked)
    return Conversations(settings, by_script(provisions), reached)
