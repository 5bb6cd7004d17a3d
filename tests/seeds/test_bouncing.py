"""Which copy a bounce is about."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from deliverkit.observations.mailbox import Arrival
from deliverkit.observations.seeds import Bounce, Copy
from deliverkit.seeds.bouncing import MOST_SAID, bounces_in
from deliverkit.seeds.copies import CONTROL_SUBJECT
from tests.seeds.arriving import ADA, BOB, HOUR, OTHER_TOKEN, TOKEN, arrival, at, copy, found, report, seed_test

COPIES = (copy(), copy(OTHER_TOKEN, BOB))


def about(*arrivals: Arrival, copies: tuple[Copy, ...] = COPIES) -> list[str]:
    return found(bounces_in(seed_test(*copies), arrivals, patience=HOUR))


def test_a_bounce_is_told_as_it_stands() -> None:
    ((token, bounce),) = bounces_in(seed_test(), [report(ADA, f"Message-ID: <{TOKEN}@shop.example>")], patience=HOUR)
    assert token == TOKEN
    assert bounce == Bounce(at(90), "failed", "5.1.1", "550 5.1.1 unknown", "mx1.north.example")


def test_a_token_in_what_came_back_names_the_copy_whoever_the_recipient_is() -> None:
    assert about(report("forwarded@elsewhere.example", f"X-Deliverkit-Seed: {OTHER_TOKEN}", seconds=10**7)) == [
        OTHER_TOKEN
    ]


def test_so_does_a_token_in_the_report_s_own_header() -> None:
    assert about(report("x@elsewhere.example", more=f"References: <{TOKEN}@shop.example>")) == [TOKEN]


def test_without_a_token_the_recipient_names_it() -> None:
    assert about(report(ADA.upper())) == [TOKEN]
    assert about(report(BOB, "Subject: Spring sale\nMessage-ID: <1@esp.example>")) == [OTHER_TOKEN]


def test_what_is_not_about_the_test() -> None:
    assert about(report("nobody@north.example")) == []
    assert about(report(ADA, "Subject: Another campaign")) == []
    assert about(report(ADA, f"X-Deliverkit-Seed: dk{'9' * 24}")) == []
    assert about(report(ADA, seconds=3601)) == []
    assert about(report(ADA, action="shouted")) == []
    assert about(arrival(f"Subject: Undelivered\nX-Deliverkit-Seed: {TOKEN}")) == []


def test_message_and_control_are_told_apart_by_the_subject_alone() -> None:
    both = (copy(), copy(OTHER_TOKEN, is_control=True))
    assert about(report(ADA, f"Subject: {CONTROL_SUBJECT}"), copies=both) == [OTHER_TOKEN]
    assert about(report(ADA, "Subject: Spring sale"), copies=both) == [TOKEN]
    assert about(report(ADA), copies=both) == []


def test_a_long_diagnostic_is_cut_to_one_line() -> None:
    long = report(ADA)
    body = long.body.replace(b"550 5.1.1 unknown", b"550 5.1.1 a\r\n b " + b"x" * 9000)
    ((_, bounce),) = bounces_in(seed_test(), [long._replace(body=body)], patience=HOUR)
    assert bounce.diagnostic.startswith("550 5.1.1 a b x")
    assert len(bounce.diagnostic) == MOST_SAID


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_whatever_arrives_nothing_is_raised(header: bytes, body: bytes) -> None:
    one = report(ADA)
    hostile = one._replace(header=one.header[:-2] + header, body=one.body[:150] + body + one.body[150:])
    assert set(about(hostile)) <= {TOKEN, OTHER_TOKEN}
