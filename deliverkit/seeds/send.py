"""Sending the copies of a seed test: each once, by the campaign's relay or straight to its mail host.

What could deliver a copy is noted in the journal before it is done. A copy whose last try ended in doubt is left alone
until the user says otherwise.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from deliverkit.classes import Frozen
from deliverkit.clients import Clients
from deliverkit.clients.submission import Courier, Envelope, HandedOver, Way
from deliverkit.errors import UsageError
from deliverkit.facts import MailHosts
from deliverkit.facts.resolver import PortTests
from deliverkit.model import Absent
from deliverkit.observations.seeds import Copy, Sending, Stage
from deliverkit.probes.mx import learn_mail_hosts, learn_mx_lookup, learn_mx_set
from deliverkit.probes.resolver import try_port
from deliverkit.seeds.journal import Journal
from deliverkit.standards.addresses import is_near
from deliverkit.standards.names import parse_address

MX_PORT = 25
MOST_TRIED = 5  # addresses of one domain for one copy, as Postfix does it
AT_ONCE = 8  # copies on their way


class Manner(Frozen):
    """How copies are sent. ``relay``: the ways to the campaign's relay; empty: straight to each seed's mail hosts.

    ``pause``: seconds between the starts of two copies. ``again``: seconds after which copies that were deferred are
    tried again, one round for each.
    """

    mail_from: str
    helo: str
    relay: tuple[Way, ...] = ()
    pause: float = 1.0
    again: tuple[float, ...] = (60.0, 300.0)


class _Ways:
    """The ways to each domain's mail hosts, in sending order; each domain is looked up once."""

    def __init__(self, clients: Clients, relay: tuple[Way, ...]) -> None:
        self._clients = clients
        self._relay = relay
        self._found: dict[str, asyncio.Task[tuple[Way, ...] | str]] = {}

    async def to(self, address: str) -> tuple[Way, ...] | str:
        """The ways; or why there is none, as a clause."""
        if self._relay:
            return self._relay
        domain = address.rpartition("@")[2]
        if domain not in self._found:
            self._found[domain] = asyncio.create_task(self._look_up(domain))
        return await self._found[domain]

    async def _look_up(self, domain: str) -> tuple[Way, ...] | str:
        mx = await learn_mx_set(domain, self._clients, await learn_mx_lookup(domain, self._clients))
        hosts = mx if isinstance(mx, Absent) else await learn_mail_hosts(domain, self._clients, mx)
        if isinstance(hosts, Absent):
            return f"{domain}: {hosts.reason}"
        return _ways(hosts) or f"{domain}: no mail host of it has an address"


def _ways(hosts: MailHosts) -> tuple[Way, ...]:
    found = (Way(host.host, str(one.address), MX_PORT) for host in hosts.hosts for one in host.addresses)
    return tuple(found)[:MOST_TRIED]


def to_send(copies: Iterable[Copy], *, in_doubt: bool) -> tuple[Copy, ...]:
    """The copies that are still to be handed over; those in doubt only where that is asked for."""
    return tuple(copy for copy in copies if _is_open(copy, in_doubt=in_doubt))


def _is_open(copy: Copy, *, in_doubt: bool) -> bool:
    if copy.arrivals or copy.bounces or any(one.is_accepted or one.is_refused for one in copy.sendings):
        return False
    return in_doubt or not any(one.stage is Stage.DOT for one in copy.sendings)


