"""What strangers send is read whatever it is: never an exception, and in time that grows with its length alone."""

from __future__ import annotations

import time
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards.authres.parse import parse_arc_results, parse_results
from deliverkit.standards.authres.weighing import weigh_results
from deliverkit.standards.border import find_border
from deliverkit.standards.date_time import parse_date_time
from deliverkit.standards.dsn import parse_auto_submitted, parse_dsn, parse_typed
from deliverkit.standards.header import HeaderField, split_message
from deliverkit.standards.mime import parse_entity, parse_media_type
from deliverkit.standards.received import journey, parse_received
from deliverkit.standards.spam_headers.read import _READERS, read_spam_headers
from deliverkit.standards.structured import split_at_semicolons, unquote, without_comments

PIECES = [
    *("from ", "by ", "with ", "for ", "id ", "; ", "(", ")", '"', "\\", "<a@b>", "[192.0.2.1]", "[IPv6:::1]", "helo="),
    *("a.example", "spf=pass", "dkim=", "smtp.mailfrom=", "reason=", ".", "/", "=", " ", "\t", "\r\n ", "none", "i=1;"),
    *("Yes, ", "score=1.5", "tests=", "A,", "[", "]", "default: False [1 / 2];", "X(1.0)[", "SCL:5;", "CIP:", "\x00"),
    *("Tue, 24 Nov 2026 10:00:00 +0000", "99:99", "+9999", "0000", "\u202e", "ß", "½", "٣", "\x85"),
]
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=16).map("".join)
NAMES = ["Received", "Authentication-Results", "ARC-Authentication-Results", "X-Any", *_READERS]
FIELDS = st.lists(st.builds(HeaderField, st.sampled_from(NAMES), TEXTS), max_size=8)


@given(TEXTS)
def test_results_give_their_text_back_and_their_spans_lie_in_it(text: str) -> None:
    for parse in (parse_results, parse_arc_results):
        found = parse(text)
        assert str(found) == text
        assert parse(str(found)) == found
        spans = [
            *(result.span for result in found.results),
            *(one.span for result in found.results for one in result.properties),
            *(one.span for result in found.results for one in result.comments),
            *(bad.span for bad in found.malformed),
        ]
        for span in spans:
            assert 0 <= span.start < span.end <= len(text)
        for result in found.results:
            assert result.span.start <= min([one.span.start for one in result.properties], default=result.span.start)


@given(TEXTS)
def test_a_received_field_gives_its_text_back_and_its_clauses_stand_in_it(text: str) -> None:
    found = parse_received(text)
    assert str(found) == text
    places = [clause.span for clause in found.clauses]
    assert all(0 <= span.start < span.end <= len(text) for span in places)
    assert all(one.end <= other.start for one, other in pairwise(places))
    assert len({clause.name for clause in found.clauses}) == len(places)


@given(TEXTS)
def test_comments_leave_every_place_where_it_was(text: str) -> None:
    found = without_comments(text)
    assert len(found.text) == len(text)
    rest = list(text)
    for comment in found.comments:
        assert text[comment.span.start] == "("
        rest[comment.span.start : comment.span.end] = " " * (comment.span.end - comment.span.start)
    assert found.text == "".join(rest)
    parts = split_at_semicolons(found.text)
    assert ";".join(found.text[part.start : part.end] for part in parts) == found.text
    assert isinstance(unquote(text), str)


@given(FIELDS)
def test_any_header_is_weighed(fields: list[HeaderField]) -> None:
    weighed = weigh_results(fields, ["a.example"])
    stated = [*weighed.trusted, *weighed.unproved, *weighed.refused]
    assert sorted(one.index for one in stated) == [
        index for index, field in enumerate(fields) if field.name.endswith("Authentication-Results")
    ]
    border = find_border(fields, ["a.example"])
    assert all(border and one.index < border.index for one in weighed.trusted)
    assert len(journey(fields).legs) == sum(field.name == "Received" for field in fields)


