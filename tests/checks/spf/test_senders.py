"""SPF023, SPF025 to SPF027: who does not pass, and through which term nothing can be found out."""

from __future__ import annotations

from collections.abc import Callable
from ipaddress import ip_address

import pytest

from deliverkit.checks.spf.helo_not_permitted import helo_not_permitted
from deliverkit.checks.spf.no_term_for_ipv6 import no_term_for_ipv6
from deliverkit.checks.spf.sender_not_permitted import sender_not_permitted
from deliverkit.checks.spf.spf_lookup_fails import spf_lookup_fails
from deliverkit.facts.spf import NamedHosts, SenderTest, SenderTests, SpfHosts, SpfNode
from deliverkit.model import Outcome
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.txt import data_of
from tests.building import DOMAIN, added, finding, fix_of, judged, lookup
from tests.spf_building import senders, spf_lookup, spf_node, spf_record, spf_set, spf_tree

SIX = "2a11:db8::9"


def told(text: str, *addresses: str, hosts: dict[str, str] | None = None) -> SenderTests:
    """What a receiver makes of these addresses; ``hosts`` are names with their IPv6 address, all others have IPv4."""
    return SenderTests(tuple(sender(text, address, hosts or {}) for address in addresses))


def sender(text: str, address: str, hosts: dict[str, str]) -> SenderTest:
    client = Client(ip_address(address), f"ada@{DOMAIN}")

    def known(name: str, rdtype: str) -> Answer:
        data = {"TXT": data_of(text), "A": "11.0.1.25", "MX": f"10 mx1.{DOMAIN}.", "AAAA": hosts.get(name)}[rdtype]
        records = (ResourceRecord(name, rdtype, 60, data),) if data else ()
        return Answer(name, rdtype, Status.NOERROR if records else Status.NODATA, records)

    return SenderTest(client, check_host(client, known))


@pytest.mark.parametrize(
    ("text", "hosts"),
    [
        ("v=spf1 ip4:11.0.1.25 -all", {}),
        ("v=spf1 ip4:11.0.1.25 a mx ~all", {}),
        ("v=spf1 ip4:11.0.1.25", {}),
    ],
)
def test_a_record_without_a_term_for_ipv6(text: str, hosts: dict[str, str]) -> None:
    tests, rest = told(text, "11.0.1.25", SIX, "2a11:db8::a", hosts=hosts), text.removeprefix("v=spf1 ")
    found = finding(no_term_for_ipv6, tests, spf_record(text))
    assert found.message.endswith(f"has no term for IPv6, so {SIX} and 2a11:db8::a cannot pass")
    line = f'good.example.  3600  IN  TXT  "v=spf1 ip6:{SIX} ip6:2a11:db8::a {rest}"'
    assert added(found) == [("@", line)]
    assert judged(sender_not_permitted, tests, spf_set(text)).outcome is Outcome.PASS  # a fault is told once


@pytest.mark.parametrize(
    ("text", "address", "hosts"),
    [
        ("v=spf1 ip6:2a11:db8:1::/48 -all", SIX, {}),
        ("v=spf1 mx -all", SIX, {f"mx1.{DOMAIN}": "2a11:db8::8"}),
        ("v=spf1 ptr -all", SIX, {}),
        ("v=spf1 ip4:11.0.2.25 -all", "11.0.1.25", {}),
        ("v=spf1 ip4:11.0.2.25 -all", "::ffff:11.0.1.25", {}),  # RFC 7208 §5: that is IPv4
        ("v=spf1 ip4:11.0.2.25 moo -all", SIX, {}),  # permerror
    ],
)
def test_a_sender_that_fails_for_another_reason(text: str, address: str, hosts: dict[str, str]) -> None:
    def known(name: str, rdtype: str) -> Answer:
        if rdtype == "PTR":
            return Answer(name, rdtype, Status.NXDOMAIN)
        data = {"TXT": data_of(text), "MX": f"10 mx1.{DOMAIN}.", "AAAA": hosts.get(name)}[rdtype]
        records = (ResourceRecord(name, rdtype, 60, data),) if data else ()
        return Answer(name, rdtype, Status.NOERROR if records else Status.NODATA, records)

    client = Client(ip_address(address), f"ada@{DOMAIN}")
    tests = SenderTests((SenderTest(client, check_host(client, known)),))
    assert judged(no_term_for_ipv6, tests, spf_record(text)).outcome is Outcome.PASS
    assert judged(sender_not_permitted, tests, spf_set(text)).outcome is Outcome.FAIL


def test_what_another_domain_says_of_its_own_senders_is_no_fault_of_this_one() -> None:
    tests = told("v=spf1 ip4:11.0.1.25 -all", SIX)
    other = spf_set("v=spf1 mx -all", domain="other.example")
    assert judged(sender_not_permitted, tests, other).outcome is Outcome.FAIL


