"""The networks that an SPF record permits with all that it leads to: who says so, and which lie within others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from ipaddress import ip_network

from deliverkit.classes import Frozen, Slotted, field
from deliverkit.facts import addresses_of
from deliverkit.facts.spf import FOLLOWED, STATIC, NamedHosts, SpfHosts
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.standards.addresses import Network
from deliverkit.standards.spf.asking import MAX_MX
from deliverkit.standards.spf.parse import Mechanism, Record, Term

Networks = tuple[Network, ...]


class Permitted(Frozen):
    """A network that the tree permits, and the term and record that say so."""

    network: Network
    owner: str
    term: Term


class Overlap(Frozen):
    """A network that lies within another one that is permitted, too, or is it once more."""

    inner: Permitted
    outer: Permitted


def permitted(hosts: SpfHosts) -> tuple[Permitted, ...]:
    """The networks that the tree's terms permit with a pass, each once, in the order of the records."""
    found: dict[Network, Permitted] = {}
    for one in _permitted(hosts):
        found.setdefault(one.network, one)
    return tuple(found.values())


def overlaps(hosts: SpfHosts) -> tuple[Overlap, ...]:
    """The networks that lie within others, each with the smallest that holds it, in the order of the records."""
    every = list(_permitted(hosts))
    order = sorted(range(len(every)), key=lambda n: (_place(every[n].network), n))
    found: list[tuple[int, Overlap]] = []
    holders: list[Permitted] = []  # each lies within the one before it
    for number in order:
        one = every[number]
        while holders and not holds(holders[-1].network, one.network):
            holders.pop()
        if holders:
            found.append((number, Overlap(one, holders[-1])))
        if not holders or holders[-1].network != one.network:
            holders.append(one)
    return tuple(overlap for _, overlap in sorted(found, key=lambda pair: pair[0]))


def depending(hosts: SpfHosts) -> tuple[tuple[str, Term], ...]:
    """The terms, each with its owner, of which it depends on the sender whom they permit."""
    tree = hosts.tree
    return tuple(
        (owner, term)
        for owner in tree.reached
        for record in (tree.record_of(owner),)
        for term in (record.reached if record else ())
        if _depends(term) and term.qualifier == "+"
    )


def networks_of(hosts: SpfHosts, owner: str, terms: Iterable[Mechanism]) -> dict[Mechanism, Networks | Absent]:
    """All networks for which each of these terms of a record matches; Absent where they cannot be named whole."""
    gathering = _Gathering(hosts)
    return {term: gathering.term(owner, term, frozenset({owner})) for term in terms}


def holds(outer: Network, inner: Network) -> bool:
    """Whether all addresses of the one are the other's, too."""
    if outer.version != inner.version or outer.prefixlen > inner.prefixlen:
        return False
    shift = outer.max_prefixlen - outer.prefixlen
    return int(outer.network_address) >> shift == int(inner.network_address) >> shift


class _Gathering(Slotted):
    """The networks of records and terms, each record's once."""

    hosts: SpfHosts
    known: dict[str, Networks | Absent] = field(default_factory=dict)

    def term(self, owner: str, term: Term, above: frozenset[str]) -> Networks | Absent:
        """The networks of one term."""
        if isinstance(term, Mechanism) and term.network is not None:
            return (term.network,)
        if term.name in FOLLOWED:
            target = self.hosts.tree.target(owner, term)
            return self.record(target, above) if target else _by_sender(owner, term)
        if isinstance(term, Mechanism) and term.name in {"a", "mx"} and not _depends(term):
            return _whole(owner, term, self.hosts.of(owner, term))
        return _by_sender(owner, term)

    def record(self, name: str, above: frozenset[str]) -> Networks | Absent:
        """The networks that the record of a name gives a pass."""
        if name in above:
            return not_applicable(f"the records lead back to {name}")
        if name not in self.known:
            self.known[name] = self._record(name, above | {name})
        return self.known[name]

    def _record(self, name: str, above: frozenset[str]) -> Networks | Absent:
        record = self._usable(name)
        if isinstance(record, Absent):
            return record
        found: dict[Network, None] = {}
        terms: list[Term] = [term for term in record.reached if term is not record.all]
        terms += [record.redirect] if record.redirect else []
        for term in terms:
            if isinstance(term, Mechanism) and term.qualifier != "+":
                return not_applicable(f"{term.text} in the record of {name} takes senders out")
            networks = self.term(name, term, above)
            if isinstance(networks, Absent):
                return networks
            found.update(dict.fromkeys(networks))
        return tuple(found)

    def _usable(self, name: str) -> Record | Absent:
        """The record of a name, where it is one that permits some and not all."""
        node = self.hosts.tree.nodes.get(name)
        if node is None:
            return unknown(f"{name} was not looked up")
        if node.lookup.failure:
            return unknown(node.lookup.failure)
        if node.record is None or node.record.faults:
            return not_applicable(f"{name} has no record that can be used")
        if node.record.all and node.record.all.qualifier == "+":
            return not_applicable(f"{name} permits everybody")
        return node.record


def _permitted(hosts: SpfHosts) -> Iterator[Permitted]:
    """Every network of every term, as often as it is named."""
    for owner in hosts.tree.reached:
        record = hosts.tree.record_of(owner)
        for term in record.reached if record else ():
            networks = (term.network,) if term.network else _networks(hosts.of(owner, term))
            for network in networks if term.qualifier == "+" else ():
                yield Permitted(network, owner, term)


def _networks(named: NamedHosts | None) -> Networks:
    """The addresses of the hosts, with the prefix lengths behind the term."""
    if named is None:
        return ()
    lengths = {4: named.term.ipv4_length, 6: named.term.ipv6_length}
    addresses = [address for lookup in named.addresses for address, _ in addresses_of(lookup)]
    return tuple(ip_network((address, lengths[address.version]), strict=False) for address in addresses)


def _whole(owner: str, term: Mechanism, named: NamedHosts | None) -> Networks | Absent:
    """The networks of a term a or mx, where all its hosts are known."""
    if named is None:
        return unknown(f"{term.text} in the record of {owner} was not looked up")
    if named.failures:
        return unknown(named.failures[0])
    if named.mx is not None and len(named.mx.answer.records) > MAX_MX:
        return not_applicable(f"{term.text} in the record of {owner} leads to more than {MAX_MX} exchangers")
    return _networks(named)


def _depends(term: Mechanism) -> bool:
    """Whether it depends on the sender what a mechanism asks for, or matches."""
    return term.name in {"exists", "ptr"} or (term.domain is not None and not term.domain.letters <= STATIC)


def _by_sender(owner: str, term: Term) -> Absent:
    return not_applicable(f"{term.text} in the record of {owner} depends on the sender")


def _place(network: Network) -> tuple[int, int, int]:
    return network.version, int(network.network_address), network.prefixlen
