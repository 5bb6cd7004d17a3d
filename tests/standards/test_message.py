"""A message taken apart: its fields line by line, its parts, and nothing that makes it raise."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.message import MOST_PARTS, Defect, Flaw, parse_message

MIXED = (
    b"From: Shop\r\n <news@shop.example>\r\nSubject: caf\xc3\xa9\r\nMIME-Version: 1.0\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b\r\n'
    b"Content-Type: application/pdf\r\nContent-Disposition: attachment\r\n\r\nabc\r\n--b--\r\n"
)


def test_fields_stand_with_their_lines_and_folds() -> None:
    author, subject, *_ = parse_message(MIXED).fields
    assert (author.name, author.body, author.line) == ("From", "Shop <news@shop.example>", 1)
    assert author.octets == b"From: Shop\r\n <news@shop.example>\r\n"
    assert (subject.name, subject.body, subject.line) == ("Subject", "café", 3)


def test_parts_are_told_with_type_and_size() -> None:
    found = parse_message(MIXED)
    assert [(part.media_type, part.is_attachment) for part in found.parts] == [
        ("text/plain", False),
        ("application/pdf", True),
    ]
    assert found.flaws == ()
    assert parse_message(MIXED.replace(b"--b--", b"")).flaws == (
        Flaw(Defect.NOT_CLOSED, 'Content-Type: multipart/mixed; boundary="b"'),
    )


@pytest.mark.parametrize(
    ("header", "body", "defect"),
    [
        ('Content-Type: multipart/mixed; boundary="b"', "--b\n\nx\n--b--\n", Defect.NO_VERSION),
        ("MIME-Version: 1.0\nContent-Type: text", "x", Defect.NO_TYPE),
        ("MIME-Version: 1.0\nContent-Type: multipart/mixed", "--b\n\nx\n--b--\n", Defect.NO_BOUNDARY),
        ("MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=c", "--b\n\nx\n--b--\n", Defect.NO_PARTS),
        (
            "MIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\nContent-Transfer-Encoding: base64",
            "--b\n\nx\n--b--\n",
            Defect.ENCODED_MULTIPART,
        ),
        ("Content-Transfer-Encoding: base64", "abcde", Defect.BROKEN_BASE64),
        ("Content-Transfer-Encoding: best", "abcde", Defect.UNKNOWN_ENCODING),
    ],
)
def test_what_is_wrong_with_a_body(header: str, body: str, defect: Defect) -> None:
    assert [flaw.defect for flaw in parse_message(f"{header}\n\n{body}".encode()).flaws] == [defect]


def test_where_a_header_breaks_off_is_told() -> None:
    assert parse_message(b"From: a@b\nthis is none\n\nHello").broken_at == 2
    assert parse_message(b"From: a@b\n\nHello").broken_at == 0


@given(st.binary())
def test_any_octets_are_taken_apart(octets: bytes) -> None:
    found = parse_message(octets)
    assert all(field.octets in octets for field in found.fields)


@pytest.mark.parametrize(
    "octets",
    [
        b"A: " + b"x" * 2_000_000,
        b"A: b\n" * 200_000,
        b"A: b\n" + b" c\n" * 300_000,
        b'Content-Type: multipart/mixed; boundary="b"\n\n' + b"--b\n\nx\n" * 20_000,
        b"".join(b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(3_000)),
    ],
    ids=["long line", "many fields", "many folds", "many parts", "deep parts"],
)
def test_what_is_huge_is_bounded(octets: bytes) -> None:
    started = time.process_time()
    assert len(parse_message(octets).parts) <= MOST_PARTS
    assert time.process_time() - started < 5
