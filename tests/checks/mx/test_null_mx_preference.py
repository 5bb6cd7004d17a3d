"""MX007: a null MX whose preference is not 0."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.null_mx_preference import null_mx_preference
from deliverkit.model import Outcome
from tests.building import added, finding, fix_of, judged, mx_set, underlined


@pytest.mark.parametrize("preference", ["1", "10", "36", "65535"])
def test_the_preference_is_underlined_and_not_the_ttl(preference: str) -> None:
    found = finding(null_mx_preference, mx_set(f"{preference} ."))
    assert found.message == f"the null MX of good.example has preference {preference} and not 0"
    [evidence] = found.evidence
    assert underlined(evidence) == preference
    assert evidence.span is not None
    assert evidence.text[evidence.span.start :] == f"{preference} ."


def test_the_fix_keeps_ttl_and_owner() -> None:
    found = finding(null_mx_preference, mx_set("10 .", domain="london.good.example", ttl=7200))
    assert fix_of(found).remove == ("london.good.example.  7200  IN  MX  10 .",)
    assert added(found) == [("london", "london.good.example.  7200  IN  MX  0 .")]


@pytest.mark.parametrize(
    "data", [("0 .",), ("0 .", "10 ."), ("10 .", "20 mx1.good.example."), ("10 mx1.good.example.",), ()]
)
def test_other_sets_pass(data: tuple[str, ...]) -> None:
    assert judged(null_mx_preference, mx_set(*data)).outcome is Outcome.PASS


def test_one_record_takes_the_place_of_several() -> None:
    found = finding(null_mx_preference, mx_set("10 .", "20 ."))
    assert fix_of(found).remove == ("good.example.  3600  IN  MX  10 .", "good.example.  3600  IN  MX  20 .")
    assert added(found) == [("@", "good.example.  3600  IN  MX  0 .")]


def test_behind_an_alias_the_record_is_mended_where_it_stands() -> None:
    found = finding(null_mx_preference, mx_set("10 .", aliases=["hub.good.example."]))
    assert added(found) == [("hub", "hub.good.example.  3600  IN  MX  0 .")]


@pytest.mark.parametrize(
    ("ttl", "authoritative", "proposed"),
    [(17, False, 3600), (3600, False, 3600), (7200, False, 7200), (17, True, 17), (7200, True, 7200)],
)
def test_what_a_cache_has_left_is_no_ttl_to_publish(ttl: int, authoritative: bool, proposed: int) -> None:  # noqa: FBT001
    found = finding(null_mx_preference, mx_set("10 .", ttl=ttl, authoritative=authoritative))
    assert added(found) == [("@", f"good.example.  {proposed}  IN  MX  0 .")]