@given(FIELDS)
def test_the_marks_of_any_filter_lie_in_their_field(fields: list[HeaderField]) -> None:
    for verdict in read_spam_headers(fields):
        assert verdict.text == fields[verdict.index].body
        for mark in verdict.marks:
            assert 0 <= mark.span.start <= mark.span.end <= len(verdict.text)
            assert verdict.text[mark.span.start : mark.span.end] in {mark.value, mark.name}


@given(TEXTS)
def test_dates_types_and_keywords_are_read_or_not(text: str) -> None:
    found = parse_date_time(text)
    assert found is None or found.tzinfo is not None
    typed = parse_typed(text)
    assert 0 <= typed.span.start <= typed.span.end <= len(text)
    assert isinstance(parse_auto_submitted(text), str)
    assert parse_media_type(text)[0].count("/") == 1


@given(st.lists(TEXTS, max_size=6), st.binary(max_size=100))
def test_any_message_is_a_notification_or_none(texts: list[str], octets: bytes) -> None:
    head = b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n"
    body = "\n".join(f"Final-Recipient: {text}\nStatus: {text}\n" for text in texts).encode("utf-8", "replace")
    assert parse_dsn(head + body + octets) is not None
    parse_dsn(octets)


class Hostile(NamedTuple):
    name: str
    read: Callable[[str], object]
    begin: str = ""


def _field(name: str) -> Callable[[str], object]:
    return lambda text: read_spam_headers([HeaderField(name, text)])


def _header(text: str) -> object:
    fields = split_message(text.encode()).fields
    return weigh_results(fields, ["a.example"]), read_spam_headers(fields), journey(fields)


def _itself_the_boundary(text: str) -> object:
    return parse_dsn(f"Content-Type: multipart/report; boundary={text[:70]}\n\n{text}".encode())


READERS = [
    Hostile("results", parse_results),
    Hostile("results", parse_results, "a.example; spf=pass "),
    Hostile("results", parse_results, "a.example; spf=pass smtp.mailfrom="),
    Hostile("arc", parse_arc_results, "i=1"),
    Hostile("received", parse_received),
    Hostile("received", parse_received, "from a (b [192.0.2.1]) by "),
    Hostile("date", parse_date_time),
    Hostile("date", parse_date_time, "Tue"),
    Hostile("media type", parse_media_type, "a/b; boundary="),
    Hostile("notification", lambda text: parse_dsn(text.encode())),
    Hostile("notification", _itself_the_boundary),
    Hostile(
        "notification",
        lambda text: parse_dsn(text.encode()),
        "Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\n",
    ),
    Hostile(
        "parts",
        lambda text: parse_entity(text.encode()).parts,
        "Content-Type: multipart/mixed; boundary=b\n\n--b\n",
    ),
    Hostile("header", _header),
    Hostile("header", _header, "Received: "),
    Hostile("header", _header, "Authentication-Results: "),
    *(Hostile(name, _field(name)) for name in ("x-spam-status", "x-spamd-result", "x-forefront-antispam-report")),
    *(Hostile(name, _field(name)) for name in ("x-spam-flag", "x-spam-score", "x-spam-level", "x-rspamd-action")),
    Hostile("x-spam-status", _field("x-spam-status"), "Yes, score=1 tests="),
    Hostile("x-spamd-result", _field("x-spamd-result"), "default: False [1 / 2]; "),
]
REPEATED = [
    *("(", "()", '"', '\\"', "a", "a ", "a.b= ", "a=b;", "a;", " ", "\r\n", "1", "[1", "A(1)["),
    *("SCL:", "\n--b", "\n\n", "A: b\n", "Received: by a\n", "Authentication-Results: a;a=b\n", "Action: failed\n\n"),
]
LIMIT = 1.5  # seconds for 1 MB, many times what it takes; what is quadratic takes minutes


@pytest.mark.parametrize("hostile", READERS, ids=lambda one: f"{one.name}: {one.begin[:30]!r}")
def test_a_megabyte_is_read_in_time_that_grows_with_its_length(hostile: Hostile) -> None:
    slow = {}
    for piece in REPEATED:
        text = hostile.begin + piece * (1_000_000 // len(piece))
        began = time.process_time()
        hostile.read(text)
        took = time.process_time() - began
        if took > LIMIT:
            slow[piece] = took
    assert not slow
