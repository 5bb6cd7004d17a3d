"""Conversations: whom a sender would talk to, what each host says, and the control where nobody answers."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from itertools import groupby
from types import TracebackType
from typing import TYPE_CHECKING, Self

from deliverkit.classes import replace
from deliverkit.clients import Clients
from deliverkit.clients.alone import the_loop
from deliverkit.clients.trace import together
from deliverkit.facts import Lookup, MailHosts, MxLookup, addresses_of
from deliverkit.facts.conversing import MADE_UP, TLS_CHOICES, UTF8, Conversing, Refused
from deliverkit.facts.smtp import Conversation, Conversations, SmtpHosts, WayOut
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.model import Absent, Outcome, not_applicable
from deliverkit.observations import Status
from deliverkit.observations.smtp import Call
from deliverkit.probes.guards import Turn, permit, settle
from deliverkit.script import Script, fill, find_needs, is_for_each_host, load, parse_script, text_of
from deliverkit.standards.names import parse_address
from deliverkit.standards.smtp.target import LOCALHOST, SMTP_PORT, SUBMISSIONS_PORT, SmtpTarget

if TYPE_CHECKING:
    import asyncio

    from deliverkit.facts.resolver import PortTests

MOST_ADDRESSES = 40  # that are spoken to for one target
_ADDRESSES = ("from", "rcpt", "foreign")  # the variables of addresses that scripts send
_NOWHERE = (
    "the script tries an address that nobody has, and a host that is named itself does not say at which domain: name "
    f"the domain, or give --set {MADE_UP}=ADDRESS"
)
AT_ONCE = 20  # conversations under way for one target
CONTROL_AFTER = 3.0  # seconds: a host that takes a connection has taken it by then, even after a lost packet


async def learn_smtp_hosts(domain: str, clients: Clients, hosts: MailHosts, conversing: Conversing) -> SmtpHosts:  # noqa: ARG001
    """The addresses of the domain's exchangers, in sending order."""
    preferences = {record.exchange: record.preference for record in hosts.mx.records}
    found = [
        SmtpHost(host.host, str(one.address), conversing.port, preferences.get(host.host), host.provider)
        for host in hosts.hosts
        for one in host.addresses
    ]
    return SmtpHosts(tuple(found[:MOST_ADDRESSES]), hosts.failures, max(0, len(found) - MOST_ADDRESSES))


async def facts_of_host(target: SmtpTarget, areas: Collection[str], clients: Clients) -> Mapping[type, object]:
    """Whom to talk to, that there are no exchangers nor policies, and where DANE is wanted the host's TLSA records."""
    no_domain = not_applicable("a host was named, no domain")
    facts: dict[type, object] = {SmtpHosts: await hosts_of(target, clients), MxLookup: no_domain}
    if not {"dane", "mta-sts", "tls-rpt"} & set(areas):  # what these begin with is imported for them alone
        return facts
    from deliverkit.facts.mta_sts import MtaStsLookup
    from deliverkit.facts.tlsrpt import TlsRptLookup

    facts |= dict.fromkeys((MtaStsLookup, TlsRptLookup), no_domain)
    if "dane" in areas:
        from deliverkit.facts.dane import DaneHosts
        from deliverkit.probes.dane import dane_of

        facts[DaneHosts] = await dane_of(target, clients)
    return facts


async def hosts_of(target: SmtpTarget, clients: Clients) -> SmtpHosts | Absent:
    """The addresses of a host that was named itself, or a socket."""
    if target.path:
        return SmtpHosts((SmtpHost(target.path, target.path, target.port),))
    address = parse_address(target.host)
    if address is not None:
        return SmtpHosts((SmtpHost(str(address), str(address), target.port),))
    if target.host == LOCALHOST:
        return SmtpHosts((SmtpHost(target.host, "127.0.0.1", target.port),))
    answers = await together(partial(clients.resolver.query, target.host, rdtype) for rdtype in ("A", "AAAA"))
    lookups = [Lookup(answer) for answer in answers]
    from deliverkit.knowledge.providers import provider_of  # which addresses and this machine do without

    provider = provider_of(target.host)
    found = [
        SmtpHost(target.host, str(address), target.port, None, provider)
        for lookup in lookups
        for address, _ in addresses_of(lookup)
    ]
    reasons = tuple(lookup.failure for lookup in lookups if lookup.failure)
    if not found and not reasons:
        is_there = any(answer.status is not Status.NXDOMAIN for answer in answers)
        return not_applicable(f"{target.host} {'has no address' if is_there else 'does not exist'}")
    return SmtpHosts(tuple(found[:MOST_ADDRESSES]), reasons, max(0, len(found) - MOST_ADDRESSES))


