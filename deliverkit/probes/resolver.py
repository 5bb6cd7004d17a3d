"""The control questions to this machine's resolvers and its way out; all start at once.

They come before blame: what a resolver, a blocklist or a port does here says nothing of anybody until it is known
what they do for names and hosts that are known to be well.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial

from deliverkit.classes import replace
from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Lookup, addresses_of
from deliverkit.facts.resolver import (
    Blocklist,
    BlocklistAnswers,
    BlocklistTest,
    BlocklistTests,
    BogusTest,
    ControlHost,
    PortTest,
    PortTests,
    ResolverTest,
    ResolverTests,
    to_microseconds,
)
from deliverkit.knowledge.controls import blocklists, bogus_names, control_hosts
from deliverkit.model import Absent, not_applicable
from deliverkit.observations import Answer, Connection, Place, Query, Resolver, Status
from deliverkit.probes.made_up import made_up_label
from deliverkit.standards.addresses import is_synthesized, unroutable_kind
from deliverkit.standards.dnsbl import ListState, judge_test_points
from deliverkit.standards.smtp.target import SMTP_PORT

SLACK = 2  # seconds that a denial may be old and still be the one that was fetched for this question
_NOBODY = not_applicable("no resolver of this machine is asked")


async def learn_resolver_tests(domain: str, clients: Clients) -> ResolverTests | Absent:  # noqa: ARG001
    """What each resolver answers to the control questions."""
    if not clients.servers:
        return _NOBODY
    return ResolverTests(tuple(await together(partial(_try_resolver, clients, name) for name in clients.servers)))


async def learn_blocklist_answers(domain: str, clients: Clients) -> BlocklistAnswers | Absent:  # noqa: ARG001
    """What each blocklist answers for its test points through each resolver."""
    if not clients.servers:
        return _NOBODY
    pairs = [(found, server) for found in blocklists() for server in clients.servers]
    works = (partial(_try_blocklist, clients, blocklist, server) for blocklist, server in pairs)
    return BlocklistAnswers(tuple(await together(works)))


async def learn_blocklist_tests(
    domain: str,  # noqa: ARG001
    clients: Clients,  # noqa: ARG001
    resolvers: ResolverTests,
    lists: BlocklistAnswers,
) -> BlocklistTests:
    """The same, where a failure or a denial counts only through a resolver that can be trusted with one."""
    distrust = {test.server: test.distrust for test in resolvers.tests}
    return BlocklistTests(tuple(_weighed(test, distrust[test.server]) for test in lists.tests))


def _weighed(test: BlocklistTest, distrust: str) -> BlocklistTest:
    if test.state in {ListState.ANSWERS, ListState.REFUSES}:
        return test
    if distrust:
        return replace(test, state=ListState.UNKNOWN, reason=distrust)
    hint = " (it answers registered resolvers alone)" if test.blocklist.is_registered else ""
    return replace(test, reason=f"{test.reason}{hint}")


async def learn_port_tests(domain: str, clients: Clients) -> PortTests | Absent:  # noqa: ARG001
    """What comes of connecting to port 25 of unrelated hosts, over IPv4 and over IPv6."""
    return await try_port(clients) if clients.servers else _NOBODY


async def try_port(clients: Clients) -> PortTests:
    """The same, whoever asks for it."""
    return PortTests(tuple(await together(partial(_try_host, clients, control) for control in control_hosts())))


async def _try_resolver(clients: Clients, server: str) -> ResolverTest:
    at = Place(server)
    root, made_up = Query(".", "SOA", at=at), Query(f"{made_up_label(server)}.com", "A", at=at)
    # a type of its own: the same question over UDP and over TCP would look like one that was asked twice
    over_tcp = Query(".", "NS", at=at._replace(over_tcp=True))
    bogus = [(name, Query(name.name, "A", at=at), Query(name.name, "A", True, at)) for name in bogus_names()]
    streams = () if "://" in server else (over_tcp,)
    pairs = [query for _, checked, unchecked in bogus for query in (checked, unchecked)]
    # TCP goes first: what it has to load must not count for the times of the others
    found = await _ask(clients.resolver, (*streams, root, made_up, *pairs))
    return ResolverTest(
        server=server,
        root=found[root],
        made_up=found[made_up],
        recursion=_recursion(found[made_up]),
        over_tcp=found.get(over_tcp),
        bogus=tuple(BogusTest(name, found[checked], found[unchecked]) for name, checked, unchecked in bogus),
    )


async def _try_blocklist(clients: Clients, blocklist: Blocklist, server: str) -> BlocklistTest:
    points = [
        Query(f"{point}.{blocklist.zone}", "A", at=Place(server)) for point in (blocklist.listed, blocklist.unlisted)
    ]
    listed, unlisted = (await _ask(clients.resolver, points)).values()
    state, reason = judge_test_points(listed, unlisted, blocklist.refusals)
    return BlocklistTest(server, blocklist, listed, unlisted, state, reason)


async def _try_host(clients: Clients, control: ControlHost) -> PortTest:
    """One attempt for each kind of address, to the lowest one: servers shuffle them."""
    queries = [Query(control.host, rdtype) for rdtype in ("A", "AAAA")]
    ipv4, ipv6 = (await _ask(clients.resolver, queries)).values()
    over_ipv4, over_ipv6 = await together(partial(_connect, clients, answer) for answer in (ipv4, ipv6))
    return PortTest(control, ipv4, ipv6, over_ipv4, over_ipv6)


async def _connect(clients: Clients, answer: Answer) -> Connection | None:
    addresses = [address for address, _ in addresses_of(Lookup(answer)) if not is_synthesized(address)]
    public = [address for address in addresses if unroutable_kind(address) is None]
    return await clients.connector.connect(str(min(public, key=int)), SMTP_PORT) if public else None


async def _ask(resolver: Resolver, queries: Iterable[Query]) -> dict[Query, Answer]:
    """The answers, in the order of the questions."""
    asked = list(queries)
    works = (partial(resolver.query, q.name, q.rdtype, checking_disabled=q.checking_disabled, at=q.at) for q in asked)
    return dict(zip(asked, await together(works), strict=True))


def _recursion(denial: Answer) -> float | None:
    """Seconds that the denial took; None for another answer, or one out of a cache."""
    if denial.status is not Status.NXDOMAIN or denial.soa is None:
        return None
    # RFC 2308 §5: the negative TTL is the SOA's minimum, and a cache counts it down
    is_fresh = denial.soa.ttl >= int(denial.soa.data.rsplit(" ", 1)[-1]) - SLACK
    return to_microseconds(denial.elapsed) if is_fresh else None
