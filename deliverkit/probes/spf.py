"""What the DNS says of who may send for a domain.

The chain is TXT, then the records that includes and redirects lead to, level by level, and behind each level the hosts
of its terms ``a`` and ``mx``; what does not depend on each other starts at once, and each name is asked for once.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Iterable, Iterator
from functools import partial
from typing import Any, TypeVar

from deliverkit.classes import Slotted, field
from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Expectations, Lookup
from deliverkit.facts.spf import (
    MisplacedSpf,
    NamedHosts,
    SenderTest,
    SenderTests,
    SpfHosts,
    SpfLookup,
    SpfNode,
    SpfRecord,
    SpfService,
    SpfSet,
    SpfTree,
    TxtRecord,
    fixed_name,
    looking_up,
)
from deliverkit.knowledge.spf_services import service_at
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Answer, Resolver, Status
from deliverkit.probes.looking_up import look_up, look_up_own
from deliverkit.standards.addresses import Address
from deliverkit.standards.spf.asking import Answers, NeedsAnswer
from deliverkit.standards.spf.evaluate import Client, check_host, is_well_formed
from deliverkit.standards.spf.parse import Mechanism, is_spf, parse_spf
from deliverkit.standards.txt import text_of

T = TypeVar("T")

# A hostile zone may lead anywhere: no sender follows more than ten terms (RFC 7208 §4.6.4).
MAX_RECORDS = 64
MAX_NAMES = 64
MAX_DEPTH = 16
MAX_TERMS = 32
MAX_HOSTS = 11
MAX_EVALUATIONS = 40  # each asks what the one before lacked


async def learn_spf_lookup(domain: str, clients: Clients) -> SpfLookup:
    """The answer to the question for TXT, the zone's apex, and what a failure means."""
    return await look_up_own(SpfLookup, domain, "TXT", clients.resolver)


async def learn_spf_set(domain: str, clients: Clients, found: SpfLookup) -> SpfSet | Absent:  # noqa: ARG001
    """The SPF records that the domain publishes; Absent where that is not known, or there is no such domain."""
    if found.failure:
        return unknown(found.failure)
    answer = found.lookup.answer
    if answer.status is Status.NXDOMAIN:
        return not_applicable(f"{domain} does not exist")
    texts = sorted((TxtRecord(record, text_of(record.data)) for record in answer.records), key=lambda one: one.text)
    records = [one for one in texts if is_spf(one.text)]
    others = [one for one in texts if not is_spf(one.text)]
    return SpfSet(
        domain=domain,
        zone=found.zone,
        answer=answer,
        records=tuple(records[:MAX_RECORDS]),
        others=tuple(others[:MAX_RECORDS]),
        left_out=max(0, len(records) - MAX_RECORDS) + max(0, len(others) - MAX_RECORDS),
    )


async def learn_spf_record(domain: str, clients: Clients, found: SpfSet) -> SpfRecord | Absent:  # noqa: ARG001
    """The one record; Absent where there is none, or several."""
    if not found.records:
        return not_applicable(f"{domain} has no SPF record")
    if len(found.records) > 1:
        return not_applicable(f"{domain} has {len(found.records)} SPF records")
    [one] = found.records
    return SpfRecord(found, one.source, parse_spf(one.text))


async def learn_misplaced_spf(domain: str, clients: Clients, found: SpfSet) -> MisplacedSpf:
    """SPF records at ``_spf``, ``www``, the doubled name, or of type SPF; only asked for where the domain has none."""
    if found.records:
        return MisplacedSpf(records=(), lookups=())
    places = (
        *((name, "TXT") for name in (f"_spf.{domain}", f"www.{domain}", f"{domain}.{domain}")),
        (domain, "SPF"),
    )
    lookups = await together(partial(look_up, clients.resolver, name, rdtype) for name, rdtype in places)
    records = [record for lookup in lookups if not lookup.answer.aliases for record in lookup.answer.records]
    return MisplacedSpf(tuple(record for record in records if is_spf(text_of(record.data))), tuple(lookups))


async def learn_spf_tree(domain: str, clients: Clients, found: SpfHosts) -> SpfTree:  # noqa: ARG001
    """All that the includes and redirects lead to."""
    return found.tree


async def learn_spf_hosts(domain: str, clients: Clients, root: SpfRecord) -> SpfHosts:
    """The tree of includes and redirects, and the hosts of the terms ``a`` and ``mx`` that do not depend on the sender.

    Each name is asked for once, those of a level together; the hosts of a level beside the names of the next.
    """
    walk = _Walk(clients.resolver, root)
    hosts = await walk.follow([domain], MAX_DEPTH)
    left_out = _wanted(SpfTree(root, walk.nodes), [domain, *walk.nodes])
    services = _services(SpfTree(root, walk.nodes))
    tree = SpfTree(root, walk.nodes, tuple(left_out), services)
    return SpfHosts(tree, tuple(hosts), max(0, walk.terms - MAX_TERMS))


