"""Message text on its way through DATA and BDAT."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.smtp.commands import chunks, dot_stuffed, with_crlf


@pytest.mark.parametrize(
    ("message", "sent"),
    [
        (b"", b".\r\n"),
        (b"a", b"a\r\n.\r\n"),
        (b"a\r\n", b"a\r\n.\r\n"),
        (b".\n", b"..\r\n.\r\n"),
        (b"a\n.\r..b\r\n.", b"a\r\n..\r\n...b\r\n..\r\n.\r\n"),
        (b"a.b\n", b"a.b\r\n.\r\n"),
    ],
)
def test_a_dot_that_begins_a_line_is_doubled(message: bytes, sent: bytes) -> None:
    assert dot_stuffed(message) == sent


@given(st.lists(st.sampled_from([b"a", b".", b"\r", b"\n", b"\r\n", b"\0"])).map(b"".join))
def test_nothing_but_its_end_ends_a_message(message: bytes) -> None:
    sent = dot_stuffed(message)
    assert ("\r\n" + sent.decode()).index("\r\n.\r\n") + 3 == len(sent)
    assert not re.search(rb"\r(?!\n)|(?<!\r)\n", sent)
    unstuffed = re.sub(rb"^\.", b"", sent.removesuffix(b".\r\n"), flags=re.MULTILINE)
    assert unstuffed == with_crlf(message)


@given(st.binary(max_size=40), st.integers(0, 10))
def test_chunks_are_the_whole_and_only_the_last_says_so(message: bytes, size: int) -> None:
    found = list(chunks(message, size))
    assert b"".join(octets for _, octets in found) == message
    assert [command for command, _ in found] == [
        b"BDAT %d%s\r\n" % (len(octets), b" LAST" if at == len(found) else b"")
        for at, (_, octets) in enumerate(found, 1)
    ]
    assert not size or all(len(octets) <= size for _, octets in found)
