"""Copies of a message: each has its own token and address, and nothing else of it changes."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import default

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.errors import UsageError
from deliverkit.observations.seeds import Copy
from deliverkit.seeds.copies import HEADER, MOST_OCTETS, TOKEN, copy_of, dated, is_signed, new_token
from deliverkit.seeds.mailing import composed_mailing, mailing_of, read_mailing

MESSAGE = b"""Return-Path: <x@y>
From: Shop <news@shop.example>
To: everybody@shop.example
Bcc: secret@shop.example
Subject: =?utf-8?q?Fr=C3=BChling?=
 sale
Message-ID: <1@shop.example>
List-Unsubscribe: <https://shop.example/u>

Hello

.dot
"""


def copy(message: bytes = MESSAGE) -> bytes:
    return copy_of(message, token="dk" + "0" * 24, address="ada@seed.example", from_domain="shop.example")


def test_a_copy_has_a_token_and_an_address_of_its_own() -> None:
    found = message_from_bytes(copy(), policy=default)
    assert found[HEADER] == "dk" + "0" * 24
    assert found["To"] == "ada@seed.example"
    assert found["Message-ID"] == f"<dk{'0' * 24}@shop.example>"
    assert [found["Bcc"], found["Return-Path"]] == [None, None]
    assert found["Subject"] == "Frühling sale"
    assert found["List-Unsubscribe"] == "<https://shop.example/u>"


def test_the_body_stays_as_it_is() -> None:
    assert copy().partition(b"\r\n\r\n")[2] == b"Hello\r\n\r\n.dot\r\n"


def test_a_signature_goes_because_it_would_be_broken() -> None:
    signed = b"DKIM-Signature: v=1; a=rsa-sha256;\n\tb=abc\n" + MESSAGE
    assert is_signed(signed)
    assert not is_signed(MESSAGE)
    assert not is_signed(copy(signed))


@pytest.mark.parametrize("message", [b"", b"Subject: x\n\nHello\n", b"Hello, this is no header\n"])
def test_what_is_no_message_is_told(message: bytes) -> None:
    with pytest.raises(UsageError):
        copy(message)


@given(st.binary())
def test_any_octets_are_a_message_or_told(octets: bytes) -> None:
    try:
        made = copy(b"From: a@b.example\n" + octets)
    except UsageError:
        return
    assert made.count(b"To: ada@seed.example\r\n") >= 1
    assert made.startswith(HEADER.encode())


def test_a_long_header_is_read_in_linear_time() -> None:
    copy(b"From: a@b.example\r\nX: " + b"a" * 500_000 + b"\r\n b" * 100_000 + b"\r\n\r\n")


def test_a_header_that_is_not_read_whole_is_told() -> None:
    with pytest.raises(UsageError, match="more headers"):
        copy(b"From: a@b.example\r\n" + b"X: a\r\n" * 3_000 + b"\r\n")


def test_a_message_that_is_too_large_is_told_and_never_cut() -> None:
    with pytest.raises(UsageError, match="the message is larger than 50 MiB, and than any host takes"):
        copy(MESSAGE + b"x" * MOST_OCTETS)


def test_a_composed_message_gets_a_date_and_keeps_its_own() -> None:
    moment = datetime(2026, 11, 25, 12, tzinfo=UTC)
    assert dated(b"From: a@b.example\r\n\r\n", moment).startswith(b"Date: Wed, 25 Nov 2026 12:00:00 +0000\r\nFrom: a")
    given = b"From: a@b.example\r\ndate: Tue, 24 Nov 2026 12:00:00 +0000\r\n\r\n"
    assert dated(given, moment) == given


def test_each_copy_of_a_composed_message_has_its_date_and_the_same_digest() -> None:
    octets = b"From: a@b.example\r\nSubject: s\r\n\r\nHi\r\n"
    mailing, whole = composed_mailing(octets), mailing_of(octets)
    one = Copy(new_token(), "ada@seed.example", "Seed")
    assert b"\r\nDate: " in mailing.maker(datetime.now(UTC))(one)
    assert b"\r\nDate: " not in whole.maker(datetime.now(UTC))(one), "a message that is given stays as it is"
    assert mailing.campaign("x") == whole.campaign("x")


def test_tokens_are_all_different() -> None:
    tokens = {new_token() for _ in range(1000)}
    assert len(tokens) == 1000
    assert all(TOKEN.fullmatch(token) for token in tokens)


def test_author_and_subject_are_those_of_the_header() -> None:
    mailing = mailing_of(b"From: Shop <news@Shop.example>\nSubject: Hi\n\nHello\n")
    assert (mailing.author, mailing.from_domain, mailing.subject) == ("news@Shop.example", "shop.example", "Hi")


@pytest.mark.parametrize(
    ("message", "complaint"),
    [
        (b"Subject: Hi\n\n", "no From header with an address"),
        (b"From: nobody\n\n", "no From header with an address"),
        (b"From: <a@shop example>\n\n", "a space cannot stand in one"),
        (b"From: <a\rb@shop.example>\n\n", "neither a header nor the empty line"),
        (b"From: a@shop.example\nHello\n", "line 2 of the message"),
    ],
)
def test_a_message_without_an_author_is_refused(message: bytes, complaint: str) -> None:
    with pytest.raises(UsageError, match=complaint):
        read_mailing(message)


def test_a_signature_is_never_broken_in_silence() -> None:
    with pytest.raises(UsageError, match="--dkim-key"):
        mailing_of(b"DKIM-Signature: v=1\nFrom: a@shop.example\n\n")


@pytest.mark.parametrize(
    ("subject", "read"),
    [
        (b"Spring  sale", "Spring sale"),
        (b"=?utf-8?q?Z=C3=A1=C5=99ijov=C3=A1?= sleva", "Z\u00e1\u0159ijov\u00e1 sleva"),
        (b"=?utf-8?q?one=0Atwo?=", "one two"),
        ("Z\u00e1\u0159\u00ed".encode(), "Z\u00e1\u0159\u00ed"),
    ],
)
def test_a_subject_is_read_as_its_reader_sees_it(subject: bytes, read: str) -> None:
    assert read_mailing(b"From: a@a.example\r\nSubject: " + subject + b"\r\n\r\nHi\r\n").subject == read