class _Walk(Slotted):
    """A tree that grows level by level, and how many terms that name hosts were come to."""

    resolver: Resolver
    root: SpfRecord
    nodes: dict[str, SpfNode] = field(default_factory=dict)
    terms: int = 0

    async def follow(self, owners: list[str], levels: int) -> list[NamedHosts]:
        """The hosts that the records of these owners name, then those of all that they lead to."""
        tree = SpfTree(self.root, self.nodes)
        wanted = _wanted(tree, owners)[: MAX_NAMES - len(self.nodes)] if levels else []
        hosts = self._hosts(tree, owners)
        own, deeper = await together((partial(together, hosts), partial(self._descend, wanted, levels)))
        return [*own, *deeper]

    async def _descend(self, names: list[str], levels: int) -> list[NamedHosts]:
        if not names:
            return []
        for node in await together(partial(_learn_node, self.resolver, name) for name in names):
            self.nodes[node.name] = node
        return await self.follow(names, levels - 1)

    def _hosts(self, tree: SpfTree, owners: Iterable[str]) -> list[Callable[[], Coroutine[Any, Any, NamedHosts]]]:
        """What looks up the hosts of each term, as far as the bound allows."""
        found = [named for owner in owners for named in _naming(tree, owner)]
        left = max(0, MAX_TERMS - self.terms)
        self.terms += len(found)
        return [partial(_learn_hosts, self.resolver, *named) for named in found[:left]]


def _naming(tree: SpfTree, owner: str) -> Iterator[tuple[str, Mechanism, str]]:
    """The terms ``a`` and ``mx`` that a sender may come to in the owner's record, each with the name it asks for."""
    record = tree.record_of(owner)
    for term in record.reached if record else ():
        target = tree.target(owner, term) if term.name in {"a", "mx"} else ""
        if target and is_well_formed(target):
            yield owner, term, target


def _services(tree: SpfTree) -> dict[str, SpfService]:
    """Whose names the terms name, where that is known."""
    records = (tree.record_of(owner) for owner in tree.reached)
    names = {fixed_name(term) for record in records if record for term in looking_up(record)}
    return {name: service for name in names if (service := service_at(name))}


def _wanted(tree: SpfTree, owners: Iterable[str]) -> list[str]:
    """The names that the records of these owners lead to and that are not there yet."""
    targets = dict.fromkeys(target for owner in owners for _, target in tree.branches(owner))
    known = {tree.root.domain, *tree.nodes}
    return [name for name in targets if name not in known and is_well_formed(name)]


async def _learn_node(resolver: Resolver, name: str) -> SpfNode:
    lookup = await look_up(resolver, name, "TXT")
    texts = [text for record in lookup.answer.records if is_spf(text := text_of(record.data))]
    return SpfNode(name, lookup, len(texts), parse_spf(texts[0]) if len(texts) == 1 else None)


async def _learn_hosts(resolver: Resolver, owner: str, term: Mechanism, target: str) -> NamedHosts:
    mx: Lookup | None = None
    names = [target]
    if term.name == "mx":
        mx = await look_up(resolver, target, "MX")
        exchanges = [record.data.rpartition(" ")[2].removesuffix(".").lower() for record in mx.answer.records]
        names = [name for name in dict.fromkeys(sorted(exchanges)) if is_well_formed(name)][:MAX_HOSTS]
    addresses = await together(partial(look_up, resolver, name, rdtype) for name in names for rdtype in ("A", "AAAA"))
    return NamedHosts(owner, term, target, mx, tuple(addresses))


async def learn_sender_tests(domain: str, clients: Clients, expected: Expectations) -> SenderTests | Absent:
    """What a receiver makes of each expected sender; Absent where none is named."""
    if not expected.senders:
        return not_applicable("no sending address is given: --ip names one")
    tests = await together(
        partial(_test_sender, clients, _client(domain, clients, expected, ip)) for ip in expected.senders
    )
    return SenderTests(tuple(tests))


def _client(domain: str, clients: Clients, expected: Expectations, address: Address) -> Client:
    mail_from = expected.mail_from or f"postmaster@{domain}"
    return Client(address, mail_from, expected.helo, timestamp=int(clients.now.moment.timestamp()))


async def _test_sender(clients: Clients, client: Client) -> SenderTest:
    from deliverkit.clients.second_opinion import second_opinion

    resolver = clients.resolver
    evaluation = await evaluate(resolver, partial(check_host, client))
    helo = Client(client.address, "", client.helo)
    return SenderTest(
        client,
        evaluation,
        await evaluate(resolver, partial(check_host, helo)) if client.helo else None,
        await evaluate(resolver, partial(second_opinion, client, evaluation.result)),
    )


async def evaluate(resolver: Resolver, work: Callable[[Answers], T]) -> T:
    """What the evaluation gives, begun again with each round of answers until nothing is missing."""
    known: dict[tuple[str, str], Answer] = {}

    def answer(name: str, rdtype: str) -> Answer:
        if (name, rdtype) not in known:
            raise NeedsAnswer([(name, rdtype)])
        return known[name, rdtype]

    for _ in range(MAX_EVALUATIONS):
        try:
            return work(answer)
        except NeedsAnswer as needs:
            questions = tuple(dict.fromkeys(needs.questions))
        answers = await together(partial(resolver.query, name, rdtype) for name, rdtype in questions)
        known.update(zip(questions, answers, strict=True))
    return work(lambda name, rdtype: known.get((name, rdtype), Answer(name, rdtype, Status.UNASKED)))
