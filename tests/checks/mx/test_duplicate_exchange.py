"""MX015: the same exchange more than once."""

from __future__ import annotations

from deliverkit.checks.mx.duplicate_exchange import duplicate_exchange
from deliverkit.model import Outcome
from tests.building import finding, fix_of, judged, mx_set, underlined


def test_the_entry_with_the_lowest_preference_stays() -> None:
    found = finding(
        duplicate_exchange,
        mx_set("100 mx1.good.example.", "20 MX1.Good.Example.", "9 mx1.good.example.", "5 mx2.good.example."),
    )
    assert "mx1.good.example is named 3 times" in found.message
    assert fix_of(found).remove == (
        "good.example.  3600  IN  MX  20 MX1.Good.Example.",
        "good.example.  3600  IN  MX  100 mx1.good.example.",
    )


def test_every_entry_is_underlined_as_it_is_written() -> None:
    found = finding(duplicate_exchange, mx_set("10 mx1.good.example.", "20 MX1.Good.Example."))
    assert [underlined(evidence) for evidence in found.evidence] == ["mx1.good.example.", "MX1.Good.Example."]


def test_each_exchange_is_a_fault_of_its_own() -> None:
    names = ("mx1.good.example.", "mx2.good.example.")
    result = judged(duplicate_exchange, mx_set(*(f"{number} {name}" for number in (10, 20) for name in names)))
    assert [fix_of(found).remove for found in result.findings] == [
        (f"good.example.  3600  IN  MX  20 {name}",) for name in names
    ]


def test_a_null_mx_that_is_named_twice_is_another_fault() -> None:
    assert judged(duplicate_exchange, mx_set("0 .", "10 .")).outcome is Outcome.PASS


def test_equal_preferences_and_similar_names_are_fine() -> None:
    mx = mx_set("10 mx1.good.example.", "10 mx1.good.example.net.", "10 1.good.example.")
    assert judged(duplicate_exchange, mx).outcome is Outcome.PASS
