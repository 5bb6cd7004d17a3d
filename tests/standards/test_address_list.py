"""Who stands in From: names and addresses, quoted, folded in comments, in groups, encoded; and nothing that raises."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.address_list import Mailbox, addresses_in, decode_words, parse_address_list


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (
            '"Doe, Ada" <ada@one.example>, bob@two.example, nobody',
            [("Doe, Ada", "ada@one.example"), ("", "bob@two.example")],
        ),
        (
            "Team: ada@one.example, Bob <bob@two.example>;, c@d",
            [("", "ada@one.example"), ("Bob", "bob@two.example"), ("", "c@d")],
        ),
        ("Shop (the <x@y> one) <news@shop.example>", [("Shop", "news@shop.example")]),
        ("=?utf-8?q?Caf=C3=A9_?= =?utf-8?b?w6k=?= <a@b>", [("Café é", "a@b")]),
        ("<>", []),
        ("undisclosed-recipients:;", []),
    ],
)
def test_mailboxes(value: str, expected: list[tuple[str, str]]) -> None:
    assert parse_address_list(value) == tuple(Mailbox(*one) for one in expected)
    assert addresses_in(value) == tuple(address for _, address in expected)


def test_words_that_cannot_be_decoded_stay() -> None:
    text = "=?none?q?a?= =?utf-8?b?a?= =?idna?q?a?="
    assert decode_words(text).replace(" ", "") == text.replace(" ", "")


@given(st.text())
def test_any_text_is_read(text: str) -> None:
    assert all("@" in address for address in addresses_in(text))
    assert isinstance(decode_words(text), str)


@pytest.mark.parametrize("text", ["(" * 100_000, '"' * 100_001, "<" * 100_000, "a@b," * 100_000, "=?a?q?" * 20_000])
def test_what_is_huge_is_bounded(text: str) -> None:
    started = time.process_time()
    parse_address_list(text)
    decode_words(text)
    assert time.process_time() - started < 2
