"""TXT data: read and written, octet by octet."""

from __future__ import annotations

import dns.rdata
import pytest
from dns.rdtypes.ANY.TXT import TXT
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.txt import MOST, data_of, strings_of, text_of

OCTETS = st.text(st.characters(max_codepoint=255), max_size=700)


@pytest.mark.parametrize(
    ("data", "strings"),
    [
        ('"v=spf1 -all"', ("v=spf1 -all",)),
        ('"v=spf1 " "-all"', ("v=spf1 ", "-all")),
        ('"a \\"b\\" \\\\ \\009\\233"', ('a "b" \\ \t\xe9',)),
        ("bare words", ("bare", "words")),
        ('""', ("",)),
        ("", ()),
    ],
)
def test_the_strings_of_master_file_data(data: str, strings: tuple[str, ...]) -> None:
    assert strings_of(data) == strings
    assert text_of(data) == "".join(strings)


@given(OCTETS)
def test_what_is_written_is_read_again_by_us_and_by_dnspython(text: str) -> None:
    data = data_of(text)
    assert text_of(data) == text
    assert all(len(string) <= MOST for string in strings_of(data))
    read = dns.rdata.from_text("IN", "TXT", data)
    assert isinstance(read, TXT)
    assert b"".join(read.strings) == text.encode("latin-1")


@given(st.text(max_size=100))
def test_reading_never_fails(data: str) -> None:
    assert isinstance(text_of(data), str)
