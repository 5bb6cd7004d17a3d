"""SPF004's fix: the record that permits the same senders with ten lookups at most, or why there is none."""

from __future__ import annotations

from dataclasses import replace
from ipaddress import ip_address
from random import Random
from unittest.mock import patch

import pytest

from deliverkit.checks.spf.too_many_lookups import too_many_lookups
from deliverkit.facts.spf import SpfHosts, SpfTree
from deliverkit.knowledge.spf_services import service_at
from deliverkit.model import Fix
from deliverkit.observations import Answer, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of, strings_of, text_of
from tests.building import DOMAIN, finding, fix_of, lookup
from tests.spf_building import NOW, hosts_of, spf_node, spf_tree

NINE = " ".join(f"include:n{number}.example" for number in range(9))
NODES = [spf_node(f"n{number}.example", f"v=spf1 ip4:11.{number}.0.0/24 -all") for number in range(9)]


def proposed(tree: SpfTree, **addresses: str) -> Fix:
    return fix_of(finding(too_many_lookups, hosts_of(tree, **addresses), NOW))


def text(fix: Fix) -> str:
    [line] = fix.add
    return text_of(line.data)


def with_services(tree: SpfTree) -> SpfTree:
    services = {name: found for name in tree.reached if (found := service_at(name))}
    return replace(tree, services=services)


def test_what_other_terms_permit_is_removed_first() -> None:
    record = f"v=spf1 mx {NINE} include:n0.example ~all"
    fix = proposed(spf_tree(record, *NODES), good_example="11.3.0.9")
    assert fix.action == "remove include:n0.example: whom it permits, other terms permit, too (as of 2026-11-22)"
    assert text(fix) == f"v=spf1 mx {NINE} ~all"
    assert fix.remove == (f'good.example.  3600  IN  TXT  "{record}"',)
    assert fix.labels == "@ for good.example"


def test_two_terms_that_others_permit_are_removed_together() -> None:
    fix = proposed(spf_tree(f"v=spf1 mx a {NINE} include:n0.example ~all", *NODES), good_example="11.3.0.9")
    assert fix.action.startswith("remove include:n0.example and a: whom they permit, other terms permit, too")
    assert text(fix) == f"v=spf1 mx {NINE} ~all"


def test_the_networks_of_the_fewest_includes_take_their_places() -> None:
    big = spf_node("big.example", "v=spf1 include:a.example include:b.example ~all")
    parts = [spf_node("a.example", "v=spf1 ip4:12.0.0.0/25 ip4:12.0.0.128/25 ~all"),
             spf_node("b.example", "v=spf1 ip6:2a11:db8::1 ip4:13.0.0.9 ~all")]  # fmt: skip
    fix = proposed(spf_tree(f"v=spf1 include:big.example {NINE} -all", big, *parts, *NODES))
    assert text(fix) == f"v=spf1 ip4:12.0.0.0/24 ip4:13.0.0.9 ip6:2a11:db8::1 {NINE} -all"
    assert fix.action.startswith("save 2 lookups: ")
    assert "the networks of include:big.example (owner: not known) as of 2026-11-22" in fix.action
    assert "it breaks when the provider moves" in fix.action
    assert "ip4 and ip6" not in fix.action  # there is no a and no mx


def test_owners_are_named_and_what_is_seldom_needed() -> None:
    tree = spf_tree(
        "v=spf1 include:sendgrid.net include:mailgun.org a:%{i}.x.example ~all",
        spf_node("sendgrid.net", f"v=spf1 {' '.join(['exists:%{i}.sendgrid.net'] * 5)} ~all"),
        spf_node("mailgun.org", f"v=spf1 {' '.join(['a:h.mailgun.org'] * 3)} ~all"),
    )
    fix = proposed(with_services(tree), h_mailgun_org="11.70.0.1")
    assert (
        "what costs most: include:sendgrid.net (SendGrid, 6 lookups), include:mailgun.org (Mailgun, 4 l" in fix.action
    )
    assert "SendGrid has a MAIL FROM domain of its own by default, and SPF is judged by that: its include" in fix.action
    assert "include:mailgun.org (owner: Mailgun) as of 2026-11-22; it breaks when the provider moves" in fix.action
    assert text(fix) == "v=spf1 include:sendgrid.net ip4:11.70.0.1 a:%{i}.x.example ~all"
    assert fix.action.startswith("save 1 lookup: ")


