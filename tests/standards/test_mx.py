"""MX records: parsing, and the order in which a sender tries the exchangers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.mx import (
    ExchangeForm,
    MxRecord,
    PreferenceGroup,
    form_of,
    is_null_mx,
    parse_mx,
    sending_order,
)

PREFERENCES = st.integers(0, 65535)
HOSTS = st.sampled_from(["a.example", "b.example", "c.example", "d.example"])


def record(text: str) -> MxRecord:
    parsed = parse_mx(text)
    assert parsed is not None
    return parsed


def test_a_record_keeps_its_text_and_marks_the_exchange() -> None:
    parsed = record("10  MX1.Good.example.")
    assert (parsed.preference, parsed.exchange) == (10, "mx1.good.example")
    assert str(parsed) == "10  MX1.Good.example."
    assert parsed.text[parsed.exchange_span.start : parsed.exchange_span.end] == "MX1.Good.example."


@pytest.mark.parametrize("text", ["", "10", "mx1.example.", "-1 mx1.example.", "65536 mx1.example.", "1 a b", "１0 a."])
def test_what_is_no_record_is_none(text: str) -> None:
    assert parse_mx(text) is None


@given(st.text())
def test_parsing_is_total_and_printing_gives_the_text_back(text: str) -> None:
    parsed = parse_mx(text)
    assert parsed is None or str(parsed) == text


def test_the_lowest_preference_comes_first_and_equal_ones_share() -> None:
    order = sending_order(map(record, ["20 b.example.", "10 z.example.", "10 a.example.", "0 ."]))
    assert order == (PreferenceGroup(10, ("a.example", "z.example")), PreferenceGroup(20, ("b.example",)))


def test_an_exchange_named_twice_keeps_its_best_place() -> None:
    assert sending_order(map(record, ["30 a.example.", "10 a.example."])) == (PreferenceGroup(10, ("a.example",)),)


@given(st.lists(st.tuples(PREFERENCES, HOSTS)))
def test_the_order_has_every_exchange_once_in_rising_groups(pairs: list[tuple[int, str]]) -> None:
    order = sending_order(record(f"{preference} {host}.") for preference, host in pairs)
    preferences = [group.preference for group in order]
    exchanges = [exchange for group in order for exchange in group.exchanges]
    assert preferences == sorted(set(preferences))
    assert sorted(exchanges) == sorted({host for _, host in pairs})


def test_a_null_mx_is_one_dot_alone() -> None:
    assert is_null_mx([record("0 .")])
    assert is_null_mx([record("10 .")])
    assert not is_null_mx([record("0 ."), record("10 a.example.")])
    assert not is_null_mx([])


@pytest.mark.parametrize(
    ("exchange", "form"),
    [
        ("mx1.example", ExchangeForm.HOST_NAME),
        (".", ExchangeForm.NULL),
        ("192.0.2.1", ExchangeForm.ADDRESS),
        ("[192.0.2.1]", ExchangeForm.ADDRESS),
        ("2001:db8::1", ExchangeForm.ADDRESS),
        ("mail", ExchangeForm.SINGLE_LABEL),
        ("mail_1.example", ExchangeForm.NOT_A_HOST_NAME),
        ('\\"mail.example\\"', ExchangeForm.NOT_A_HOST_NAME),
        ("\\226\\128\\156mail", ExchangeForm.NOT_A_HOST_NAME),
    ],
)
def test_forms_of_exchanges(exchange: str, form: ExchangeForm) -> None:
    assert form_of(exchange) is form
