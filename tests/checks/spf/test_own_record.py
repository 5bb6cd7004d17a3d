"""SPF003, SPF006 to SPF010, SPF013 to SPF016, SPF018, SPF019, SPF024, SPF028: what the domain's own record says."""

from __future__ import annotations

from ipaddress import ip_address

import pytest

from deliverkit.checks.spf.covered_network import covered_network
from deliverkit.checks.spf.duplicate_term import duplicate_term
from deliverkit.checks.spf.huge_network import huge_network
from deliverkit.checks.spf.long_record import long_record
from deliverkit.checks.spf.mechanism_as_modifier import mechanism_as_modifier
from deliverkit.checks.spf.neutral_about_others import neutral_about_others
from deliverkit.checks.spf.parked_domain_may_send import parked_domain_may_send
from deliverkit.checks.spf.permits_everyone import permits_everyone
from deliverkit.checks.spf.private_address_permitted import private_address_permitted
from deliverkit.checks.spf.ptr_mechanism import ptr_mechanism
from deliverkit.checks.spf.redirect_beside_all import redirect_beside_all
from deliverkit.checks.spf.softfail_without_dmarc import softfail_without_dmarc
from deliverkit.checks.spf.spf_syntax_error import spf_syntax_error
from deliverkit.checks.spf.terms_after_all import terms_after_all
from deliverkit.facts import Expectations
from deliverkit.facts.spf import SpfTree
from deliverkit.model import Check, Outcome
from deliverkit.observations import Status
from deliverkit.profiles import choose
from deliverkit.run import judge
from tests.building import finding, fix_of, judged, underlined
from tests.policies import discovery
from tests.spf_building import spf_node, spf_record, spf_tree


@pytest.mark.parametrize(
    ("check", "text", "instead"),
    [
        (spf_syntax_error, "v=spf1 ipv4:11.0.1.25 -all", "v=spf1 ip4:11.0.1.25 -all"),
        (spf_syntax_error, "v=spf1 11.0.1.25, -al", "v=spf1 ip4:11.0.1.25 -all"),
        (spf_syntax_error, "v=spf1 “include:a.example” ~all", "v=spf1 include:a.example ~all"),
        (spf_syntax_error, "v=spf1 mx; -all;", "v=spf1 mx -all"),
        (permits_everyone, "v=spf1 mx all", "v=spf1 mx ~all"),
        (permits_everyone, "v=spf1 mx ip4:0.0.0.0/0 -all", "v=spf1 mx -all"),
        (neutral_about_others, "v=spf1 mx ?all", "v=spf1 mx ~all"),
        (neutral_about_others, "v=spf1 mx", "v=spf1 mx ~all"),
        (redirect_beside_all, "v=spf1 redirect=a.example -all", "v=spf1 include:a.example -all"),
        (terms_after_all, "v=spf1 -all mx a exp=e.example", "v=spf1 mx a -all exp=e.example"),
        (duplicate_term, "v=spf1 mx +MX -all", "v=spf1 mx -all"),
        (covered_network, "v=spf1 ip4:11.0.0.0/16 ip4:11.0.1.25 -all", "v=spf1 ip4:11.0.0.0/16 -all"),
        (private_address_permitted, "v=spf1 ip4:10.0.0.0/8 mx -all", "v=spf1 mx -all"),
        (mechanism_as_modifier, "v=spf1 ip4=11.0.1.25 -all", "v=spf1 ip4:11.0.1.25 -all"),
    ],
)
def test_the_corrected_record_is_given_as_a_difference(check: Check, text: str, instead: str) -> None:
    fix = fix_of(finding(check, spf_record(text)))
    assert fix.remove == (f'good.example.  3600  IN  TXT  "{text}"',) or "“" in text
    assert [(line.label, line.data) for line in fix.add] == [("@", f'"{instead}"')]


@pytest.mark.parametrize(
    ("check", "text"),
    [
        (permits_everyone, "v=spf1 -all"),
        (permits_everyone, "v=spf1 mx -all all"),  # nobody comes to the second one
        (neutral_about_others, "v=spf1 redirect=a.example"),
        (redirect_beside_all, "v=spf1 mx redirect=a.example"),
        (terms_after_all, "v=spf1 mx -all exp=e.example"),  # a modifier may stand anywhere
        (duplicate_term, "v=spf1 mx ~mx -all"),
        (covered_network, "v=spf1 ip4:11.0.1.25 ?ip4:11.0.0.0/16 ip4:11.0.2.25 -all"),
        (huge_network, "v=spf1 ip4:17.142.0.0/15 ip6:2a00:1450:4000::/36 -all"),
        (huge_network, "v=spf1 -ip4:11.0.0.0/8 -all"),
        (ptr_mechanism, "v=spf1 mx -all"),
        (mechanism_as_modifier, "v=spf1 mx exp=e.example x-note=ip4 -all"),
        (long_record, f"v=spf1 {'a' * 425}.example=1 -all"),
        (spf_syntax_error, "V=SPF1 MX:%{D} -ALL  "),
    ],
)
def test_what_is_well_passes(check: Check, text: str) -> None:
    assert judged(check, spf_record(text)).outcome is Outcome.PASS


