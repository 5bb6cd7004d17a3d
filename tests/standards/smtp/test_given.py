"""What of a given message does not go through every server."""

from __future__ import annotations

from time import perf_counter

import pytest

from deliverkit.standards.smtp.given import MOST_OF_LINE, oddities


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (b"", []),
        (b"A: b\n\nall of it as files have it\n", []),
        (b"A: b\r\n\r\nas it is sent, but for its last line", []),
        (b"A: b\n\n" + b"x" * MOST_OF_LINE + b"\n", []),
        (b"A: b\r\n\r\nx\n", ["line ends that were not CRLF are now (1 of 3)"]),
        (b"A: b\rx", ["line ends that were not CRLF are now (1 of 1)"]),
        (b"x\0y" + b"z" * 999, ["it has NUL in it", "its longest line has 1,002 octets"]),
    ],
)
def test_what_is_odd_is_told(message: bytes, told: list[str]) -> None:
    found = list(oddities(message))
    assert [clause[: len(begin)] for clause, begin in zip(found, told, strict=True)] == told


def test_large_messages_are_looked_at_in_linear_time() -> None:
    for hostile in (b"x" * 4_000_000, b"\r" * 4_000_000, (b"x" * 998 + b"\n") * 4000, b"\r\n" * 2_000_000):
        begun = perf_counter()
        list(oddities(hostile))
        assert perf_counter() - begun < 3
