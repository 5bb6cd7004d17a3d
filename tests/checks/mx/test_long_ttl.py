"""MX026: a long TTL."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.long_ttl import long_ttl
from deliverkit.model import Outcome
from tests.building import added, finding, fix_of, judged, mx_set

WEEK = 604800


@pytest.mark.parametrize(("ttl", "outcome"), [(WEEK, Outcome.PASS), (WEEK + 1, Outcome.FAIL)])
def test_long_is_over_a_week(ttl: int, outcome: Outcome) -> None:
    assert judged(long_ttl, mx_set("10 mx1.good.example.", ttl=ttl)).outcome is outcome


def test_days_are_whole_ones() -> None:
    found = finding(long_ttl, mx_set("10 mx1.good.example.", ttl=2 * WEEK - 1))
    assert found.message.startswith("the MX records of good.example may be cached for 13 days")


def test_no_records_have_no_ttl() -> None:
    assert judged(long_ttl, mx_set()).outcome is Outcome.PASS


def test_every_record_is_published_anew_under_its_label() -> None:
    data = [f"{number} mx{number}.good.example." for number in range(1, 5)]
    found = finding(long_ttl, mx_set(*data, ttl=2 * WEEK, domain="london.good.example"))
    assert len(found.evidence) == 3
    assert fix_of(found).remove == tuple(f"london.good.example.  1209600  IN  MX  {text}" for text in data)
    assert added(found) == [("london", f"london.good.example.  86400  IN  MX  {text}") for text in data]


def test_behind_an_alias_the_records_are_mended_where_they_stand() -> None:
    found = finding(long_ttl, mx_set("10 mx1.good.example.", ttl=2 * WEEK, aliases=["hub.good.example."]))
    assert fix_of(found).remove == ("hub.good.example.  1209600  IN  MX  10 mx1.good.example.",)
    assert added(found) == [("hub", "hub.good.example.  86400  IN  MX  10 mx1.good.example.")]


def test_behind_an_alias_into_another_zone_the_whole_name_is_the_label() -> None:
    found = finding(long_ttl, mx_set("10 mx1.good.example.", ttl=2 * WEEK, aliases=["hub.other.example."]))
    assert added(found) == [("hub.other.example.", "hub.other.example.  86400  IN  MX  10 mx1.good.example.")]