async def learn_conversations(
    domain: str, clients: Clients, hosts: SmtpHosts, conversing: Conversing
) -> Conversations | Absent:
    """What the hosts said: every one of them at once, or one after the other until one takes the message."""
    if not hosts.hosts and not hosts.reasons:
        return not_applicable("there is no host to talk to")
    script = parse_script(conversing.text) if conversing.text else load(conversing.name).script
    variables = dict(conversing.variables)
    if MADE_UP not in variables and MADE_UP in find_needs(script).variables:
        if not domain:
            return Refused(Outcome.UNKNOWN, _NOWHERE)
        from deliverkit.probes.made_up import made_up_label  # hashes cost a hundredth of a short run

        variables[MADE_UP] = (f"{made_up_label(domain)}@{domain}",)
    turns = [turn for host in hosts.hosts for turn in turns_of(domain, host, script, variables)]
    permitted = await permit(domain, clients, turns)
    if isinstance(permitted, Refused):
        return permitted
    hold = _with_each if is_for_each_host(script) else _until_one_takes_it
    async with EarlyControl(clients, hosts.hosts) as early:
        held = await hold(clients, turns)
        await settle(clients, permitted, held)
        found = Conversations(conversing, tuple(held), hosts.reasons)
        return replace(found, control=await early.tests()) if found.unreached else found


async def _with_each(clients: Clients, turns: Sequence[Turn]) -> list[Conversation]:
    if len(turns) == 1:
        return [await _held(turns[0], clients)]
    import asyncio

    some = asyncio.Semaphore(AT_ONCE)

    async def hold(turn: Turn) -> Conversation:
        async with some:
            return await _held(turn, clients)

    return await together(partial(hold, turn) for turn in turns)


async def _held(turn: Turn, clients: Clients) -> Conversation:
    return Conversation(turn.host, await clients.converser.converse(turn.call))


async def _until_one_takes_it(clients: Clients, turns: Sequence[Turn]) -> list[Conversation]:
    """As a sender goes through the exchangers: a 5xx to MAIL, RCPT or DATA ends it (RFC 5321 §5.1).

    All the conversations that the script makes with a host are held with it before the next one is tried.
    """
    held: list[Conversation] = []
    for _, of_host in groupby(turns, key=lambda turn: turn.host):
        with_it = [await _held(turn, clients) for turn in of_host]
        held += with_it
        if any(one.is_final for one in with_it):
            break
    return held


def turns_of(domain: str, host: SmtpHost, script: Script, variables: Mapping[str, tuple[str, ...]]) -> list[Turn]:
    """The conversations that the script makes with a host."""
    found = {"domain": (domain or host.name,), "mx": (host.name,), **_entering(host, script, variables)}
    given = {**found, **_beyond_ascii(script, variables), **variables}
    filled = fill(script, given)
    return [Turn(host, Call(host.name, host.address, host.port, text_of(one)), one) for one in filled]


def _entering(host: SmtpHost, script: Script, given: Mapping[str, object]) -> dict[str, tuple[str, ...]]:
    """That TLS comes first, at the port where it does, of a script that knows it and is told nothing of TLS."""
    if host.port != SUBMISSIONS_PORT or not given.keys().isdisjoint(TLS_CHOICES.values()):
        return {}
    first = TLS_CHOICES["implicit"]
    return {first: ("yes",)} if first in find_needs(script).known else {}


def _beyond_ascii(script: Script, given: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """That the envelope needs SMTPUTF8, of a script that knows it (RFC 6531 §3.4)."""
    if all(value.isascii() for name in _ADDRESSES for value in given.get(name, ())):
        return {}
    return {UTF8: ("yes",)} if UTF8 in find_needs(script).known else {}


async def learn_way_out(domain: str, clients: Clients, conversations: Conversations) -> WayOut:  # noqa: ARG001
    """Whether unrelated hosts answer from here; asked only where nobody did, so that none is blamed for our network."""
    reached = {version: any(one.is_connected for one in conversations.over(version)) for version in (4, 6)}
    if not conversations.unreached:
        return WayOut(reached[4] or None, reached[6] or None)
    tests = conversations.control or await ask_control(clients)
    return WayOut(reached[4] or tests.is_open(4), reached[6] or tests.is_open(6), tests)


async def ask_control(clients: Clients) -> PortTests:
    """What comes of connecting to port 25 of unrelated hosts."""
    from deliverkit.probes.resolver import try_port  # which few runs need

    return await try_port(clients)


class EarlyControl:
    """The control of port 25, begun while hosts keep silent: who waits for them need not wait for it as well.

    Within it hosts are spoken to; it begins once none of them, and nobody else, has been reached for a while.
    """

    def __init__(self, clients: Clients, hosts: Sequence[SmtpHost]) -> None:
        self._clients = clients
        self._versions = {host.version for host in hosts if host.port == SMTP_PORT and not host.is_here}
        self._asking: asyncio.Task[PortTests] | None = None
        self._timer: asyncio.TimerHandle | None = None

    def _begin(self) -> None:
        if self._versions - self._clients.reached:
            import asyncio

            self._asking = asyncio.create_task(ask_control(self._clients))

    async def tests(self) -> PortTests | None:
        """What came of it, waited for; None: it was not begun."""
        return await self._asking if self._asking else None

    async def __aenter__(self) -> Self:
        """The time runs from now on."""
        if self._versions:
            await the_loop()
            import asyncio

            self._timer = asyncio.get_running_loop().call_later(CONTROL_AFTER, self._begin)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        if self._timer:
            self._timer.cancel()
        if self._asking:
            self._asking.cancel()
