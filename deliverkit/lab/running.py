"""A world that runs: its servers on loopback, and the routes that lead to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from dns.name import from_text, root

from deliverkit.lab.authority import Authority
from deliverkit.lab.deliveries import Delivery, Memory, Taker
from deliverkit.lab.filling import filled
from deliverkit.lab.httpsserver import HttpsServer, settle
from deliverkit.lab.imapserver import ImapServer
from deliverkit.lab.mailhosts import MailHost
from deliverkit.lab.mailstore import MailStore, uidvalidities
from deliverkit.lab.nameserver import DnsServer, Question
from deliverkit.lab.postoffice import PostOffice
from deliverkit.lab.smtpserver import SmtpServer
from deliverkit.lab.world import Fault, Nameserver, World
from deliverkit.lab.zones import ROOT_SERVER, Names

LOOPBACK = "127.0.0.1"
DNS_PORT, SMTP_PORT, DNS_OVER_TLS_PORT, HTTPS_PORT = 53, 25, 853, 443
RESOLVER_NAME = "resolver.lab"

Endpoint = tuple[str, int]


@dataclass(frozen=True, slots=True)
class RunningWorld:
    """What a client needs to live in the world; ``routes`` maps the world's endpoints to those on loopback.

    ``roots`` are the certificates of the lab's authorities as PEM, ``mail`` what each SMTP server remembers, by where
    it stands in the world, ``mailboxes`` what lies in each mailbox, by its address.
    """

    world: World
    resolver: Endpoint
    routes: dict[Endpoint, Endpoint]
    questions: list[Question]
    roots: bytes = b""
    mail: Mapping[Endpoint, Memory] = field(default_factory=dict)
    mailboxes: Mapping[str, MailStore] = field(default_factory=dict)

    @property
    def deliveries(self) -> list[Delivery]:
        """Every message that a server of the world took, server by server."""
        return [one for memory in self.mail.values() for one in memory.deliveries]

    @property
    def nameserver(self) -> str:
        """The resolver as ``--resolver`` takes it."""
        manner = self.world.resolver
        return f"tls://{manner.address}#{RESOLVER_NAME}" if manner.encrypted else manner.address

    @property
    def clock(self) -> datetime:
        """The world's time."""
        return self.world.clock


@asynccontextmanager
async def running(world: World) -> AsyncIterator[RunningWorld]:
    """Start the world's servers, and stop them at the end.

    Raises:
        LabError: a zone of the world cannot be read.
    """
    routes: dict[Endpoint, Endpoint] = {}
    questions: list[Question] = []
    authority = Authority(world.clock) if world.smtp else None
    world = filled(world, authority) if authority else world
    async with AsyncExitStack() as stack:
        for server in servers_of(world, questions):
            listening = await server.start(LOOPBACK)
            stack.callback(listening.close)
            routes[server.manner.address, DNS_PORT] = (listening.host, listening.port)
        taker = await asyncio.start_server(_take, LOOPBACK, 0)
        stack.callback(taker.close)
        routes |= {(address, SMTP_PORT): taker.sockets[0].getsockname() for address in world.listening}
        machines = Authority(datetime.now(UTC)) if world.https or world.imap or world.resolver.encrypted else None
        if machines:
            await _start_web(world, machines, routes, stack)
            await _start_encrypted_resolver(world, machines, routes, questions, stack)
        mailboxes = await _start_mailboxes(world, machines, routes, stack) if machines else {}
        office = PostOffice(world.delivery, world.imap, mailboxes, Names.of(world))
        stack.callback(office.close)

        def taker_of(host: MailHost) -> Taker:
            if not host.relay:
                return office
            from deliverkit.lab.relaying import Relay

            relay = Relay(host, Names.of(world), routes, office)
            stack.push_async_callback(relay.close)
            return relay

        mail = await _start_mail(world, authority, taker_of, routes, stack) if authority else {}
        roots = b"".join(one.root for one in (authority, machines) if one)
        yield RunningWorld(world, (world.resolver.address, DNS_PORT), routes, questions, roots, mail, mailboxes)
    if machines:
        await settle()


async def _start_mail(
    world: World,
    authority: Authority,
    taker_of: Callable[[MailHost], Taker],
    routes: dict[Endpoint, Endpoint],
    stack: AsyncExitStack,
) -> dict[Endpoint, Memory]:
    """Start the SMTP servers; their memories."""
    mail: dict[Endpoint, Memory] = {}
    for host in world.smtp:
        context = authority.serving_of(host) if host.certificate else None
        server = SmtpServer(host, context, taker=taker_of(host))
        place = (host.address, host.port)
        routes[place], mail[place] = await server.start(LOOPBACK), server.memory
        stack.push_async_callback(server.close)
    return mail


async def _start_web(
    world: World, authority: Authority, routes: dict[Endpoint, Endpoint], stack: AsyncExitStack
) -> None:
    """Start the servers of HTTPS.

    Their certificates, as those of all servers but the SMTP ones, are valid by the clock of the machine, because that
    is what its TLS library looks at.
    """
    for site in world.https:
        listening = await HttpsServer(site, authority).start(LOOPBACK)
        stack.callback(listening.close)
        routes[site.address, HTTPS_PORT] = listening.sockets[0].getsockname()


async def _start_encrypted_resolver(
    world: World,
    authority: Authority,
    routes: dict[Endpoint, Endpoint],
    questions: list[Question],
    stack: AsyncExitStack,
) -> None:
    """Start DNS over TLS where the resolver is asked so."""
    if not world.resolver.encrypted:
        return
    server = DnsServer(Names.of(world), world.resolver, world.faults, log=questions)
    listening = await server.start_over_tls(LOOPBACK, authority.serving(RESOLVER_NAME, "right"))
    stack.callback(listening.close)
    routes[world.resolver.address, DNS_OVER_TLS_PORT] = listening.sockets[0].getsockname()


async def _start_mailboxes(
    world: World, authority: Authority, routes: dict[Endpoint, Endpoint], stack: AsyncExitStack
) -> dict[str, MailStore]:
    """Start the IMAP servers; the mailboxes by their addresses."""
    mailboxes: dict[str, MailStore] = {}
    uidvalidity = next(uidvalidities)
    for host in world.imap:
        own = {mailbox.address: MailStore(mailbox, uidvalidity, host.clock_off) for mailbox in host.mailboxes}
        users = {(store.mailbox.user or address).lower(): store for address, store in own.items()}
        context = authority.serving(host.name, host.certificate, host.tls, host.names) if host.certificate else None
        server = ImapServer(host, users, context)
        for port in host.ports:
            routes[host.address, port] = await server.start(LOOPBACK, port)
        stack.push_async_callback(server.close)
        mailboxes |= own
    return mailboxes


async def _take(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Take a connection, and end it without a word."""
    writer.close()


def servers_of(world: World, log: list[Question]) -> Iterator[DnsServer]:
    """The world's resolver, and its other servers, with the root's that leads to them."""
    yield DnsServer(Names.of(world), world.resolver, world.faults, log=log)
    for server in world.servers:
        names = Names.of(world)
        names.vary(server, world.name)
        own = server.zones or [zone.origin for zone in names.apexes.values() if zone.origin != "."]
        yield DnsServer(
            names,
            Nameserver(server.address, authoritative=not server.recursive),
            (Fault("*", server.do),) if server.do else (),
            zones=frozenset() if server.recursive else frozenset(map(from_text, own)),
            log=log,
        )
    if world.servers:
        manner = Nameserver(ROOT_SERVER, authoritative=True)
        yield DnsServer(Names.of(world), manner, zones=frozenset({root}), delegations=world.delegations, log=log)
