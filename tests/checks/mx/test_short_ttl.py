"""MX025: a short TTL."""

from __future__ import annotations

from collections.abc import Iterable

import pytest

from deliverkit.checks.mx.short_ttl import short_ttl
from deliverkit.facts import MxSet
from deliverkit.model import Outcome
from tests.building import added, finding, fix_of, judged, mx_set


def published(*data: str, ttl: int, domain: str = "good.example", aliases: Iterable[str] = ()) -> MxSet:
    """As one of the zone's own name servers gives it."""
    return mx_set(*data, ttl=ttl, domain=domain, aliases=aliases, authoritative=True)


@pytest.mark.parametrize(("ttl", "outcome"), [(0, Outcome.FAIL), (299, Outcome.FAIL), (300, Outcome.PASS)])
def test_short_is_under_five_minutes(ttl: int, outcome: Outcome) -> None:
    assert judged(short_ttl, published("10 mx1.good.example.", ttl=ttl)).outcome is outcome


@pytest.mark.parametrize(("ttl", "outcome"), [(299, Outcome.NOT_APPLICABLE), (300, Outcome.PASS)])
def test_a_cache_counts_down_so_that_only_much_tells_something(ttl: int, outcome: Outcome) -> None:
    assert judged(short_ttl, mx_set("10 mx1.good.example.", ttl=ttl)).outcome is outcome


def test_what_is_left_in_the_cache_is_told() -> None:
    [reason] = judged(short_ttl, mx_set("10 mx1.good.example.", ttl=17)).reasons
    assert reason == "17 s are left in the resolver's cache; only a server of the zone tells more"


def test_no_records_have_no_ttl() -> None:
    assert judged(short_ttl, mx_set()).outcome is Outcome.PASS


def test_every_record_is_published_anew_under_its_label() -> None:
    data = [f"{number} mx{number}.good.example." for number in range(1, 5)]
    found = finding(short_ttl, published(*data, ttl=60, domain="london.good.example"))
    assert found.message == "the MX records of london.good.example may be cached for 60 s only"
    assert "to 3600 s" in fix_of(found).action
    assert len(found.evidence) == 3
    assert fix_of(found).remove == tuple(f"london.good.example.  60  IN  MX  {text}" for text in data)
    assert added(found) == [("london", f"london.good.example.  3600  IN  MX  {text}") for text in data]


def test_behind_an_alias_the_records_are_mended_where_they_stand() -> None:
    found = finding(short_ttl, published("10 mx1.good.example.", ttl=60, aliases=["hub.good.example."]))
    assert fix_of(found).remove == ("hub.good.example.  60  IN  MX  10 mx1.good.example.",)
    assert added(found) == [("hub", "hub.good.example.  3600  IN  MX  10 mx1.good.example.")]


def test_behind_an_alias_into_another_zone_the_whole_name_is_the_label() -> None:
    found = finding(short_ttl, published("10 mx1.good.example.", ttl=60, aliases=["hub.other.example."]))
    assert added(found) == [("hub.other.example.", "hub.other.example.  3600  IN  MX  10 mx1.good.example.")]
