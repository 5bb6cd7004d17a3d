"""What the copies of a test are made from: only what can be sent as copies is taken."""

import pytest

from deliverkit.errors import UsageError
from deliverkit.seeds.mailing import mailing_of, read_mailing


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
