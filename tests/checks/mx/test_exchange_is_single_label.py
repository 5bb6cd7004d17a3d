"""MX012: a single label as the exchange."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.exchange_is_single_label import exchange_is_single_label
from deliverkit.model import Outcome
from tests.building import added, finding, fix_of, judged, mx_set, underlined


def test_the_name_is_completed_by_the_zone_above() -> None:
    found = finding(exchange_is_single_label, mx_set("10 Mail.", "20 mx.good.example.", domain="london.good.example"))
    assert found.message.startswith("the exchanger mail is a single label")
    assert [underlined(evidence) for evidence in found.evidence] == ["Mail."]
    assert fix_of(found).remove == ("london.good.example.  3600  IN  MX  10 Mail.",)
    assert added(found) == [("london", "london.good.example.  3600  IN  MX  10 mail.good.example.")]


def test_where_the_zone_is_not_known_the_whole_name_is_the_label() -> None:
    found = finding(exchange_is_single_label, mx_set("10 mail.", zone=None))
    assert added(found) == [("good.example.", "good.example.  3600  IN  MX  10 mail.good.example.")]


def test_each_record_is_mended_with_its_own_preference() -> None:
    result = judged(exchange_is_single_label, mx_set("20 backup.", "10 mail."))
    assert [added(found)[0][1] for found in result.findings] == [
        "good.example.  3600  IN  MX  10 mail.good.example.",
        "good.example.  3600  IN  MX  20 backup.good.example.",
    ]


def test_localhost_is_a_home_made_null_mx() -> None:
    found = finding(exchange_is_single_label, mx_set("10 LocalHost.", domain="london.good.example"))
    assert found.message.startswith("the exchanger localhost is a single label")
    assert fix_of(found).action == "say with a null MX that no mail is accepted"
    assert fix_of(found).remove == ("london.good.example.  3600  IN  MX  10 LocalHost.",)
    assert added(found) == [("london", "london.good.example.  3600  IN  MX  0 .")]


@pytest.mark.parametrize("exchange", [".", "mail.example.", "mail_1.", "11.0.1.25."])
def test_other_forms_are_not_single_labels(exchange: str) -> None:
    assert judged(exchange_is_single_label, mx_set(f"10 {exchange}")).outcome is Outcome.PASS
