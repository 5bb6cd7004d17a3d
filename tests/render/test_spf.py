"""SPF for people: the tree with owners and counts, the networks and which lie in others, one and many told apart."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import pytest

from deliverkit.checks.registry import checks
from deliverkit.facts.spf import SpfHosts
from deliverkit.knowledge.spf_services import service_at
from deliverkit.lab.world import load, names
from deliverkit.model import Check
from deliverkit.observations import Status
from deliverkit.render.html import render_html
from deliverkit.render.look import Detail, Look
from deliverkit.render.markdown import render_markdown
from deliverkit.render.spf import render_spf
from deliverkit.render.spf_tables import permits, rows_of
from deliverkit.report import Report
from tests.judging import example, judge
from tests.spf_building import hosts_of, spf_hosts, spf_node, spf_tree

WORLDS = [name for name in names() if name.startswith("spf-") and name != "spf-silent"]
ONE_AND_MANY = re.compile(
    r"(?<![\d,.:/])1 (?:\w+ )?(?:addresses|networks|lookups|terms|records|characters|exchangers|faults|services)\b"
    r"|\b0 (?:IPv\d )?(?:networks|addresses)\b|\b1 \w+ lie\b"
)


@cache
def report(world: str) -> Report:
    senders = ("11.0.1.25",) if world == "spf-library-differs" else ()
    return judge(replace(load(world), senders=senders)).report


def shown(world: str, detail: Detail = Detail.USUAL, width: int | None = 80) -> str:
    return render_spf(report(world), Look(width=width, detail=detail))


def assert_one_is_one(found: Report) -> None:
    texts = [render_spf(found, Look(width=width, detail=Detail.EVERYTHING)) for width in (80, None)]
    texts += [render_markdown([(found, None)]), render_html([(found, None)])]
    for text in texts:
        assert not ONE_AND_MANY.search(text), ONE_AND_MANY.search(text)


@pytest.mark.parametrize("world", WORLDS)
def test_one_is_no_plural_in_any_world(world: str) -> None:
    assert_one_is_one(report(world))


@pytest.mark.parametrize("check", [check for check in checks() if check.area == "spf"], ids=lambda check: check.code)
def test_one_is_no_plural_in_any_example(check: Check) -> None:
    for heading in ("Example", "Use instead"):
        assert_one_is_one(judge(replace(example(check, heading), areas=("spf",))).report)


@pytest.mark.parametrize(
    "wrong", ["permits 1 IPv4 addresses", "drop at least 1 lookups", "and 1 more terms", "and 0 IPv6 networks"]
)
def test_the_pattern_sees_what_it_looks_for(wrong: str) -> None:
    assert ONE_AND_MANY.search(wrong)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("v=spf1 ip4:11.0.1.25 -all", "permits 1 IPv4 address in 1 network"),
        ("v=spf1 ip4:11.0.0.0/24 ip4:11.0.2.0/23 -all", "permits 768 IPv4 addresses in 2 networks"),
        ("v=spf1 ip6:2a11:db8::/32 -all", "permits 1 IPv6 network"),
        ("v=spf1 ip4:11.0.0.0/20 ip6:2a11::/48 ip6:2a12::/48 -all",
         "permits 4,096 IPv4 addresses in 1 network and 2 IPv6 networks"),
        ("v=spf1 -all", "permits no address by name"),
        ("v=spf1 ptr exists:%{i}.a.example -all",
         "permits no address by name; whom ptr and exists:%{i}.a.example permits depends on the sender"),
    ],
)  # fmt: skip
def test_how_many_addresses_are_authorised(text: str, said: str) -> None:
    assert permits(hosts_of(spf_tree(text))) == said


def test_what_could_not_be_looked_up_is_not_taken_for_nothing() -> None:
    tree = spf_tree("v=spf1 include:a.example -all", spf_node("a.example", status=Status.TIMEOUT))
    assert permits(hosts_of(tree)).endswith("; more than that may be permitted: not all of it could be looked up")


def test_empty_answers_run_beside_the_lookups() -> None:
    hosts = spf_hosts("v=spf1 a:old.example a:mx1.example a:older.example -all", "old.example", "older.example")
    assert [(row.running, row.voids) for row in rows_of(hosts)] == [(1, 1), (2, 1), (3, 2), (3, 2)]


def test_what_comes_again_is_counted_again_and_a_circle_is_called_one() -> None:
    nodes = [spf_node("a.example", "v=spf1 include:gone.example -all"), spf_node("gone.example")]
    tree = spf_tree("v=spf1 include:a.example include:a.example include:good.example -all", *nodes)
    rows = rows_of(hosts_of(tree))
    assert [(row.level, row.running, row.voids, row.note) for row in rows if row.cost] == [
        (0, 1, 0, ""),
        (1, 2, 1, "no SPF record"),
        (0, 4, 2, "as above"),
        (0, 5, 2, "leads back in a circle"),
    ]
    assert rows[-1].running == tree.cost("good.example")


def test_owners_stand_where_they_are_known() -> None:
    text = shown("spf-many-services")
    assert re.search(r"record +cost +count +void +owner\n", text)
    assert re.search(r"include:mailgun.org +3 +11/10 +0/2 +Mailgun\n", text)
    assert "owner" not in shown("spf-good").partition("\n\n")[2].partition("\n")[0]
    depending = spf_tree("v=spf1 include:%{ir}.%{v}.%{d}.spf.has.pphosted.com -all")
    service = service_at("spf.has.pphosted.com")
    assert service is not None
    [row, _] = rows_of(SpfHosts(replace(depending, services={"spf.has.pphosted.com": service}), ()))
    assert (row.service, row.note) == ("Proofpoint", "depends on the sender")


def test_worst_case_counts_are_marked_as_such() -> None:
    assert "the worst case, that of a sender whom nothing permits" in shown("spf-many-services")
    assert "worst case" not in shown("spf-parked")  # nothing costs anything there
    assert "the worst case" in render_markdown([(report("spf-good"), None)])


def test_networks_within_others_are_listed_and_bounded() -> None:
    text = shown("spf-overlaps")
    assert "4 networks lie within others that are permitted, too:" in text
    assert re.search(r"11.0.1.25/32 +mx of good.example +11.0.1.0/24 +ip4 of good.example\n", text)
    assert re.search(r"11.0.0.0/16 +ip4 of _spf.esp.example +11.0.0.0/16 +ip4 of good.example\n", text)


@pytest.mark.parametrize("world", WORLDS)
def test_eighty_columns_hold_all_but_records(world: str) -> None:
    slow = replace(report(world), trace=replace(report(world).trace, elapsed=12.345))
    for line in render_spf(slow, Look(width=80, detail=Detail.EVERYTHING)).splitlines():
        is_record = re.match(r" {8}(?:[-+] |\S*v=spf|…)| {8,}\^", line) or "  IN  TXT  " in line
        assert len(line) <= 80 or is_record, line


def test_a_pipe_gets_the_same_words_unwrapped() -> None:
    wrapped, piped = shown("spf-many-services"), shown("spf-many-services", width=None)
    assert wrapped.split()[:80] == piped.split()[:80]


def test_documents_have_the_tree_the_networks_and_the_second_opinion() -> None:
    for render in (render_markdown, render_html):
        text = render([(report("spf-library-differs"), None)])
        assert "pyspf says temperror" in text
        assert "permits 1 IPv4 address in 1 network; whom ptr permits depends on the sender" in text
        assert "Mailgun" in render([(report("spf-many-services"), None)])
        assert "lies within" in render([(report("spf-overlaps"), None)])


def test_markdown_names_the_label_to_type() -> None:
    assert "Name in the zone's form: @ for good.example" in render_markdown([(report("spf-many-services"), None)])
