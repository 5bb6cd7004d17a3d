"""The networks that a record permits: which lie within others, and what can be named whole."""

from __future__ import annotations

import pytest

from deliverkit.facts.spf_networks import networks_of, overlaps, permitted
from deliverkit.model import Absent
from deliverkit.observations import Status
from tests.building import DOMAIN
from tests.spf_building import hosts_of, spf_node, spf_tree


def within(text: str, *nested: str) -> list[tuple[str, str, str, str]]:
    nodes = [spf_node(f"n{number}.example", one) for number, one in enumerate(nested)]
    return [
        (str(one.inner.network), one.inner.owner, str(one.outer.network), one.outer.owner)
        for one in overlaps(hosts_of(spf_tree(text, *nodes)))
    ]


def test_a_network_lies_within_the_smallest_that_holds_it() -> None:
    text = "v=spf1 ip4:11.0.0.0/8 ip4:11.0.1.0/24 ip4:12.0.0.1 ip4:11.0.1.25 ip6:2a11::/32 ip6:2a11::/48 -all"
    assert within(text) == [
        ("11.0.1.0/24", DOMAIN, "11.0.0.0/8", DOMAIN),
        ("11.0.1.25/32", DOMAIN, "11.0.1.0/24", DOMAIN),
        ("2a11::/48", DOMAIN, "2a11::/32", DOMAIN),
    ]


def test_the_same_network_of_two_records_is_the_later_ones_overlap() -> None:
    found = within("v=spf1 include:n0.example ip4:11.0.1.0/24 -all", "v=spf1 ip4:11.0.1.0/24 ip4:11.0.1.9 -all")
    assert found == [
        ("11.0.1.0/24", "n0.example", "11.0.1.0/24", DOMAIN),
        ("11.0.1.9/32", "n0.example", "11.0.1.0/24", DOMAIN),
    ]
    assert len(permitted(hosts_of(spf_tree("v=spf1 ip4:11.0.1.0/24 ip4:11.0.1.0/24 -all")))) == 1


def test_neighbours_and_what_is_refused_do_not_overlap() -> None:
    assert within("v=spf1 ip4:11.0.0.0/24 ip4:11.0.1.0/24 -ip4:11.0.0.9 ip6:::/96 -all") == []


def whole(*texts: str, status: Status = Status.NODATA, **addresses: str) -> list[str] | str:
    """The networks of an include, or why they cannot be named."""
    nodes = [spf_node(f"n{number}.example", text) for number, text in enumerate(texts)]
    nodes = nodes or [spf_node("n0.example", status=status)]
    tree = spf_tree("v=spf1 include:n0.example -all", *nodes)
    [found] = networks_of(hosts_of(tree, **addresses), DOMAIN, tree.root.record.reached[:1]).values()
    return found.reason if isinstance(found, Absent) else [str(network) for network in found]


def test_all_that_an_include_leads_to_is_named() -> None:
    found = whole(
        "v=spf1 ip4:11.1.0.0/24 include:n1.example a:h.example/28 ~all",
        "v=spf1 ip6:2a11:db8::/32 redirect=n2.example",
        "v=spf1 mx ip4:11.1.0.0/24 -all",
        h_example="11.2.0.25",
        n2_example="11.3.0.25",
    )
    assert found == ["11.1.0.0/24", "2a11:db8::/32", "11.3.0.25/32", "11.2.0.16/28"]


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((), "n0.example has no record that can be used"),
        (("v=spf1 moo",), "n0.example has no record that can be used"),
        (("v=spf1 ip4:11.0.0.1 +all",), "n0.example permits everybody"),
        (("v=spf1 -ip4:11.0.0.1 ip4:11.0.0.0/24 -all",), "-ip4:11.0.0.1 in the record of n0.example takes senders out"),
        (("v=spf1 exists:%{i}.h.example -all",), "exists:%{i}.h.example in the record of n0.example depends"),
        (("v=spf1 include:%{i}.h.example -all",), "include:%{i}.h.example in the record of n0.example depends"),
        (("v=spf1 ptr -all",), "ptr in the record of n0.example depends"),
        (("v=spf1 include:n1.example -all", "v=spf1 include:n0.example -all"), "the records lead back to n0.example"),
        (("v=spf1 include:n9.example -all",), "n9.example was not looked up"),
        (("v=spf1 a:h.example -all",), "a:h.example in the record of n0.example was not looked up"),
    ],
)  # fmt: skip
def test_what_cannot_be_named_whole_says_why(texts: tuple[str, ...], why: str) -> None:
    told = whole(*texts)
    assert isinstance(told, str)
    assert told.removesuffix(" on the sender") == why


def test_what_could_not_be_fetched_is_not_named() -> None:
    assert whole(status=Status.SERVFAIL) == "n0.example TXT: SERVFAIL"
