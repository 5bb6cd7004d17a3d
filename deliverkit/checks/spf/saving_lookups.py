"""How a record comes back under ten lookups: without what is permitted twice, else with a provider's networks in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from ipaddress import IPv4Network, IPv6Network, collapse_addresses
from itertools import combinations

from deliverkit.checks.spf.wording import LONGEST, amended, owner_phrase, without
from deliverkit.checks.wording import count, joined
from deliverkit.facts.spf import SpfHosts, SpfTree, looking_up
from deliverkit.facts.spf_networks import Networks, holds, networks_of
from deliverkit.model import Absent, Fix
from deliverkit.standards.addresses import Network
from deliverkit.standards.spf.asking import MAX_LOOKUPS
from deliverkit.standards.spf.parse import Mechanism

_CANDIDATES = 12  # terms that are weighed
_TOGETHER = 3  # includes that are written out in one record
_NETWORKS = 1000  # that are compared with each other


def saving(hosts: SpfHosts, today: date) -> Fix:
    """What to do, with the record that permits the same senders and costs ten lookups at most, where there is one."""
    tree = hosts.tree
    over = tree.cost(tree.root.domain) - MAX_LOOKUPS
    if tree.root.record.faults:
        return Fix(_advice(tree, over))
    known = networks_of(hosts, tree.root.domain, tree.root.record.reached)
    spare = _spare(tree, known, over)
    if spare:
        whom = "it permits" if len(spare) == 1 else "they permit"
        names = joined([term.text for term in spare])
        return without(tree.root, spare, f"remove {names}: whom {whom}, other terms permit, too (as of {today})")
    flattened = _flattened(tree, known, over)
    if isinstance(flattened, str):
        return Fix(f"{_advice(tree, over)}. {flattened}")
    text = _written_out(tree, {term: _words(tree, term, known) for term in flattened})
    return amended(tree.root, text, f"{_advice(tree, over)}. {_warning(tree, flattened, today)}")


def _lookups(number: int) -> str:
    return count(number, "lookup") if number < 1000 else "more than 1000 lookups"


def _advice(tree: SpfTree, over: int) -> str:
    """What is better than any record that we can propose."""
    costs = [(tree.term_cost(tree.root.domain, term), term) for term in looking_up(tree.root.record)]
    dearest = sorted(costs, key=lambda pair: -pair[0])[:3]
    names = [f"{term.text} ({owner_phrase(tree, term, '', ', ')}{_lookups(cost)})" for cost, term in dearest]
    has_hosts = any(term.name in {"a", "mx"} for _, term in costs)
    own = "write hosts of your own as ip4 and ip6, " if has_hosts else ""
    return (
        f"save {_lookups(over)}: remove the services that no longer send, {own}move a service to a subdomain of its "
        f"own; what costs most: {joined(names)}{_seldom_needed(tree)}"
    )


def _seldom_needed(tree: SpfTree) -> str:
    """The services whose mail SPF judges by a domain of theirs."""
    services = (tree.service(term) for term in looking_up(tree.root.record))
    names = list(dict.fromkeys(service.name for service in services if service and service.has_own_return_path))
    if not names:
        return ""
    if len(names) == 1:
        has, include = "has a MAIL FROM domain of its own", "its include is"
    else:
        has, include = "have MAIL FROM domains of their own", "their includes are"
    return f". {joined(names)} {has} by default, and SPF is judged by that: {include} seldom needed here"


def _warning(tree: SpfTree, terms: Sequence[Mechanism], today: date) -> str:
    """Whose networks the record names, since when, and what becomes of it."""
    owners = joined([f"{term.text} (owner: {owner_phrase(tree, term, 'not known')})" for term in terms])
    return (
        f"If all must stay: the record below names the networks of {owners} as of {today}; it breaks when the provider "
        "moves, so note owner and date, and look again every month"
    )


def _spare(tree: SpfTree, known: Mapping[Mechanism, Networks | Absent], over: int) -> list[Mechanism]:
    """Terms that permit nobody whom others do not permit, with which that many lookups are saved; else none."""
    record, domain = tree.root.record, tree.root.domain
    terms = [term for term in record.reached if term is not record.all]
    networks = {term: found for term in terms if not isinstance(found := known[term], Absent)}
    if any(term.qualifier != "+" for term in terms) or sum(map(len, networks.values())) > _NETWORKS:
        return []  # where terms take senders out, the order matters
    spare: list[Mechanism] = []
    costs = {term: tree.term_cost(domain, term) for term in networks}
    for term in sorted(networks, key=lambda term: (-costs[term], -term.span.start))[:_CANDIDATES]:
        others = [n for other, found in networks.items() if other is not term and other not in spare for n in found]
        if costs[term] and over > 0 and _merged([*others, *networks[term]]) == _merged(others):
            spare.append(term)
            over -= costs[term]
    return spare if over <= 0 else []


def _merged(networks: Iterable[Network]) -> list[Network]:
    """The same addresses in the fewest networks."""
    every = list(networks)
    ipv4 = collapse_addresses(network for network in every if isinstance(network, IPv4Network))
    ipv6 = collapse_addresses(network for network in every if isinstance(network, IPv6Network))
    return [*ipv4, *ipv6]


def _flattened(tree: SpfTree, known: Mapping[Mechanism, Networks | Absent], over: int) -> tuple[Mechanism, ...] | str:
    """The fewest includes that save enough with their networks in their places, or why no such record is proposed."""
    domain = tree.root.domain
    includes = [term for term in tree.root.record.reached if term.name == "include"]
    costs = {term: tree.term_cost(domain, term) for term in includes if not isinstance(known[term], Absent)}
    candidates = sorted(costs, key=lambda term: -costs[term])[:_CANDIDATES]
    words = {term: _words(tree, term, known) for term in candidates}
    why = next((found.reason for term in includes if isinstance(found := known[term], Absent)), "")
    for number in range(1, _TOGETHER + 1):
        enough = [terms for terms in combinations(candidates, number) if sum(costs[term] for term in terms) >= over]
        sizes = {terms: len(_written_out(tree, {term: words[term] for term in terms})) for terms in enough}
        if sizes:
            best = min(sizes, key=lambda terms: sizes[terms])
            if sizes[best] <= LONGEST:
                return best
            why = f"it would have {count(sizes[best], 'character')}, and over {LONGEST} an answer may not fit"
            break
    return f"No record with networks in the place of includes is proposed: {why or 'it would not save enough'}"


def _words(tree: SpfTree, term: Mechanism, known: Mapping[Mechanism, Networks | Absent]) -> str:
    """The networks of an include as terms, without those that an earlier term of the record decides on."""
    found = known[term]
    networks = [] if isinstance(found, Absent) else _merged(found)
    if len(networks) <= LONGEST:
        before = [one.network for one in tree.root.record.reached if one.network and one.span.start < term.span.start]
        networks = [network for network in networks if not any(holds(other, network) for other in before[:LONGEST])]
    sign = "" if term.qualifier == "+" else term.qualifier
    return " ".join(f"{sign}{_ip_term(network)}" for network in networks)


def _ip_term(network: Network) -> str:
    shown = str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)
    return f"ip{network.version}:{shown}"


def _written_out(tree: SpfTree, words: Mapping[Mechanism, str]) -> str:
    """The record with other words in the places of these terms."""
    text = tree.root.record.text
    for term in sorted(words, key=lambda term: -term.span.start):
        before, rest = text[: term.span.start], text[term.span.end :]
        text = f"{before}{words[term]}{rest}" if words[term] else f"{before.rstrip(' ')}{rest}"
    return text
