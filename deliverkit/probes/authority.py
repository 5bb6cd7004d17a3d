"""What each authoritative server of the domain's zone says, and what other resolvers say.

The servers are those that the parent's delegation names and those that the zone itself names. The chain is the
parent zone, its servers, the delegation, the servers' addresses, the servers' words.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from ipaddress import ip_address
from itertools import chain

from deliverkit.clients import Clients
from deliverkit.clients.trace import together
from deliverkit.facts import Expectations, Lookup, MxLookup
from deliverkit.facts.authority import Compared, NameServer, ResolverWord, ServerWord, ZoneServers
from deliverkit.model import Absent, not_applicable, unknown
from deliverkit.observations import Answer, Place, Resolver, ResourceRecord, Status
from deliverkit.probes.looking_up import look_up
from deliverkit.standards.addresses import unroutable_kind
from deliverkit.standards.names import is_within

MAX_SERVERS = 13
MAX_ADDRESSES = 20  # of all the servers together
PARENT_ADDRESSES = 2  # that are asked for the delegation, of each version of IP


APEX = 1  # the place of the zone's NS records among the questions


def questions_of(domain: str, zone: str) -> tuple[tuple[str, str], ...]:
    """What is compared: the zone's SOA record first, then what mail needs."""
    return (
        (zone, "SOA"),
        (zone, "NS"),
        *mail_questions_of(domain),
    )


def mail_questions_of(domain: str) -> tuple[tuple[str, str], ...]:
    """The records of a domain that mail needs."""
    return (
        (domain, "MX"),
        (domain, "TXT"),
        (f"_dmarc.{domain}", "TXT"),
        (f"_mta-sts.{domain}", "TXT"),
        (f"_smtp._tls.{domain}", "TXT"),
    )


async def learn_zone_servers(
    domain: str, clients: Clients, found: MxLookup, expected: Expectations
) -> ZoneServers | Absent:
    """The servers of the domain's zone, each asked itself; Absent where it is not known which zone that is."""
    if found.resolver_fails:
        return unknown(found.failure)
    resolver = clients.resolver
    referrals = await _find_delegation(resolver, found.zone or domain, expected)
    delegation = next((answer for answer in referrals if _delegates(answer, domain, found.zone)), None)
    zone = found.zone or (delegation.referral[0].name if delegation else None)
    if zone is None:
        return _without_zone(domain, referrals)
    questions = questions_of(domain, zone)
    seen = await together(partial(look_up, resolver, name, rdtype) for name, rdtype in questions)
    servers = await _learn_servers(resolver, delegation, seen[APEX], expected)
    places = [(server.host, address) for server in servers for address in server.addresses]
    words = await together(
        partial(_learn_word, resolver, host, address, questions) for host, address in places[:MAX_ADDRESSES]
    )
    return ZoneServers(
        domain=domain,
        zone=zone,
        delegation=delegation or _why_no_delegation(zone, referrals),
        apex=seen[APEX],
        servers=tuple(servers),
        words=tuple(_with_reachability(words, referrals)),
        seen=tuple(seen),
        left_out=max(0, len(places) - MAX_ADDRESSES),
    )


async def learn_compared(domain: str, clients: Clients) -> Compared:
    """What the resolvers that are to be compared answer, and the run's own first."""
    questions = mail_questions_of(domain)
    places = [Place(), *(Place(server) for server in clients.compared)]
    answers = await together(
        partial(clients.resolver.query, name, rdtype, at=place) for place in places for name, rdtype in questions
    )
    rows = [tuple(answers[start : start + len(questions)]) for start in range(0, len(answers), len(questions))]
    names = [next((answer.server for answer in rows[0] if answer.server), "the resolver"), *clients.compared]
    return Compared(domain, tuple(map(ResolverWord, names, rows)))


async def _find_delegation(resolver: Resolver, name: str, expected: Expectations) -> list[Answer]:
    """What the servers of the zone above answer when asked who serves the name: the apex of a zone, or the domain.

    Of the names above, the nearest one for which the resolver has an answer is in that zone: where the resolver could
    not tell the domain's zone, it is the servers of this that fail.
    """
    above = _parent(name)
    parent = (await resolver.query(above, "SOA")).zone
    while parent is None and above != ".":
        above = _parent(above)
        parent = (await resolver.query(above, "SOA")).zone
    if parent is None:
        return []
    hosts = [record.data.removesuffix(".").lower() for record in (await resolver.query(parent, "NS")).records]
    lookups = await _look_up_addresses(resolver, hosts[:PARENT_ADDRESSES])
    found = _open_to_us(chain.from_iterable(map(_addresses, lookups)), expected)
    places = [Place(address, recursive=False) for version in (4, 6) for address in _some(found, version)]
    return await together(partial(resolver.query, name, "NS", at=place) for place in places)


