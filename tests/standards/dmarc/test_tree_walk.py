"""The tree walk and the policies that follow from it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.dmarc.effective import (
    NO_POLICY,
    Effective,
    Scope,
    effective_policy,
    is_aligned,
    policy_by_list,
)
from deliverkit.standards.dmarc.record import Alignment, Policy
from deliverkit.standards.dmarc.tree_walk import names_of_walk, walk

LABELS = st.lists(st.sampled_from(["a", "b", "example", "com"]), min_size=1, max_size=12)
RECORDS = st.sampled_from(["v=DMARC1; p=none", "v=DMARC1; p=reject; psd=y", "v=DMARC1; p=none; psd=n", "v=spf1", ""])


@given(LABELS, st.dictionaries(LABELS.map(".".join), st.lists(RECORDS, max_size=2), max_size=6))
def test_a_walk_ends_after_eight_names_and_finds_a_domain_above_its_start(
    labels: list[str], zone: dict[str, list[str]]
) -> None:
    start = ".".join(labels)
    found = walk(start, lambda name: zone.get(name, ()))
    assert len(found.steps) <= 8
    assert found.take(["v=DMARC1"]) == found
    assert f".{start}".endswith(f".{found.organizational_domain}")
    assert tuple(step.name for step in found.steps) == names_of_walk(start)[: len(found.steps)]
    for scope in Scope:
        effective_policy(start, zone, scope)
        policy_by_list(start, zone, scope)


def test_of_several_records_none_counts_and_the_walk_goes_on() -> None:
    zone = {"a.example.com": ["v=DMARC1; p=none", "v=DMARC1; p=reject"], "example.com": ["v=DMARC1; p=reject", "other"]}
    found = walk("a.example.com", lambda name: zone.get(name, ()))
    assert found.policy_step is not None
    assert found.policy_step.name == "example.com"


def _words(record: str, domain: str = "example.com", at: str = "example.com") -> list[str]:
    found = [effective_policy(domain, {at: [record]}, scope) for scope in Scope]
    return [one.policy.word if one.policy is not None else "" for one in found]


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        ("v=DMARC1; p=reject", ["reject", "reject", "reject"]),
        ("v=DMARC1; p=reject; sp=none", ["reject", "none", "none"]),
        ("v=DMARC1; p=none; sp=none; np=reject", ["none", "none", "reject"]),
        ("v=DMARC1; p=reject; sp=quarantine; t=y", ["quarantine", "none", "none"]),
        ("v=DMARC1; sp=reject; p=bad; rua=mailto:a@b.example", ["none", "none", "none"]),
        ("v=DMARC1", ["", "", ""]),
    ],
)
def test_what_holds_for_the_domain_and_below_it(record: str, expected: list[str]) -> None:
    assert _words(record) == expected


def test_a_subdomain_without_record_takes_the_policy_for_subdomains_from_above() -> None:
    assert _words("v=DMARC1; p=none; sp=reject", domain="mail.example.com") == ["reject", "reject", "reject"]
    texts = {"example.com": ["v=DMARC1; p=none; np=reject"]}
    assert effective_policy("no.example.com", texts, Scope.DOMAIN, exists=False).policy is Policy.REJECT


def test_below_a_domain_that_is_not_organizational_the_one_above_says_the_policy() -> None:
    texts = {"mail.example.com": ["v=DMARC1; p=reject; sp=reject"], "example.com": ["v=DMARC1; p=none"]}
    assert effective_policy("mail.example.com", texts, Scope.SUBDOMAIN) == Effective(Policy.NONE, "example.com", "p")


def test_what_the_list_finds_where_the_walk_goes_elsewhere() -> None:
    texts = {"a.b.example.com": [], "b.example.com": ["v=DMARC1; p=reject"], "example.com": []}
    assert effective_policy("a.b.example.com", texts, Scope.DOMAIN).policy is Policy.REJECT
    assert policy_by_list("a.b.example.com", texts, Scope.DOMAIN) == NO_POLICY
    assert policy_by_list("a.b.example.com", {"a.b.example.com": []}, Scope.DOMAIN) is None
    texts = {"example.com": ["v=DMARC1; p=reject; pct=10; t=y; np=none"]}
    assert policy_by_list("example.com", texts, Scope.MISSING) == Effective(
        Policy.REJECT, "example.com", "p", percent=10
    )


def test_alignment() -> None:
    def organizational(domain: str) -> str:
        return ".".join(domain.split(".")[-2:])

    assert is_aligned("example.com", "mail.example.com", Alignment.RELAXED, organizational)
    assert not is_aligned("example.com", "mail.example.com", Alignment.STRICT, organizational)
    assert not is_aligned("example.com", "example.net", Alignment.RELAXED, organizational)