def test_a_sender_is_named_in_front() -> None:
    text = "v=spf1 ip4:11.0.1.25 ip6:2a11:db8:1::/48 -all"
    found = finding(sender_not_permitted, senders(text, "11.0.1.25", SIX), spf_set(text))
    start = 'good.example.  3600  IN  TXT  "v=spf1'
    assert added(found) == [("@", f'{start} ip6:{SIX} ip4:11.0.1.25 ip6:2a11:db8:1::/48 -all"')]


def of_helo(helo: str, addresses: tuple[str, ...], known: Callable[[str, str], Answer]) -> SenderTests:
    clients = [Client(ip_address(address), f"ada@{DOMAIN}", helo) for address in addresses]
    none = [check_host(Client(one.address, "", helo), known) for one in clients]
    return SenderTests(tuple(SenderTest(one, found, found) for one, found in zip(clients, none, strict=True)))


@pytest.mark.parametrize(("helo", "label"), [(f"mx1.{DOMAIN}", "mx1"), ("out.hoster.example", "out.hoster.example.")])
def test_a_helo_name_without_a_record_gets_one(helo: str, label: str) -> None:
    tests = of_helo(helo, ("11.0.1.25", SIX), lambda name, rdtype: Answer(name, rdtype, Status.NODATA))
    found = finding(helo_not_permitted, tests, spf_lookup("v=spf1 -all"))
    assert found.message == f"the HELO name {helo} gets the SPF result none for 11.0.1.25 and {SIX}"
    assert added(found) == [(label, f'{helo}.  3600  IN  TXT  "v=spf1 a -all"')]


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("v=spf1 -all", f"name 11.0.1.25 in the SPF record of mx1.{DOMAIN}, if the machine should send"),
        ("v=spf1 moo", f"mend the SPF record of mx1.{DOMAIN}"),
    ],
)
def test_a_helo_name_with_a_record_gets_no_second_one(text: str, action: str) -> None:
    def known(name: str, rdtype: str) -> Answer:
        return Answer(name, rdtype, Status.NOERROR, (ResourceRecord(name, rdtype, 60, data_of(text)),))

    fix = fix_of(finding(helo_not_permitted, of_helo(f"mx1.{DOMAIN}", ("11.0.1.25",), known), spf_lookup()))
    assert (fix.action, fix.add) == (action, ())


def test_silence_at_a_helo_name_says_nothing() -> None:
    tests = of_helo(f"mx1.{DOMAIN}", (SIX,), lambda name, rdtype: Answer(name, rdtype, Status.TIMEOUT))
    result = judged(helo_not_permitted, tests, spf_lookup())
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"mx1.{DOMAIN}: mx1.{DOMAIN} TXT: TIMEOUT",))


def hosts(text: str, *nodes: SpfNode, status: Status) -> SpfHosts:
    """The record's first term ``a``, with questions that end so."""
    tree = spf_tree(text, *nodes)
    found = [
        NamedHosts(DOMAIN, term, f"mx1.{DOMAIN}", None, (lookup(f"mx1.{DOMAIN}", "A", status=status),))
        for term in tree.root.record.mechanisms
        if term.name == "a"
    ]
    return SpfHosts(tree, tuple(found))


def test_a_host_whose_name_servers_fail_is_named_with_its_term() -> None:
    text = f"v=spf1 ip4:11.0.1.25 a:mx1.{DOMAIN} -all"
    found = finding(spf_lookup_fails, hosts(text, status=Status.SERVFAIL))
    assert found.message.startswith(f"a:mx1.{DOMAIN} cannot be looked up: its name servers fail")
    assert found.evidence[0].note == f"mx1.{DOMAIN} A: SERVFAIL"


def test_a_name_below_an_include_is_named_with_the_record_that_leads_to_it() -> None:
    nodes = spf_node("a.example", "v=spf1 include:b.example"), spf_node("b.example", status=Status.SERVFAIL)
    found = finding(spf_lookup_fails, hosts("v=spf1 include:a.example -all", *nodes, status=Status.NODATA))
    assert found.message.startswith("include:b.example cannot be looked up")
    assert found.evidence[0].note == "in the record of a.example: b.example TXT: SERVFAIL"


def test_silence_is_no_fault_and_names_the_term_through_which_it_was_met() -> None:
    text = f"v=spf1 include:a.example a:mx1.{DOMAIN} -all"
    found = judged(spf_lookup_fails, hosts(text, spf_node("a.example", status=Status.TIMEOUT), status=Status.REFUSED))
    assert found.outcome is Outcome.UNKNOWN
    assert found.reasons == (
        "include:a.example in the record of good.example leads to a.example TXT: TIMEOUT",
        f"a:mx1.{DOMAIN} in the record of good.example leads to mx1.{DOMAIN} A: REFUSED",
    )