def test_the_wrong_part_is_underlined() -> None:
    found = finding(spf_syntax_error, spf_record("v=spf1 mx ip4:11.0.1.256 -all"))
    assert (underlined(found.evidence[0]), found.evidence[0].note) == ("11.0.1.256", "is no IPv4 address")


def test_a_record_that_nobody_can_guess_is_not_corrected() -> None:
    assert fix_of(finding(spf_syntax_error, spf_record("v=spf1 ip4:11.0.1.256 -all"))).add == ()


def test_a_host_with_a_short_prefix_is_a_huge_network() -> None:
    assert "all" not in finding(huge_network, spf_record("v=spf1 a/8 -all")).message.split()[:1]
    assert len(judged(huge_network, spf_record("v=spf1 mx/0//0 -all")).findings) == 2


@pytest.mark.parametrize(
    ("text", "profile", "outcome"),
    [
        ("v=spf1 ~all", "parked", Outcome.FAIL),
        ("v=spf1 mx -all", "parked", Outcome.FAIL),
        ("v=spf1 -all mx", "parked", Outcome.PASS),
        ("v=spf1 redirect=none.example", "parked", Outcome.PASS),
        ("v=spf1 exp=e.example redirect=more.example", "parked", Outcome.PASS),
        ("v=spf1 mx redirect=none.example", "parked", Outcome.FAIL),
        ("v=spf1 redirect=soft.example", "parked", Outcome.FAIL),
        ("v=spf1 redirect=good.example", "parked", Outcome.FAIL),
        ("v=spf1 redirect=%{i}.example", "parked", Outcome.FAIL),
        ("v=spf1 redirect=silent.example", "parked", Outcome.UNKNOWN),
        ("v=spf1 ~all", "domain", Outcome.NOT_APPLICABLE),
        ("v=spf1 ~all", "sending", Outcome.NOT_APPLICABLE),
    ],
)
def test_a_parked_domain_refuses_everybody(text: str, profile: str, outcome: Outcome) -> None:
    nodes = (
        spf_node("none.example", "v=spf1 -all"),
        spf_node("more.example", "v=spf1 redirect=none.example"),
        spf_node("soft.example", "v=spf1 ~all"),
        spf_node("silent.example", status=Status.TIMEOUT),
    )
    assert judged(parked_domain_may_send, spf_tree(text, *nodes), profile=profile).outcome is outcome


@pytest.mark.parametrize(
    ("expected", "outcome"),
    [
        (Expectations(takes_mail=False), Outcome.FAIL),
        (Expectations(takes_mail=False, sends=True), Outcome.NOT_APPLICABLE),  # no-reply
        (Expectations(takes_mail=False, senders=(ip_address("11.0.1.25"),)), Outcome.NOT_APPLICABLE),
    ],
)
def test_a_domain_that_sends_is_not_parked_though_it_takes_no_mail(expected: Expectations, outcome: Outcome) -> None:
    facts = {SpfTree: spf_tree("v=spf1 ip4:11.0.1.25 -all"), Expectations: expected}
    assert judge(parked_domain_may_send, choose("parked"), facts).outcome is outcome


@pytest.mark.parametrize(
    ("text", "dmarc", "profile", "outcome"),
    [
        ("v=spf1 mx ~all", (), "sending", Outcome.FAIL),
        ("v=spf1 mx ~all", ("v=DMARC1; p=none",), "sending", Outcome.PASS),
        ("v=spf1 mx -all", (), "sending", Outcome.PASS),
        ("v=spf1 mx ?all", (), "sending", Outcome.PASS),  # that is neutral-about-others
        ("v=spf1 mx ~all", (), "domain", Outcome.NOT_APPLICABLE),
        ("v=spf1 ~all", (), "parked", Outcome.NOT_APPLICABLE),  # that is parked-domain-may-send
    ],
)
def test_a_soft_end_needs_dmarc_beside_it(text: str, dmarc: tuple[str, ...], profile: str, outcome: Outcome) -> None:
    told = judged(softfail_without_dmarc, spf_record(text), discovery(*dmarc), profile=profile)
    assert told.outcome is outcome


def test_private_addresses_are_fine_where_the_profile_says_so() -> None:
    record = spf_record("v=spf1 ip4:10.0.0.1 -all")
    assert judged(private_address_permitted, record, profile="internal").outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("check", "text", "message"),
    [
        (duplicate_term, "v=spf1 mx mx -all", "mx stands in the SPF record more than once"),
        (duplicate_term, "v=spf1 mx mx a a -all", "mx (and 1 more) stand in the SPF record more than once"),
        (
            covered_network,
            "v=spf1 ip4:11.0.0.0/16 ip4:11.0.1.25 ip4:11.0.2.25 -all",
            "ip4:11.0.1.25 (and 1 more) in the SPF record lie within a network that stands before",
        ),
        (terms_after_all, "v=spf1 -all mx", "1 term stands after -all in the SPF record and is never looked at"),
        (terms_after_all, "v=spf1 -all mx a", "2 terms stand after -all in the SPF record and are never looked at"),
    ],
)  # fmt: skip
def test_one_and_several_are_told_apart(check: Check, text: str, message: str) -> None:
    assert finding(check, spf_record(text)).message.replace(" of good.example", "") == message
