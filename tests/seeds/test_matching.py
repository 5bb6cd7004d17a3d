"""Which copy a message is."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deliverkit.observations.mailbox import Arrival
from deliverkit.seeds.copies import CONTROL_SUBJECT
from deliverkit.seeds.matching import How, Matches, is_same_subject, match
from tests.seeds.arriving import (
    ADA,
    BOB,
    HOUR,
    INBOX,
    JUNK,
    OTHER_TOKEN,
    TOKEN,
    TOKEN_OF_TEST,
    arrival,
    copy,
    esp_header,
    report,
    seed_test,
)


def matched(*arrivals: Arrival, addresses: tuple[str, ...] = (ADA,), **values: object) -> Matches:
    copies = values.pop("copies", (copy(), copy(OTHER_TOKEN, BOB)))
    test = seed_test(*copies, **values)  # type: ignore[misc,arg-type]
    return match(test, addresses, arrivals, patience=HOUR)


def hows(matches: Matches) -> list[tuple[str, How]]:
    return [(one.copy, one.how) for one in matches.found]


@pytest.mark.parametrize(
    ("header", "how"),
    [
        (f"X-Deliverkit-Seed: {TOKEN}", How.FIELD),
        (f"x-deliverkit-SEED:\n {TOKEN.upper()}", How.FIELD),
        (f"Message-ID: <{TOKEN}@shop.example>", How.MESSAGE_ID),
        (f"X-Original-Message-ID: <{TOKEN}@shop.example>", How.HEADER),
        (f"List-Unsubscribe: <https://esp.example/u?x={TOKEN}&y=1>", How.HEADER),
        (f"X-Deliverkit-Seed: {OTHER_TOKEN}\nMessage-ID: <{TOKEN}@shop.example>", How.MESSAGE_ID),
    ],
)
def test_a_token_names_the_copy(header: str, how: How) -> None:
    assert hows(matched(arrival(header))) == [(TOKEN, how)]


@pytest.mark.parametrize(
    "header",
    [
        f"In-Reply-To: <{TOKEN}@shop.example>\nSubject: Out of office",
        f"References: <x@y> <{TOKEN}@shop.example>\nSubject: Re: Spring sale",
        f"X-Deliverkit-Seed: {OTHER_TOKEN}",
        f"Subject: {TOKEN[:-1]}",
        "Subject: Spring sale\nFrom: a@elsewhere.example",
        "Subject: Winter sale\nFrom: news@shop.example",
        f"{esp_header()}\nX-Deliverkit-Seed: dk{'9' * 24}",
    ],
)
def test_what_is_no_copy(header: str) -> None:
    assert matched(arrival(header)) == Matches()


def test_a_report_is_no_copy() -> None:
    assert matched(report(ADA, f"X-Deliverkit-Seed: {TOKEN}", more=f"X-Deliverkit-Seed: {TOKEN}")) == Matches()


@pytest.mark.parametrize("is_external", [True, False])
def test_what_a_platform_rewrote_is_found_by_what_it_leaves(*, is_external: bool) -> None:
    matches = matched(arrival(esp_header(), folder=JUNK), is_external=is_external)
    assert hows(matches) == [(TOKEN, How.LIKENESS)]
    assert matches.notes == ()


@pytest.mark.parametrize(("seconds", "is_found"), [(-899, True), (-901, False), (3600, True), (3601, False)])
def test_only_what_came_in_time_is_found_so(seconds: float, *, is_found: bool) -> None:
    assert bool(matched(arrival(esp_header(), seconds)).found) is is_found


@pytest.mark.parametrize(
    ("author", "signer", "is_found"),
    [
        ("news@shop.example", "esp.example", True),
        ("news@mail.shop.example", "esp.example", True),
        ("news@esp.example", "shop.example", True),
        ("news@esp.example", "example", False),
        ("news@esp.example", "myshop.example", False),
        ("shop.example", "esp.example", False),
    ],
)
def test_from_or_a_signature_names_the_domain(author: str, signer: str, *, is_found: bool) -> None:
    header = f"Subject: Spring sale\nFrom: {author}\nDKIM-Signature: d={signer}; s=k; b=x"
    assert bool(matched(arrival(header)).found) is is_found


def test_the_test_s_own_token_finds_the_copy_of_its_mailbox() -> None:
    header = f"X-Deliverkit-Seed: {TOKEN_OF_TEST}\nTo: <{BOB}>"
    copies = (copy(is_control=True), copy(OTHER_TOKEN, BOB))
    assert hows(matched(arrival(header), addresses=(BOB,), copies=copies)) == [(OTHER_TOKEN, How.TEST)]


def test_two_addresses_that_share_a_mailbox_are_told_apart() -> None:
    first, second = arrival(esp_header(to=BOB)), arrival(esp_header(to=ADA, message_id="2@esp.example"), uid=2)
    matches = matched(first, second, addresses=(ADA, BOB))
    assert [one.copy for one in matches.found] == [OTHER_TOKEN, TOKEN]
    token = arrival(f"X-Deliverkit-Seed: {TOKEN_OF_TEST}\nDelivered-To: {BOB}")
    assert [one.copy for one in matched(token, addresses=(ADA, BOB)).found] == [OTHER_TOKEN]
    nobody = arrival(f"X-Deliverkit-Seed: {TOKEN_OF_TEST}")
    assert matched(nobody, addresses=(ADA, BOB)) == Matches()


def test_the_control_is_found_by_its_own_subject() -> None:
    copies = (copy(), copy(OTHER_TOKEN, is_control=True))
    matches = matched(arrival(esp_header(CONTROL_SUBJECT)), copies=copies)
    assert [one.copy for one in matches.found] == [OTHER_TOKEN]


def test_of_several_the_earliest_counts_and_that_is_said() -> None:
    late = arrival(esp_header(message_id="late@esp.example"), 120)
    early = arrival(esp_header(message_id="early@esp.example"), 60, uid=2)
    again = arrival(esp_header(message_id="early@esp.example"), 61, folder=JUNK)
    matches = matched(late, early, again)
    assert [one.arrival for one in matches.found] == [early, again]
    assert matches.notes == (f"{ADA} got 2 messages that are like the test's: the first counts",)


def test_what_is_known_already_stays_the_copy() -> None:
    known = arrival(esp_header(message_id="known@esp.example"), 100)
    other = arrival(esp_header(message_id="other@esp.example"), 50)
    moved = arrival(esp_header(message_id="known@esp.example"), 100, folder=JUNK)
    copies = (copy(arrivals=(known,)),)
    matches = matched(other, moved, copies=copies)
    assert [one.arrival for one in matches.found] == [moved]
    assert len(matches.notes) == 1
    with_token = (copy(arrivals=(arrival(f"X-Deliverkit-Seed: {TOKEN}"),)),)
    assert matched(other, copies=with_token) == Matches()


@pytest.mark.parametrize(
    ("subject", "is_same"),
    [
        ("Spring sale", True),
        ("  SPRING \t sale ", True),
        ("=?utf-8?q?Spring?= =?utf-8?b?IHNhbGU=?=", True),
        ("[Test] Spring sale", True),
        ("*****SPAM***** Spring sale", True),
        ("{first}, Spring sale", True),
        ("Re: Spring sale", False),
        ("AW: Spring sale", False),
        ("Offspring sale", False),
        ("Spring sale ends today", False),
        (f"{'x' * 60}: Spring sale", False),
        ("=?no-such-charset?q?x?=", False),
        ("", False),
    ],
)
def test_subjects(subject: str, *, is_same: bool) -> None:
    assert is_same_subject(subject, "Spring sale") is is_same


def test_no_subject_is_like_none_but_itself() -> None:
    assert is_same_subject("", "")
    assert not is_same_subject("Hello", "")
    assert is_same_subject("Bu\u0308cher", "B\u00fccher")


LINES = st.lists(
    st.sampled_from(
        [
            "Subject: Spring sale",
            "From: news@shop.example",
            "From: " + "(" * 5000,
            "To: " + "<" * 50,
            f"X-Deliverkit-Seed: {TOKEN}",
            f"X-Deliverkit-Seed: {TOKEN_OF_TEST}",
            f"Message-ID: <{OTHER_TOKEN}@x>",
            "Message-ID:",
            "Subject: =?utf-8?b?////?=",
            "DKIM-Signature: d=\u00e4.\udcff; s=",
            "Content-Type: multipart/report",
        ]
    )
    | st.text(max_size=60),
    max_size=8,
)


@given(messages=st.lists(st.tuples(LINES, st.integers(-(10**6), 10**6)), max_size=4), is_external=st.booleans())
@example(messages=[(["From: " + "(" * 5000, "Subject: Spring sale"], 0)], is_external=True)
def test_whatever_arrives_nothing_is_raised(messages: list[tuple[list[str], int]], *, is_external: bool) -> None:
    arrivals = [
        arrival("\n".join(lines).encode("utf-8", "replace").decode(), seconds, folder=INBOX, uid=uid)
        for uid, (lines, seconds) in enumerate(messages)
    ]
    matches = matched(*arrivals, addresses=(ADA, BOB), is_external=is_external)
    assert {one.copy for one in matches.found} <= {TOKEN, OTHER_TOKEN}
    assert [one.arrival for one in matches.found] == [
        one for one in arrivals if one in {m.arrival for m in matches.found}
    ]


@given(LINES)
def test_a_token_always_wins(lines: list[str]) -> None:
    noise = "\n".join(line for line in lines if "multipart" not in line).encode("utf-8", "replace").decode()
    named = arrival(f"X-Deliverkit-Seed: {TOKEN}\nX-Noise: x\n{noise}", 10**7)
    like = arrival(esp_header(), uid=2)
    matches = matched(named, like)
    assert [(one.copy, one.arrival) for one in matches.found] == [(TOKEN, named)]


def test_patience_bounds_likeness() -> None:
    test = seed_test()
    assert match(test, (ADA,), [arrival(esp_header(), 60)], patience=timedelta(seconds=59)).found == ()
