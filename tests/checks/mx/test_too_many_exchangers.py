"""MX027: more exchangers than senders try."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.too_many_exchangers import too_many_exchangers
from deliverkit.model import Outcome
from tests.building import finding, judged, mx_set

TEN = [f"10 mx{number}.good.example." for number in range(10)]


@pytest.mark.parametrize(
    ("more", "outcome"),
    [
        ((), Outcome.PASS),
        (("20 mx0.good.example.", "30 MX1.good.example."), Outcome.PASS),
        (("0 .",), Outcome.PASS),
        (("20 mx10.good.example.",), Outcome.FAIL),
        (("20 11.0.1.25.",), Outcome.FAIL),
    ],
    ids=["ten", "named twice", "null MX", "eleven", "an address"],
)
def test_over_ten_different_exchangers_are_many(more: tuple[str, ...], outcome: Outcome) -> None:
    assert judged(too_many_exchangers, mx_set(*TEN, *more)).outcome is outcome


def test_those_past_the_bound_are_counted_too() -> None:
    found = finding(too_many_exchangers, replace(mx_set(*TEN), left_out=44))
    assert found.message.startswith("good.example names 54 exchangers")


def test_many_addresses_are_not_many_exchangers() -> None:
    gmail = ["5 gmail-smtp-in.l.google.com.", *(f"{n}0 alt{n}.gmail-smtp-in.l.google.com." for n in range(1, 5))]
    assert judged(too_many_exchangers, mx_set(*gmail)).outcome is Outcome.PASS
