"""MX006: a null MX beside others."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.null_mx_beside_others import null_mx_beside_others
from deliverkit.model import Outcome
from tests.building import finding, fix_of, judged, mx_set, underlined


def test_every_null_record_goes_and_the_others_stay() -> None:
    found = finding(null_mx_beside_others, mx_set("10 mx1.good.example.", "20 .", "0 ."))
    assert found.message.startswith("good.example has a null MX beside other exchangers")
    assert fix_of(found).remove == ("good.example.  3600  IN  MX  0 .", "good.example.  3600  IN  MX  20 .")
    assert [underlined(evidence) for evidence in found.evidence] == [".", "."]


def test_an_address_beside_it_counts_as_an_exchanger() -> None:
    assert judged(null_mx_beside_others, mx_set("0 .", "10 11.0.1.25.")).outcome is Outcome.FAIL


@pytest.mark.parametrize("data", [(), ("0 .",), ("10 .",), ("0 .", "10 ."), ("0 mx1.good.example.",)])
def test_one_kind_alone_is_no_contradiction(data: tuple[str, ...]) -> None:
    assert judged(null_mx_beside_others, mx_set(*data)).outcome is Outcome.PASS
