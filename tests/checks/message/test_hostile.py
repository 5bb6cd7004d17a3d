"""Messages that somebody made to hurt: every check ends, soon, and none of them by an error of ours."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.model import Outcome
from tests.checks.message.test_mutations import good, judged

HTML = b"From: a@b.example\nContent-Type: text/html\n\n"
HUGE = {
    "one line": b"x" * 5_000_000,
    "lines that are nearly too long": b"a: b\n\n" + (b"x" * 998 + b"\n") * 5_000,
    "many lines": b"a: b\n" * 500_000,
    "white space": b"Subject: " + b" \n" * 500_000,
    "comments": b"From: " + b"(" * 900_000 + b"\n\n",
    "quotes": b"From: " + b'"\\' * 400_000 + b"\n\n",
    "brackets": b"List-Unsubscribe: " + b"<" * 900_000 + b"\n\n",
    "uris": b"List-Unsubscribe: " + b"<https://a>," * 80_000 + b"\n\n",
    "encoded words": b"Subject: " + b"=?utf-8?q?" * 90_000 + b"\n\n",
    "message id": b"Message-ID: <" + b"a" * 900_000 + b"\n\n",
    "display name": b"From: " + b"@a." * 300_000 + b" <a@b.example>\n\n",
    "domain": b"From: <a@" + b"a." * 400_000 + b">\n\n",
    "signatures": b"DKIM-Signature: d=a.example; s=b; h=" + b"a:" * 400_000 + b"\n\n",
    "links": HTML + b"<a href=http:" * 400_000,
    "references": HTML + b"&#x" * 1_000_000,
    "cr": b"\r" * 3_000_000,
    "nul": b"a: b\n\n" + b"\0" * 5_000_000,
}


def faults_of_ours(message: bytes) -> list[str]:
    """The reasons of checks that could not be judged."""
    found = judged(message).report.results
    return [str(result.reasons) for result in found if result.outcome is Outcome.UNKNOWN]


@given(st.binary(max_size=300), st.integers(0, 1300), st.integers(0, 60))
def test_a_spoilt_message_is_judged(octets: bytes, place: int, length: int) -> None:
    assert faults_of_ours(good()[:place] + octets + good()[place + length :]) == []


@given(st.binary(max_size=300))
def test_any_octets_are_judged(octets: bytes) -> None:
    assert faults_of_ours(octets) == []


@pytest.mark.parametrize("name", HUGE)
def test_what_is_huge_is_judged_soon(name: str) -> None:
    started = time.process_time()
    assert faults_of_ours(HUGE[name]) == []
    assert time.process_time() - started < 5
