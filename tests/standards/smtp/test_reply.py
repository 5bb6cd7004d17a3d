"""Replies: read from any octets, with what no reply may hold named beside what could be read."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.smtp.reply import is_last, parse_reply, read_usual


def test_one_line() -> None:
    reply = parse_reply([b"250 2.0.0 Ok: queued as 4F2A1\r\n"])
    assert (reply.code, reply.severity, reply.enhanced) == (250, 2, "2.0.0")
    assert reply.joined == "Ok: queued as 4F2A1"
    assert reply.defects == ()


def test_several_lines_repeat_the_enhanced_status_code() -> None:
    reply = parse_reply([b"550-5.7.26 Not accepted:\r\n", b"550 5.7.26 no SPF, no DKIM\r\n"])
    assert (reply.code, reply.enhanced, reply.joined) == (550, "5.7.26", "Not accepted: no SPF, no DKIM")


@pytest.mark.parametrize("line", [b"250\r\n", b"250 \r\n", b"garbage\r\n", b"\n"])
def test_every_line_but_one_with_a_hyphen_is_the_last(line: bytes) -> None:
    assert is_last(line)
    assert not is_last(b"250-more\r\n")


@pytest.mark.parametrize(
    ("lines", "defect"),
    [
        ([b"hello\r\n"], "a line does not begin with a reply code"),
        ([b"250-a\r\n", b"550 b\r\n"], "its lines bear different codes"),
        ([b"250 a\n"], "a line does not end with CRLF"),
        ([b"250 " + b"a" * 600 + b"\r\n"], "a line is longer than 512 octets"),
        ([b"550 4.7.1 no\r\n"], "the enhanced status code 4.7.1 contradicts 550"),
    ],
)
def test_defects(lines: list[bytes], defect: str) -> None:
    assert parse_reply(lines).defects == (defect,)


@given(st.lists(st.binary(max_size=80), max_size=5))
def test_any_octets_are_read(lines: list[bytes]) -> None:
    reply = parse_reply(lines)
    assert reply.code == 0 or 200 <= reply.code <= 599
    assert len(reply.text) == len(lines)


@given(st.from_regex(r"[1-6²]{1,2}\.[0-9٣x]{0,4}(\.[0-9]{0,4}){0,2}[ =\t\r]?[a1. ]{0,3}", fullmatch=True))
def test_enhanced_status_codes_are_what_the_standard_says(text: str) -> None:
    said = parse_reply([f"250 {text}\r\n".encode()])
    found = re.match(r"([245])\.([0-9]{1,3})\.([0-9]{1,3})(?= |$)", said.text[0], re.ASCII)  # RFC 3463 §2
    assert said.enhanced == (found[0] if found else "")


@given(st.text("aZ09-= \té\r", max_size=8))
def test_keywords_are_what_the_standard_says(line: str) -> None:
    reply = parse_reply([b"250-host\r\n", f"250 {line}\r\n".encode()])
    found = re.match(r"[A-Za-z0-9][A-Za-z0-9-]*(?=[ =]|$)", reply.text[1], re.ASCII)  # RFC 5321 §4.1.1.1
    rest = reply.text[1][found.end() :].strip(" =") if found else ""
    assert reply.extensions == ({found[0].upper(): " ".join(dict.fromkeys(rest.split()))} if found else {})


def test_extensions() -> None:
    reply = parse_reply(
        [
            b"250-mx1.good.example greets\r\n",
            b"250-SIZE 10240000\r\n",
            b"250-auth=LOGIN PLAIN\r\n",
            b"250-AUTH PLAIN\r\n",
            b"250 STARTTLS\r\n",
        ]
    )
    assert reply.extensions == {"SIZE": "10240000", "AUTH": "LOGIN PLAIN", "STARTTLS": ""}
    assert parse_reply([b"500 what\r\n"]).extensions == {}


@given(
    st.lists(st.sampled_from([b"250-a", b"250 b", b"550", b"what", b"\r", b"\r\n", b"\n", b"\x00"]), max_size=8).map(
        b"".join
    )
)
def test_octets_that_are_one_reply_are_read_as_its_lines_are_and_others_are_not(octets: bytes) -> None:
    lines = tuple(line + b"\n" for line in octets.split(b"\n")[:-1])
    is_one = octets.endswith(b"\n") and [at for at, line in enumerate(lines, 1) if is_last(line)] == [len(lines)]
    assert read_usual(octets) == ((lines, parse_reply(lines)) if is_one else None)
