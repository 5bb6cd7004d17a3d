"""MX013: characters that no host name holds."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.exchange_not_a_host_name import exchange_not_a_host_name
from deliverkit.model import Outcome
from tests.building import finding, judged, mx_set, underlined


@pytest.mark.parametrize(
    ("exchange", "is_quoted"),
    [
        ('\\"mx1.good.example\\".', True),
        ("\\226\\128\\156mx1.good.example\\226\\128\\157.", True),
        ("mail_1.good.example.", False),
        ("-mx1.good.example.", False),
        ("mx1-.good.example.", False),
        ("mx1\\032.good.example.", False),
        ("m\\195\\188.good.example.", False),
        ("*.good.example.", False),
        ("http://mx1.good.example.", False),
        (f"{'x' * 64}.good.example.", False),
    ],
)
def test_the_name_is_underlined_and_quotes_are_told(exchange: str, is_quoted: bool) -> None:  # noqa: FBT001
    found = finding(exchange_not_a_host_name, mx_set(f"10 {exchange}"))
    assert ("the quotes were stored with it" in found.message) is is_quoted
    assert found.message.startswith(f"the exchanger {exchange.removesuffix('.')} is no valid host name")
    assert [underlined(evidence) for evidence in found.evidence] == [exchange]


def test_a_name_that_stands_twice_is_one_fault_with_two_records() -> None:
    found = finding(exchange_not_a_host_name, mx_set("10 mail_1.good.example.", "20 Mail_1.good.example."))
    assert [underlined(evidence) for evidence in found.evidence] == ["mail_1.good.example.", "Mail_1.good.example."]


@pytest.mark.parametrize(
    "exchange", [".", "mail.", "11.0.1.25.", "xn--mnchen-3ya.example.", "1.2.example.", f"{'x' * 63}.example."]
)
def test_other_forms_are_left_alone(exchange: str) -> None:
    assert judged(exchange_not_a_host_name, mx_set(f"10 {exchange}")).outcome is Outcome.PASS
