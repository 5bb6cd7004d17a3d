"""MX033: a parked domain without a null MX."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.parked_without_null_mx import parked_without_null_mx
from deliverkit.model import Outcome, Severity
from tests.building import added, finding, fix_of, judged, mx_set


@pytest.mark.parametrize(
    "data", [(), ("10 mx1.good.example.", "20 mx2.good.example."), ("0 .", "10 mx1.good.example.")]
)
def test_one_null_mx_takes_the_place_of_all_that_stands_there(data: tuple[str, ...]) -> None:
    found = finding(parked_without_null_mx, mx_set(*data), profile="parked")
    assert fix_of(found).remove == tuple(f"good.example.  3600  IN  MX  {text}" for text in data)
    assert added(found) == [("@", "good.example.  3600  IN  MX  0 .")]


def test_the_label_is_relative_to_the_zone_above() -> None:
    found = finding(parked_without_null_mx, mx_set(domain="old.good.example"), profile="parked")
    assert found.message.startswith("old.good.example is meant to take no mail")
    assert added(found) == [("old", "old.good.example.  3600  IN  MX  0 .")]


@pytest.mark.parametrize("data", [("0 .",), ("10 .",), ("0 .", "10 .")])
def test_a_null_mx_is_what_is_wanted_whatever_its_preference(data: tuple[str, ...]) -> None:
    assert judged(parked_without_null_mx, mx_set(*data), profile="parked").outcome is Outcome.PASS


@pytest.mark.parametrize("profile", ["domain", "sending", "internal"])
def test_it_applies_to_parked_domains_alone(profile: str) -> None:
    assert judged(parked_without_null_mx, mx_set(), profile=profile).outcome is Outcome.NOT_APPLICABLE


def test_it_is_worth_a_warning() -> None:
    assert judged(parked_without_null_mx, mx_set(), profile="parked").severity is Severity.WARNING
