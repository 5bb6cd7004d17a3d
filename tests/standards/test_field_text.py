"""Header fields as they are written: read again as they were meant, by the standard library and by our own readers."""

from __future__ import annotations

import re
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.standards.address_list import decode_words, parse_address_list
from deliverkit.standards.field_text import LONGEST_LINE, write_field
from deliverkit.standards.header import split_message

LONG = "https://shop.example/unsubscribe?u=" + "0123456789abcdef" * 12
WORDS = re.compile(r"=\?utf-8\?[bq]\?[!->@-~]*\?=")


def lines(name: str, value: str) -> list[str]:
    written = write_field(name, value)
    assert written.endswith("\r\n")
    return written.removesuffix("\r\n").split("\r\n")


def read(name: str, value: str) -> str:
    """What our own reader finds in the field."""
    return split_message(write_field(name, value).encode() + b"\r\n").get(name)


def test_a_short_field_is_one_line_as_it_was_given() -> None:
    assert write_field("X-A", "  b: c ") == "X-A: b: c\r\n"
    assert write_field("Subject", "") == "Subject:\r\n"


def test_a_word_that_fits_no_line_stays_whole() -> None:
    written = lines("List-Unsubscribe", f"<mailto:u@shop.example>, <{LONG}>")
    assert written == ["List-Unsubscribe: <mailto:u@shop.example>,", f" <{LONG}>"]
    assert lines("X-A", "b" * 300) == [f"X-A: {'b' * 300}"]


def test_a_line_is_never_longer_than_it_may_be() -> None:
    with pytest.raises(UsageError, match=r"makes a line of 1006 characters, and a line has at most 998"):
        write_field("X-A", "b" * 1001)


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), max_size=400))
def test_ascii_comes_back_and_folds(value: str) -> None:
    assert read("X-Any", value) == value.strip()
    assert all(len(line) <= 76 or " " not in line.strip().removeprefix("X-Any: ") for line in lines("X-Any", value))


@given(st.text(st.characters(exclude_categories=["Cc", "Cs"]), min_size=1, max_size=300))
@example("\xa0")
def test_any_text_comes_back_from_its_words(value: str) -> None:
    wanted = value.strip(" \t")
    if "=?" in wanted:
        return  # what is encoded already stays so
    try:
        written = lines("Subject", value)
    except UsageError:
        assert len(max(re.split("[ \t]", value), key=len)) + len("Subject: ") > LONGEST_LINE
        return
    assert "".join(written).isascii()
    found = str(message_from_bytes(write_field("Subject", value).encode() + b"\r\n", policy=default)["Subject"])
    assert decode_words(read("Subject", value)) == wanted
    assert found.split() == wanted.split() or "  " in wanted
    if not wanted.isascii():
        assert all(len(line) <= 76 or (line.isascii() and "=?utf-8" not in line) for line in written)
        assert all(len(word) <= 75 for word in WORDS.findall(" ".join(written)))


def test_only_the_words_that_need_it_are_encoded() -> None:
    assert write_field("Subject", "our Frühlings sale") == "Subject: our =?utf-8?q?Fr=C3=BChlings?= sale\r\n"
    assert (
        write_field("Subject", "Žluťoučký kůň")
        == "Subject: =?utf-8?q?=C5=BDlu=C5=A5ou=C4=8Dk=C3=BD_k=C5=AF=C5=88?=\r\n"
    )
    assert write_field("Subject", "日本") == "Subject: =?utf-8?b?5pel5pys?=\r\n"
    assert write_field("Subject", "=?utf-8?q?Gr=C3=BC=C3=9Fe?=") == "Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\n"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("Ada <ada@bücher.example>", "Ada <ada@xn--bcher-kva.example>"),
        ("Jürgen <j@Bücher.example>, b@b.example", "=?utf-8?q?J=C3=BCrgen?= <j@xn--bcher-kva.example>, b@b.example"),
        ('"Sale, Früh" <a@b.example>', "=?utf-8?q?Sale=2C_Fr=C3=BCh?= <a@b.example>"),
        ('"Sale, Spring" <a@bücher.example>', '"Sale, Spring" <a@xn--bcher-kva.example>'),
        ("Grüße <grüße@b.example>", "Grüße <grüße@b.example>".replace("Grüße <", '"Grüße" <')),
        ("undisclosed-recipients:;", "undisclosed-recipients:;"),
        ("A <a@b.example> (ASCII stays as it was given)", "A <a@b.example> (ASCII stays as it was given)"),
    ],
)
def test_addresses(value: str, written: str) -> None:
    assert write_field("Reply-To", value) == f"Reply-To: {written}\r\n"


def test_a_long_list_of_addresses_folds_between_them() -> None:
    many = [f"Příjemce číslo {number} <p{number}@bücher.example>" for number in range(40)]
    found = parse_address_list(read("To", ", ".join(many)))
    assert [one.display_name for one in found] == [f"Příjemce číslo {number}" for number in range(40)]
    assert {one.domain for one in found} == {"xn--bcher-kva.example"}
    assert max(map(len, lines("To", ", ".join(many)))) <= 76


@pytest.mark.parametrize(
    "value", ["Früh, Sale <a@b.example>", "Jürgen", "Gruppe ü: a@b.example;", "ü@", "a@b.example (ü)"]
)
def test_what_is_no_list_of_addresses_is_told(value: str) -> None:
    with pytest.raises(UsageError, match="the header From is no list of addresses"):
        write_field("From", value)


@pytest.mark.parametrize("name", ["List-Unsubscribe", "Message-ID", "References", "Date"])
def test_what_machines_read_takes_ascii_alone(name: str) -> None:
    with pytest.raises(UsageError, match=f"the header {name} takes ASCII alone"):
        write_field(name, "<https://bücher.example/u>")
