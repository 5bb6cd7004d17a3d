"""The message of a test, as it is read."""

from __future__ import annotations

import pytest

from deliverkit.seeds.mailing import read_mailing


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