def _some(addresses: Iterable[str], version: int) -> list[str]:
    of_version = sorted({address for address in addresses if ip_address(address).version == version})
    return of_version[:PARENT_ADDRESSES]


def _parent(name: str) -> str:
    return name.partition(".")[2] or "."


def _delegates(answer: Answer, domain: str, zone: str | None) -> bool:
    """Whether it is a referral to the zone, or where that is not known to one that holds the domain."""
    names = {record.name for record in answer.referral if record.rdtype == "NS"}
    if answer.status is not Status.REFERRAL or len(names) != 1:
        return False
    [owner] = names
    return owner == zone if zone else is_within(domain, owner)


def _why_no_delegation(zone: str, referrals: Iterable[Answer]) -> Absent:
    if any(answer.authoritative and answer.records for answer in referrals):
        return not_applicable(f"the servers of the zone above serve {zone} too")
    return unknown(f"no server of the zone above {zone} says who serves it")


def _without_zone(domain: str, referrals: list[Answer]) -> Absent:
    if any(answer.status is Status.NXDOMAIN and answer.authoritative for answer in referrals):
        return not_applicable(f"{domain} does not exist")
    return unknown(f"it could not be found out which zone holds {domain}")


async def _learn_servers(
    resolver: Resolver, delegation: Answer | None, apex: Lookup, expected: Expectations
) -> list[NameServer]:
    """The servers that parent or zone name, with their addresses: those in the DNS, else those of the referral."""
    referral = delegation.referral if delegation else ()
    in_parent, in_zone = _names(referral), _names(apex.answer.records)
    hosts = sorted({*in_parent, *in_zone})[:MAX_SERVERS]
    lookups = await _look_up_addresses(resolver, hosts)
    servers = []
    for host, found in zip(hosts, lookups, strict=True):
        addresses = _addresses(found) or _glue(referral, host)
        asked = _open_to_us(addresses, expected)
        shut = tuple(address for address in addresses if address not in asked)
        servers.append(NameServer(host, host in in_parent, host in in_zone, found, asked, shut))
    return servers


def _open_to_us(addresses: Iterable[str], expected: Expectations) -> tuple[str, ...]:
    """The addresses that may be asked: no zone makes this machine ask inside its own network."""
    return tuple(a for a in addresses if expected.private_addresses or unroutable_kind(ip_address(a)) is None)


async def _look_up_addresses(resolver: Resolver, hosts: list[str]) -> list[tuple[Lookup, ...]]:
    found = await together(partial(look_up, resolver, host, rdtype) for host in hosts for rdtype in ("A", "AAAA"))
    return list(zip(found[::2], found[1::2], strict=True))


def _names(records: Iterable[ResourceRecord]) -> set[str]:
    return {record.data.removesuffix(".").lower() for record in records if record.rdtype == "NS"}


def _addresses(lookups: Iterable[Lookup]) -> tuple[str, ...]:
    return tuple(sorted(record.data for lookup in lookups for record in lookup.answer.records))


def _glue(referral: Iterable[ResourceRecord], host: str) -> tuple[str, ...]:
    return tuple(record.data for record in referral if record.name == host and record.rdtype in {"A", "AAAA"})


async def _learn_word(resolver: Resolver, host: str, address: str, questions: Iterable[tuple[str, str]]) -> ServerWord:
    place = Place(address, recursive=False)
    answers = await together(partial(resolver.query, name, rdtype, at=place) for name, rdtype in questions)
    return ServerWord(host, address, tuple(answers))


def _with_reachability(words: Iterable[ServerWord], referrals: Iterable[Answer]) -> list[ServerWord]:
    """The words, with whether this machine reaches any server over that version of IP: the control before the blame."""
    silent = {Status.TIMEOUT, Status.UNREACHABLE}
    answered = {answer.at.server for answer in referrals if answer.status not in silent}
    answered |= {word.address for word in words if not word.is_silent}
    versions = {ip_address(address).version for address in answered}
    return [
        ServerWord(word.host, word.address, word.answers, is_reachable=ip_address(word.address).version in versions)
        for word in words
    ]
