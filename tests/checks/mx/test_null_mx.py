"""MX005: a null MX."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.null_mx import null_mx
from deliverkit.model import Outcome, Severity
from tests.building import finding, fix_of, judged, mx_set, underlined


def test_the_dot_of_the_exchange_is_underlined_and_no_other() -> None:
    found = finding(null_mx, mx_set("0 ."))
    [evidence] = found.evidence
    assert found.message.startswith("good.example accepts no mail")
    assert underlined(evidence) == "."
    assert evidence.span is not None
    assert evidence.span.end == len(evidence.text)
    assert fix_of(found).remove == ("good.example.  3600  IN  MX  0 .",)


def test_the_preference_changes_nothing() -> None:
    assert judged(null_mx, mx_set("10 .")).outcome is Outcome.FAIL


def test_several_null_records_are_one_null_mx() -> None:
    found = finding(null_mx, mx_set("0 .", "10 ."))
    assert [underlined(evidence) for evidence in found.evidence] == [".", "."]
    assert fix_of(found).remove == ("good.example.  3600  IN  MX  0 .", "good.example.  3600  IN  MX  10 .")


def test_who_sends_is_not_told_that_nothing_is_to_be_done() -> None:
    actions = [fix_of(finding(null_mx, mx_set("0 ."), profile=name)).action for name in ("domain", "sending")]
    assert [action.startswith("nothing, if the domain") for action in actions] == [True, False]


@pytest.mark.parametrize("data", [(), ("0 .", "10 mx1.good.example.")])
def test_without_a_record_or_beside_a_host_it_is_none(data: tuple[str, ...]) -> None:
    assert judged(null_mx, mx_set(*data)).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("profile", "outcome", "severity"),
    [
        ("domain", Outcome.FAIL, Severity.NOTE),
        ("sending", Outcome.FAIL, Severity.ERROR),
        ("parked", Outcome.PASS, Severity.NOTE),
    ],
)
def test_the_profile_decides_what_it_means(profile: str, outcome: Outcome, severity: Severity) -> None:
    result = judged(null_mx, mx_set("0 ."), profile=profile)
    assert (result.outcome, result.severity) == (outcome, severity)
