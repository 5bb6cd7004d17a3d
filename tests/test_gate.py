"""The gate: which answer follows from which results, in which order the reasons stand, and what its digest covers."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from deliverkit.checks.registry import checks_of
from deliverkit.gate import Answer, Gate, Terms, decide
from deliverkit.model import Check, Finding, Outcome, Result, Severity, Waiver
from deliverkit.observations import Answer as DnsAnswer
from deliverkit.observations import Asked, Instant, ResourceRecord, Status
from deliverkit.report import Report, Target, Trace

NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FIRST, SECOND, THIRD, *_ = checks_of("mx")
SHARES = {"Gmail": 0.5, "Yahoo": 0.2}


def result(
    check: Check = FIRST, outcome: Outcome = Outcome.FAIL, severity: Severity = Severity.ERROR, *touches: str
) -> Result:
    findings = (Finding("it is broken", touches=touches),) if outcome is Outcome.FAIL else ()
    return Result(check, severity, outcome, findings, ("nobody answered",) if outcome is Outcome.UNKNOWN else ())


def report(*results: Result, answers: tuple[DnsAnswer, ...] = ()) -> Report:
    trace = Trace(tuple(Asked(answer, 1) for answer in answers), 0.1)
    return Report(Target("shop.example", "shop.example"), "sending", Instant(NOON), {}, results, {}, trace)


def answer(name: str, rdtype: str, data: str, ttl: int) -> DnsAnswer:
    return DnsAnswer(name, rdtype, Status.NOERROR, (ResourceRecord(name, rdtype, ttl, data),))


def gate(*results: Result, message: str = "", answers: tuple[DnsAnswer, ...] = ()) -> Gate:
    return decide(Terms("spring", SHARES, given={"message": message}), [report(*results, answers=answers)], NOON)


@pytest.mark.parametrize(
    ("results", "expected"),
    [
        ([], Answer.GO),
        ([result(outcome=Outcome.PASS)], Answer.GO),
        ([result(severity=Severity.WARNING)], Answer.GO),
        ([result(outcome=Outcome.WAIVED)], Answer.GO),
        ([result(outcome=Outcome.UNKNOWN, severity=Severity.WARNING)], Answer.GO),
        ([result(outcome=Outcome.UNKNOWN)], Answer.CANNOT_TELL),
        ([result()], Answer.NO_GO),
        ([result(outcome=Outcome.UNKNOWN), result(SECOND)], Answer.NO_GO),
    ],
)
def test_the_answer(results: list[Result], expected: Answer) -> None:
    assert gate(*results).answer is expected


def test_reasons_stand_by_the_audience_that_they_touch() -> None:
    found = gate(
        result(FIRST, Outcome.FAIL, Severity.ERROR, "Yahoo"),
        result(SECOND, Outcome.FAIL, Severity.ERROR, "Gmail"),
        result(THIRD),
    )
    assert [one.result.check for one in found.blockers] == [THIRD, SECOND, FIRST]
    assert [one.reach for one in found.blockers] == [1.0, 0.5, 0.2]
    assert found.reach == 1.0


def test_what_two_reasons_touch_together_counts_once() -> None:
    both = ("Gmail", "Yahoo")
    found = gate(
        result(FIRST, Outcome.FAIL, Severity.ERROR, *both), result(SECOND, Outcome.FAIL, Severity.ERROR, "Gmail")
    )
    assert found.reach == pytest.approx(0.7)
    assert found.blockers[0].touches == both


def test_without_shares_a_reason_of_one_provider_has_no_reach() -> None:
    found = decide(Terms("spring", {}), [report(result(FIRST, Outcome.FAIL, Severity.ERROR, "Gmail"))], NOON)
    assert found.blockers[0].reach is None
    assert found.reach is None


@pytest.mark.parametrize(
    ("shares", "name", "reach"),
    [
        ({"Gmail": 0.5, "Yahoo": 0.5}, "GMX", 0.0),
        ({"Gmail": 0.5, "GMX": 0.0}, "GMX", 0.0),
        ({"Gmail": 0.5}, "GMX", None),
    ],
)
def test_providers_that_are_not_named_may_have_readers_among_the_rest(
    shares: dict[str, float], name: str, reach: float | None
) -> None:
    found = decide(Terms("spring", shares), [report(result(FIRST, Outcome.FAIL, Severity.ERROR, name))], NOON)
    assert (found.blockers[0].reach, found.reach) == (reach, reach)


def waived(severity: Severity, until: date) -> Result:
    return Result(FIRST, severity, Outcome.WAIVED, waiver=Waiver(FIRST.code, "soon", until))


def test_it_holds_no_longer_than_the_waivers_that_let_it_through() -> None:
    end = date(2026, 11, 26)
    assert gate(waived(Severity.ERROR, end)).until.isoformat(timespec="minutes") == "2026-11-26T23:59+00:00"
    assert gate(waived(Severity.WARNING, end)).until == NOON + timedelta(hours=48)
    assert gate(waived(Severity.ERROR, date.max)).until == NOON + timedelta(hours=48)
    assert len(gate(waived(Severity.ERROR, end)).let_through) == 1


def test_it_holds_for_two_days() -> None:
    assert gate().until == NOON + timedelta(hours=48)


def test_the_digest_changes_with_what_was_given_and_with_the_domains_records() -> None:
    mx = answer("shop.example", "MX", "10 mx.shop.example.", 60)
    later = answer("shop.example", "MX", "10 mx.shop.example.", 59)
    moved = answer("shop.example", "MX", "10 mx2.shop.example.", 60)
    foreign = answer("mx.other.example", "A", "11.0.0.1", 60)
    digest = gate(message="one", answers=(mx,)).basis.digest
    assert digest == gate(message="one", answers=(later, foreign)).basis.digest
    assert digest != gate(message="one", answers=(moved,)).basis.digest
    assert digest != gate(message="another", answers=(mx,)).basis.digest
