"""SPF004, SPF005, SPF011, SPF012, SPF022, SPF025 and the summary: what the record leads to, and who passes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.spf.helo_not_permitted import helo_not_permitted
from deliverkit.checks.spf.include_loop import include_loop
from deliverkit.checks.spf.include_without_record import include_without_record
from deliverkit.checks.spf.sender_not_permitted import sender_not_permitted
from deliverkit.checks.spf.spf_lookup_fails import spf_lookup_fails
from deliverkit.checks.spf.summary import summarize
from deliverkit.checks.spf.term_without_address import term_without_address
from deliverkit.checks.spf.too_many_lookups import too_many_lookups
from deliverkit.checks.spf.too_many_void_lookups import too_many_void_lookups
from deliverkit.facts.spf import NamedHosts, SenderTests, SpfHosts, SpfLookup, SpfRecord, SpfTree, looking_up, target_of
from deliverkit.knowledge.spf_services import service_at
from deliverkit.model import Outcome, not_applicable
from deliverkit.observations import Answer, Status
from deliverkit.standards.spf.evaluate import Client, check_host
from deliverkit.standards.spf.parse import Mechanism
from tests.building import DOMAIN, added, finding, fix_of, judged, lookup
from tests.spf_building import NOW, hosts_of, senders, spf_hosts, spf_lookup, spf_node, spf_record, spf_set, spf_tree

SAYS = "good.example says who may send for it"
TEN = " ".join(f"a:h{number}.a.example" for number in range(9))


@pytest.mark.parametrize(("text", "outcome"), [("v=spf1 -all", Outcome.PASS), ("v=spf1 mx -all", Outcome.FAIL)])
def test_the_count_takes_in_what_an_include_leads_to(text: str, outcome: Outcome) -> None:
    tree = spf_tree(f"v=spf1 include:a.example {text.removeprefix('v=spf1 ')}", spf_node("a.example", f"v=spf1 {TEN}"))
    assert tree.cost(DOMAIN) == (10 if outcome is Outcome.PASS else 11)
    assert judged(too_many_lookups, hosts_of(tree), NOW).outcome is outcome


def test_terms_after_all_and_a_redirect_beside_it_cost_nothing() -> None:
    assert spf_tree("v=spf1 mx -all a a a redirect=a.example").cost(DOMAIN) == 1


def test_an_include_that_is_not_known_makes_the_count_unknown_unless_it_is_over_already() -> None:
    silent = spf_node("a.example", status=Status.TIMEOUT)
    assert (
        judged(too_many_lookups, hosts_of(spf_tree("v=spf1 include:a.example -all", silent)), NOW).outcome
        is Outcome.UNKNOWN
    )
    over = spf_tree(f"v=spf1 include:a.example {TEN} mx -all", silent)
    assert judged(too_many_lookups, hosts_of(over), NOW).outcome is Outcome.FAIL


def test_a_record_that_doubles_at_each_of_sixty_levels_is_counted_at_once() -> None:
    nodes = [
        spf_node(f"n{n}.example", f"v=spf1 include:n{n + 1}.example include:n{n + 1}.example.") for n in range(1, 60)
    ]
    tree = spf_tree("v=spf1 include:n1.example -all", *nodes)
    assert tree.cost(DOMAIN) > 10**15
    assert "more than 1000" in finding(too_many_lookups, hosts_of(tree), NOW).message


@pytest.mark.parametrize(
    ("texts", "why"),
    [
        ((), "has no SPF record"),
        (("v=spf1 mx", "v=spf1 a"), "has 2 SPF records"),
        (("v=spf1 moo",), "has a broken SPF record: there is no mechanism moo"),
    ],
)
def test_an_include_of_nothing_usable(texts: tuple[str, ...], why: str) -> None:
    found = finding(include_without_record, spf_tree("v=spf1 mx include:a.example -all", spf_node("a.example", *texts)))
    assert found.evidence[0].note == why
    assert added(found) == [("@", 'good.example.  3600  IN  TXT  "v=spf1 mx -all"')]


def test_the_owner_of_an_include_is_named() -> None:
    tree = spf_tree("v=spf1 include:servers.mcsv.net include:sendgrid.net -all", spf_node("servers.mcsv.net"),
                    spf_node("sendgrid.net", status=Status.SERVFAIL))  # fmt: skip
    services = {name: one for name in ("servers.mcsv.net", "sendgrid.net") if (one := service_at(name))}
    found = finding(include_without_record, replace(tree, services=services))
    assert found.message.startswith(
        "include:servers.mcsv.net (Mailchimp) leads to servers.mcsv.net, which has no SPF rec"
    )
    assert fix_of(found).action == "remove the term, if nobody sends through it; else have Mailchimp mend the record"
    failing = finding(spf_lookup_fails, SpfHosts(replace(tree, services=services), ()))
    assert failing.message.startswith("include:sendgrid.net (SendGrid) cannot be looked up")
    assert fix_of(failing).action.startswith("have SendGrid mend it")


def test_one_void_term_of_ones_own_is_one() -> None:
    tree = spf_tree("v=spf1 a:old.example include:a.example -all",
                    spf_node("a.example", "v=spf1 a:older.example a:oldest.example -all"))  # fmt: skip
    void = [NamedHosts(owner, term, target_of(term, owner, DOMAIN), None, (lookup("x", "A"), lookup("x", "AAAA")))
            for owner in tree.reached for term in looking_up(tree.record_of(owner) or tree.root.record)
            if isinstance(term, Mechanism) and term.name == "a"]  # fmt: skip
    found = finding(too_many_void_lookups, SpfHosts(tree, tuple(void)))
    assert fix_of(found).action == "remove the term that leads to nothing"


@pytest.mark.parametrize(
    ("helo", "line"),
    [
        ("mx1.good.example", ("mx1", 'mx1.good.example.  3600  IN  TXT  "v=spf1 a -all"')),
        ("mx1.other.example", ("mx1.other.example.", 'mx1.other.example.  3600  IN  TXT  "v=spf1 a -all"')),
    ],
)
def test_a_helo_name_without_record_gets_one(helo: str, line: tuple[str, str]) -> None:
    [test] = senders("v=spf1 -all", "11.0.1.25").tests
    nothing = check_host(
        Client(test.client.address, "", helo), lambda name, rdtype: Answer(name, rdtype, Status.NODATA)
    )
    tests = SenderTests((replace(test, client=replace(test.client, helo=helo), helo=nothing),))
    assert added(finding(helo_not_permitted, tests, spf_lookup("v=spf1 -all"))) == [line]


def test_a_circle_is_found_from_below() -> None:
    nodes = [spf_node("a.example", "v=spf1 redirect=b.example"), spf_node("b.example", f"v=spf1 include:{DOMAIN}")]
    found = finding(include_loop, spf_tree("v=spf1 include:a.example -all", *nodes))
    assert found.evidence[0].note == "in the record of b.example: leads back"
    both = spf_tree("v=spf1 include:a.example include:b.example -all", *(spf_node(n, "v=spf1 mx") for n in
                    ("a.example", "b.example")))  # fmt: skip
    assert judged(include_loop, both).outcome is Outcome.PASS


def test_void_terms_are_removed() -> None:
    names = [f"old{number}.good.example" for number in range(3)]
    text = f"v=spf1 {' '.join(f'a:{name}' for name in names)} a:mx1.good.example -all"
    found = finding(too_many_void_lookups, spf_hosts(text, *names))
    assert added(found) == [("@", 'good.example.  3600  IN  TXT  "v=spf1 a:mx1.good.example -all"')]
    assert judged(too_many_void_lookups, spf_hosts(text, *names[:2])).outcome is Outcome.PASS
    assert len(judged(term_without_address, spf_hosts(text, *names[:2])).findings) == 2


def test_a_temperror_says_nothing_of_the_sender() -> None:
    text = "v=spf1 a:mx1.good.example -all"
    told = judged(sender_not_permitted, senders(text, "11.0.1.25", status=Status.SERVFAIL), spf_set(text))
    assert (told.outcome, told.reasons) == (Outcome.UNKNOWN, ("11.0.1.25: mx1.good.example A: SERVFAIL",))


def said(text: str) -> str:
    facts = {
        SpfLookup: spf_lookup(text),
        SpfRecord: spf_record(text),
        SpfTree: spf_tree(text),
        SenderTests: not_applicable("no sender"),
    }
    return summarize(facts, []).sentence


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("v=spf1 -all", "good.example permits nobody to send (-all)."),
        ("v=spf1 mx ~all", f"{SAYS}, with up to 1 of 10 DNS lookups; others are suspect (~all)."),
        ("v=spf1 ip4:11.0.1.25", f"{SAYS}, with no DNS lookup; of others it says nothing (?all)."),
    ],
)
def test_the_sentence_says_who_may_send(text: str, sentence: str) -> None:
    assert said(text) == sentence


def test_where_nothing_is_known_the_sentence_says_so() -> None:
    facts = dict.fromkeys((SpfRecord, SpfTree, SenderTests), not_applicable("unknown"))
    told = summarize({SpfLookup: spf_lookup(status=Status.TIMEOUT), **facts}, [])
    assert told.sentence == "Cannot tell who may send for good.example: good.example TXT: TIMEOUT."


def test_a_redirect_that_leads_to_no_record_gives_way_to_an_end() -> None:
    tree = spf_tree("v=spf1 mx redirect=a.example", spf_node("a.example"))
    fix = finding(include_without_record, tree).fix
    assert fix is not None
    assert [record.data for record in fix.add] == ['"v=spf1 mx ~all"']