@pytest.mark.parametrize(
    ("nested", "why"),
    [
        ("v=spf1 exists:%{i}.a.example -all", "depends on the sender"),
        (f"v=spf1 a:h.example {' '.join(f'ip4:12.0.{n}.9' for n in range(99))} -all", "it would have 1,"),
    ],
)
def test_where_no_record_is_proposed_it_says_why(nested: str, why: str) -> None:
    tree = spf_tree("v=spf1 include:a.example a a a a a a a a a -all", spf_node("a.example", nested))
    fix = proposed(tree, h_example="11.0.0.1")
    assert (fix.add, fix.remove) == ((), ())
    assert "No record with networks in the place of includes is proposed: " in fix.action
    assert why in fix.action


def test_a_tree_that_could_not_be_fetched_whole_is_never_written_out() -> None:
    nodes = [spf_node("a.example", "v=spf1 include:b.example ip4:12.0.0.1 -all"),
             spf_node("b.example", status=Status.TIMEOUT)]  # fmt: skip
    tree = spf_tree("v=spf1 include:a.example a a a a a a a a a -all", *nodes)
    fix = proposed(tree)
    assert fix.add == ()
    assert "b.example TXT: TIMEOUT" in fix.action


def test_a_long_record_is_split_at_255() -> None:
    parts = " ".join(f"ip4:12.{number}.0.0/24" for number in range(10))
    nodes = [spf_node("a.example", f"v=spf1 include:b.example {parts} -all"), spf_node("b.example", "v=spf1 -all")]
    others = " ".join(f"exists:%{{i}}.h{number}.example" for number in range(9))
    fix = proposed(spf_tree(f"v=spf1 include:a.example {others} -all", *nodes))
    assert text(fix) == f"v=spf1 {parts} {others} -all"
    first, second = strings_of(fix.add[0].data)
    assert (len(first), len(first + second)) == (255, len(text(fix)))


def random_tree(random: Random) -> SpfHosts:
    """A record of more than ten lookups with includes of includes, hosts, and terms that take senders out."""
    names = [f"n{number}.example" for number in range(6)]

    def term(level: int) -> str:
        network = f"ip4:11.0.{random.randrange(4)}.{random.choice(['0/24', '0/25', '128/25', '7', '200'])}"
        kinds = [network, network, f"a:h{random.randrange(3)}.example"]
        kinds += [f"include:{random.choice(names[level:])}"] if level < len(names) else []
        sign = random.choice(["", "", "", "", "", "", "-", "?"])
        return f"{sign}{random.choice(kinds)}"

    nodes = [
        spf_node(name, f"v=spf1 {' '.join(term(level + 1) for _ in range(random.randrange(1, 4)))} ~all")
        for level, name in enumerate(names)
    ]
    own = " ".join([*(term(0) for _ in range(8)), *(f"include:{name}" for name in random.sample(names, 4))])
    addresses = {f"h{number}_example": f"11.0.{number}.{random.choice([7, 9, 200])}" for number in range(3)}
    return hosts_of(spf_tree(f"v=spf1 {own} -all", *nodes), **addresses)


def results(hosts: SpfHosts, record: str) -> list[str]:
    """What every tenth address of the networks above gets, however many lookups that takes."""
    known = {(DOMAIN, "TXT"): lookup(DOMAIN, "TXT", data_of(record)).answer}
    known |= {(name, "TXT"): node.lookup.answer for name, node in hosts.tree.nodes.items()}
    known |= {(one.answer.name, one.answer.rdtype): one.answer for found in hosts.hosts for one in found.addresses}

    def answers(name: str, rdtype: str) -> Answer:
        return known.get((name, rdtype), Answer(name, rdtype, Status.NXDOMAIN))

    clients = [
        Client(ip_address(f"11.0.{n}.{m}"), f"ada@{DOMAIN}") for n in range(4) for m in (7, 9, 100, 199, 200, 250)
    ]
    with patch("deliverkit.standards.spf.asking.MAX_LOOKUPS", 10**6):
        return [str(check_host(client, answers).result) for client in clients]


def test_the_record_that_is_proposed_permits_the_same_senders() -> None:
    random, seen = Random(7208), 0  # noqa: S311 - records, not secrets
    while seen < 120:
        hosts = random_tree(random)
        record = hosts.tree.root.record
        if hosts.tree.cost(DOMAIN) <= 10 or "permerror" in results(hosts, record.text):
            continue
        fix = fix_of(finding(too_many_lookups, hosts, NOW))
        if fix.add:
            seen += 1
            assert results(hosts, text(fix)) == results(hosts, record.text), (record.text, text(fix))
            costs = spf_tree(text(fix), *hosts.tree.nodes.values()).cost(DOMAIN)
            assert costs <= 10
            assert len(text(fix)) <= 450