@dataclass
class Round:
    """One sending of a test's copies. ``message_of`` makes a copy's octets.

    ``on_pause`` is told how many copies were not taken yet, and in how many seconds they are tried again.
    """

    journal: Journal
    courier: Courier
    clients: Clients
    manner: Manner
    message_of: Callable[[Copy], bytes]
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    on_pause: Callable[[int, float], None] = lambda _number, _seconds: None
    _ways: _Ways = field(init=False)
    _way_out: asyncio.Task[PortTests] | None = field(init=False, default=None)
    _cut_off: set[str] = field(init=False, default_factory=set)

    def __post_init__(self) -> None:
        self._ways = _Ways(self.clients, self.manner.relay)

    async def send(self, copies: Sequence[Copy]) -> AsyncGenerator[tuple[Copy, Sending], None]:
        """Each copy and how its try ended, as they end; the deferred ones again while there are pauses for it.

        Raises:
            UsageError: the relay lets nobody in, or there is no TLS with it as asked: nothing more is sent.
        """
        left = list(copies)
        for pause in (0.0, *self.manner.again):
            if not left:
                return
            if pause:
                self.on_pause(len(left), pause)
            await asyncio.sleep(pause)
            deferred = []
            async for copy, sending in self._once(left):
                yield copy, sending
                if self._is_worth_another(copy, sending):
                    deferred.append(copy)
            left = deferred

    def _is_worth_another(self, copy: Copy, sending: Sending) -> bool:
        is_deferred = sending.stage is Stage.ENDED and not (sending.is_accepted or sending.is_refused)
        return is_deferred and copy.token not in self._cut_off

    async def _once(self, copies: Sequence[Copy]) -> AsyncIterator[tuple[Copy, Sending]]:
        """Every copy once, a bounded number at the same time, each start a pause after the one before."""
        turns = asyncio.Semaphore(AT_ONCE)
        tasks = [asyncio.create_task(self._in_turn(copy, number, turns)) for number, copy in enumerate(copies)]
        try:
            for done in asyncio.as_completed(tasks):
                yield await done
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _in_turn(self, copy: Copy, number: int, turns: asyncio.Semaphore) -> tuple[Copy, Sending]:
        await asyncio.sleep(number * self.manner.pause)
        async with turns:
            return copy, await self._hand_over(copy)

    async def _hand_over(self, copy: Copy) -> Sending:
        ways = await self._ways.to(copy.address)
        begun = self.clock()
        if isinstance(ways, str):
            sending = Sending(begun, Stage.ENDED, self.clock(), 0, ways)
            self.journal.end(copy.token, sending)
            return sending
        envelope = Envelope(self.manner.mail_from, copy.address, self.manner.helo)
        message = self.message_of(copy)
        self.journal.begin(copy.token, begun)
        sending = await self._along(ways, envelope, message, copy, begun)
        self.journal.end(copy.token, sending)
        return sending

    async def _along(
        self, ways: Sequence[Way], envelope: Envelope, message: bytes, copy: Copy, begun: datetime
    ) -> Sending:
        """One way after the other, until a host has decided; a way that our network closes is no host's fault."""
        shut: set[bool] = set()  # whether the versions of IP that are closed to us are IPv6
        for way in ways:
            if (":" in way.address) in shut:
                continue
            handed = await self.courier.hand_over(
                way, envelope, message, at_the_dot=lambda: self.journal.at_the_dot(copy.token, begun)
            )
            if handed.step == "connect" and not handed.code and (why := await self._closed(way)):
                shut.add(":" in way.address)
                handed = handed._replace(reply=f"{handed.reply}; {why}")
            sending = self._ended(begun, handed)
            if handed.step == "AUTH":
                self.journal.end(copy.token, sending)
                raise UsageError(f"{way.host} does not let {way.user} in, so nothing is sent: {sending.said}")
            if handed.is_in_doubt or sending.is_accepted or sending.is_refused:
                break
        if self.manner.relay and handed.is_tls_at_fault:
            self.journal.end(copy.token, sending)
            raise UsageError(f"{way.host} cannot be reached over TLS as asked, so nothing is sent: {sending.said}")
        if shut >= {":" in way.address for way in ways}:
            self._cut_off.add(copy.token)
        return sending

    async def _closed(self, way: Way) -> str:
        """Why silence there says nothing of the host; empty where unrelated hosts answer from here, or it is near."""
        address = parse_address(way.address)
        if way.port != MX_PORT or address is None or is_near(address):
            return ""
        if self._way_out is None:
            self._way_out = asyncio.create_task(try_port(self.clients))
        tests = await self._way_out
        if tests.is_open(address.version) is not False:
            return ""
        return f"port 25 seems to be blocked from this machine over IPv{address.version}: that says nothing of the host"

    def _ended(self, begun: datetime, handed: HandedOver) -> Sending:
        stage = Stage.DOT if handed.is_in_doubt else Stage.ENDED
        said = (handed.code, handed.reply, handed.transcript, handed.step)
        return Sending(begun, stage, self.clock(), *said, is_relayed=bool(self.manner.relay))
