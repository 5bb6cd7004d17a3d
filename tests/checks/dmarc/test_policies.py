"""DMARC009 to DMARC012, 017, 022 to 024: what a policy is worth, and where it has no effect."""

from __future__ import annotations

import pytest

from deliverkit.checks.dmarc.no_aggregate_reports import no_aggregate_reports
from deliverkit.checks.dmarc.older_receivers_differ import older_receivers_differ
from deliverkit.checks.dmarc.policy_none import policy_none
from deliverkit.checks.dmarc.policy_none_without_reports import policy_none_without_reports
from deliverkit.checks.dmarc.subdomain_policy_without_effect import subdomain_policy_without_effect
from deliverkit.checks.dmarc.testing_mode import testing_mode
from deliverkit.checks.dmarc.weaker_policy_for_missing_names import weaker_policy_for_missing_names
from deliverkit.checks.dmarc.weaker_subdomain_policy import weaker_subdomain_policy
from deliverkit.model import Check, Outcome, Severity
from tests.building import added, finding, fix_of, judged
from tests.policies import REPORTS, discovery

WATCHING = discovery(f"v=DMARC1; p=none; {REPORTS}")


@pytest.mark.parametrize(
    ("profile", "outcome", "severity"),
    [
        ("domain", Outcome.FAIL, Severity.NOTE),
        ("sending", Outcome.PASS, Severity.NOTE),
        ("parked", Outcome.FAIL, Severity.WARNING),
    ],
)
def test_how_much_a_policy_of_none_matters(profile: str, outcome: Outcome, severity: Severity) -> None:
    found = judged(policy_none, WATCHING, profile=profile)
    assert (found.outcome, found.severity) == (outcome, severity)


def test_no_stronger_policy_is_proposed_but_where_nothing_is_sent() -> None:
    assert added(finding(policy_none, WATCHING)) == []
    [(_, line)] = added(finding(policy_none, WATCHING, profile="parked"))
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS}"')


def test_the_record_of_a_domain_above_stays_as_it_is() -> None:
    below = discovery(domain="old.good.example", above={"good.example": [f"v=DMARC1; p=none; {REPORTS}"]})
    found = finding(policy_none, below, profile="parked")
    assert fix_of(found).remove == ()
    assert added(found) == [("_dmarc.old", '_dmarc.old.good.example.  3600  IN  TXT  "v=DMARC1; p=reject"')]


@pytest.mark.parametrize("rua", ["", "; rua=dmarc@good.example"])
def test_none_without_reports_does_nothing(rua: str) -> None:
    found = discovery(f"v=DMARC1; p=none{rua}")
    [(_, line)] = added(finding(policy_none_without_reports, found))
    assert line.endswith('"v=DMARC1; p=none; rua=mailto:dmarc-reports@good.example"')
    assert judged(policy_none, found).outcome is Outcome.PASS


def test_a_policy_without_reports_is_told_where_mail_is_sent() -> None:
    found = discovery("v=DMARC1; p=reject")
    assert judged(no_aggregate_reports, found).outcome is Outcome.FAIL
    assert judged(no_aggregate_reports, found, profile="parked").outcome is Outcome.NOT_APPLICABLE


def test_a_weaker_policy_below_counts_where_it_has_an_effect() -> None:
    weaker = f"v=DMARC1; p=reject; sp=none; {REPORTS}"
    assert judged(weaker_subdomain_policy, discovery(weaker)).outcome is Outcome.FAIL
    below = discovery(weaker, domain="news.good.example", above={"good.example": [f"v=DMARC1; p=reject; {REPORTS}"]})
    assert judged(weaker_subdomain_policy, below).outcome is Outcome.PASS
    assert judged(subdomain_policy_without_effect, below).outcome is Outcome.FAIL
    own = discovery(f"{weaker}; psd=n", domain="news.good.example")
    assert judged(subdomain_policy_without_effect, own).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("tags", "outcome"),
    [
        ("p=reject; np=none", Outcome.FAIL),
        ("p=reject; sp=none; np=none", Outcome.PASS),
        ("p=none; np=reject", Outcome.PASS),
        ("p=reject; sp=quarantine; np=none", Outcome.FAIL),
    ],
)
def test_missing_names_and_existing_ones(tags: str, outcome: Outcome) -> None:
    assert judged(weaker_policy_for_missing_names, discovery(f"v=DMARC1; {tags}; {REPORTS}")).outcome is outcome


def test_testing_lowers_what_can_be_lowered() -> None:
    found = finding(testing_mode, discovery(f"v=DMARC1; p=reject; t=y; {REPORTS}"))
    assert found.message == "good.example is testing: receivers take its reject for quarantine"
    assert judged(testing_mode, discovery(f"v=DMARC1; p=none; t=y; {REPORTS}")).outcome is Outcome.PASS


def test_what_older_receivers_do_is_told_for_each_kind_of_name() -> None:
    found = judged(older_receivers_differ, discovery(f"v=DMARC1; p=quarantine; np=reject; t=y; {REPORTS}"))
    assert [one.message for one in found.findings] == [
        "receivers by RFC 7489 act on quarantine for good.example, those of today on none",
        "receivers by RFC 7489 act on quarantine for subdomains of good.example, those of today on none",
    ]


@pytest.mark.parametrize("check", [policy_none, testing_mode, weaker_subdomain_policy, older_receivers_differ])
def test_without_a_record_there_is_nothing_to_judge(check: Check) -> None:
    assert judged(check, discovery()).outcome is Outcome.NOT_APPLICABLE
