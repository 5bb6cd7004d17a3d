"""MTA-STS policies: what counts, what matches, where a fault stands."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deliverkit.standards import tlsrpt
from deliverkit.standards.mta_sts.policy import MAX_AGE, Mode, matches, parse_policy
from deliverkit.standards.mta_sts.record import looks_like_sts, parse_record

TEXT = "version: STSv1\nmode: enforce\nmx: mx1.good.example\nmx: *.good.example.\nmax_age: 604800\n"


@pytest.mark.parametrize(
    ("pattern", "host", "expected"),
    [
        ("mx1.good.example", "mx1.good.example", True),
        ("MX1.Good.Example.", "mx1.good.example", True),
        ("mx1.good.example", "MX1.good.example.", True),
        ("mx1.good.example", "mx2.good.example", False),
        ("*.good.example", "mx1.good.example", True),
        ("*.good.example.", "mx1.good.example", True),
        ("*.good.example", "a.mx1.good.example", False),
        ("*.good.example", "good.example", False),
        ("*.good.example", ".good.example", False),
        ("bücher.example", "xn--bcher-kva.example", True),
        ("*.xn--bcher-kva.example", "mx.bücher.example", True),
    ],
)
def test_a_pattern_means_hosts(pattern: str, host: str, expected: bool) -> None:  # noqa: FBT001
    assert matches(pattern, host) is expected


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_policy_is_read(end: str) -> None:
    policy = parse_policy(TEXT.replace("\n", end))
    assert (policy.mode, policy.max_age, policy.patterns) == (
        Mode.ENFORCE,
        604800,
        ("mx1.good.example", "*.good.example."),
    )
    assert policy.is_valid
    assert policy.defects == ()
    assert policy.matches("mx2.good.example")


def test_the_first_of_equal_keys_counts() -> None:
    policy = parse_policy(TEXT + "mode: none\nmax_age: 1\n")
    assert (policy.mode, policy.max_age, policy.is_valid) == (Mode.ENFORCE, 604800, True)
    assert [(defect.name, defect.is_fatal) for defect in policy.defects] == [("mode", False), ("max_age", False)]


def test_a_policy_is_kept_for_a_year_at_most() -> None:
    policy = parse_policy(TEXT.replace("604800", "31557601"))
    assert (policy.max_age, policy.is_valid) == (MAX_AGE, True)
    assert [defect.reason for defect in policy.defects] == ["max_age is at most 31557600"]
    assert parse_policy(TEXT.replace("604800", "31557600")).defects == ()


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (TEXT.replace("enforce", "enforced"), "mode: enforced"),
        (TEXT.replace("mx: mx1", "mx mx1"), "mx mx1.good.example"),
        (TEXT.replace("604800", "a week"), "max_age: a week"),
        (TEXT.replace("*.", "*.*."), "mx: *.*.good.example."),
    ],
)
def test_a_defect_has_its_place(text: str, marked: str) -> None:
    [defect] = parse_policy(text).fatal
    assert text[defect.span.start : defect.span.end] == marked


@given(st.text(alphabet="v=STSv1;TLRPT idrua:mxode_ag\n\r\t.*é0:,", max_size=80))
def test_nothing_is_too_odd_to_be_read(text: str) -> None:
    for defect in (*parse_policy(text).defects, *parse_record(text).defects, *tlsrpt.parse_record(text).defects):
        assert 0 <= defect.span.start <= defect.span.end <= len(text)
    assert isinstance(looks_like_sts(text), bool)
    assert all(0 <= uri.span.start <= uri.span.end <= len(text) for uri in tlsrpt.parse_record(text).uris)


def test_the_hosts_of_reports() -> None:
    record = tlsrpt.parse_record("v=TLSRPTv1; rua=mailto:tls@good.example?x=y, https://reports.example/a")
    assert [uri.host for uri in record.uris] == ["good.example", "reports.example"]
    assert record.is_valid
    spoilt = tlsrpt.parse_record("v=TLSRPTv1; rua=http://a.example,tls@b.example,mailto:x,https:///a,mailto:a!1m@b.c")
    assert [bool(uri.reason) for uri in spoilt.uris] == [True] * 5


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("9" * 20, f"max_age has more than ten digits, and {MAX_AGE} is the most"),
        ("soon", "max_age is no number of seconds"),
        ("٣", "max_age is no number of seconds"),
    ],
)
def test_a_number_that_is_too_large_is_called_a_number(value: str, said: str) -> None:
    """RFC 8461 §3.2: one to ten digits."""
    [defect] = parse_policy(TEXT.replace("604800", value)).fatal
    assert defect.reason == said
