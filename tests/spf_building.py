"""Facts about SPF built by hand, in the shape that the probes give them."""

from __future__ import annotations

from datetime import UTC, datetime
from ipaddress import ip_address

from deliverkit.facts.spf import (
    NamedHosts,
    SenderTest,
    SenderTests,
    SpfHosts,
    SpfLookup,
    SpfNode,
    SpfRecord,
    SpfSet,
    SpfTree,
    TxtRecord,
    target_of,
)
from deliverkit.observations import Answer, Instant, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.spf.parse import is_spf, parse_spf
from deliverkit.standards.txt import data_of, text_of
from tests.building import DOMAIN, lookup

NOW = Instant(datetime(2026, 11, 22, tzinfo=UTC))


def spf_lookup(*texts: str, status: Status = Status.NODATA) -> SpfLookup:
    """The question for the domain's TXT records."""
    return SpfLookup(DOMAIN, lookup(DOMAIN, "TXT", *map(data_of, texts), status=status), DOMAIN)


def spf_set(*texts: str, domain: str = DOMAIN, zone: str | None = DOMAIN) -> SpfSet:
    """The TXT records of a domain, by their texts."""
    answer = lookup(domain, "TXT", *map(data_of, texts)).answer
    found = [TxtRecord(record, text_of(record.data)) for record in answer.records]
    return SpfSet(
        domain,
        zone,
        answer,
        tuple(one for one in found if is_spf(one.text)),
        tuple(one for one in found if not is_spf(one.text)),
    )


def spf_record(text: str) -> SpfRecord:
    """The domain's one record."""
    found = spf_set(text)
    return SpfRecord(found, found.records[0].source, parse_spf(text))


def spf_node(name: str, *texts: str, status: Status = Status.NODATA) -> SpfNode:
    """A name that the record leads to, with its SPF records."""
    record = parse_spf(texts[0]) if len(texts) == 1 else None
    return SpfNode(name, lookup(name, "TXT", *map(data_of, texts), status=status), len(texts), record)


def spf_tree(text: str, *nodes: SpfNode) -> SpfTree:
    """The domain's record with the names that it leads to."""
    return SpfTree(spf_record(text), {node.name: node for node in nodes})


def hosts_of(tree: SpfTree, **addresses: str) -> SpfHosts:
    """The terms a and mx of a whole tree with their hosts: names with underscores for dots, and the address of each."""
    hosts = []
    for owner in tree.reached:
        record = tree.record_of(owner)
        for term in record.reached if record else ():
            target = target_of(term, owner, tree.root.domain)
            data = addresses.get(target.replace(".", "_"))
            if term.name in {"a", "mx"} and data is not None:
                mx = lookup(target, "MX", f"10 {target}.") if term.name == "mx" else None
                hosts.append(NamedHosts(owner, term, target, mx, (lookup(target, "A", data), lookup(target, "AAAA"))))
    return SpfHosts(tree, tuple(hosts))


def spf_hosts(text: str, *void: str) -> SpfHosts:
    """The terms a and mx of a record, each with an address but for the void targets."""
    tree = spf_tree(text)
    hosts = []
    for term in tree.root.record.reached:
        target = target_of(term, DOMAIN, DOMAIN)
        if term.name == "a":
            data = () if target in void else ("11.0.1.25",)
            hosts.append(NamedHosts(DOMAIN, term, target, None, (lookup(target, "A", *data), lookup(target, "AAAA"))))
    return SpfHosts(tree, tuple(hosts))


def senders(text: str, *addresses: str, status: Status = Status.NXDOMAIN) -> SenderTests:
    """What a receiver makes of these addresses, when nothing but the record is known."""
    answer = lookup(DOMAIN, "TXT", data_of(text)).answer

    def known(name: str, rdtype: str) -> Answer:
        return answer if (name, rdtype) == (DOMAIN, "TXT") else Answer(name, rdtype, status)

    clients = [Client(ip_address(text), f"ada@{DOMAIN}") for text in addresses]
    return SenderTests(tuple(SenderTest(client, check_host(client, known)) for client in clients))
