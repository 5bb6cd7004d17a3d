"""MX032: the domain is an alias."""

from __future__ import annotations

from deliverkit.checks.mx.domain_is_alias import domain_is_alias
from deliverkit.model import Outcome
from tests.building import finding, judged, mx_set, underlined


def test_the_end_of_the_chain_is_named_and_its_first_three_links_shown() -> None:
    chain = [f"hop{number}.other.example." for number in range(1, 6)]
    found = finding(domain_is_alias, mx_set("10 mx1.other.example.", aliases=chain))
    assert found.message == "good.example is an alias of hop5.other.example, which decides where its mail goes"
    assert [underlined(evidence) for evidence in found.evidence] == chain[:3]
    assert found.evidence[1].text.startswith("hop1.other.example.  ")


def test_it_is_told_also_where_the_chain_leads_to_no_mx() -> None:
    assert judged(domain_is_alias, mx_set(aliases=["hub.other.example."])).outcome is Outcome.FAIL


def test_a_domain_with_its_own_records_is_none() -> None:
    assert judged(domain_is_alias, mx_set("10 hub.other.example.")).outcome is Outcome.PASS
