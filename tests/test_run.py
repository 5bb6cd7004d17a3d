"""The run: what a check's yield comes to, the graph of facts, many targets."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from zlib import crc32

import pytest

from deliverkit.clients import Clients
from deliverkit.clients.trace import MOST_QUESTIONS
from deliverkit.facts import Expectations, MailHosts, MxSet
from deliverkit.model import Absent, Check, Finding, Outcome, Severity, not_applicable, rfc, unknown
from deliverkit.observations import CHOSEN, Answer, Instant, Place, ResourceRecord, Status
from deliverkit.profiles import PROFILES, choose
from deliverkit.report import Report, Target
from deliverkit.run import AT_ONCE, examine, examine_all, judge

FOUND = Finding("a fault")
NOW = Instant(datetime(2026, 11, 22, tzinfo=UTC))


def checking(*items: Finding | Absent) -> Check:
    def yields(_: Expectations) -> Iterator[Finding | Absent]:
        yield from items

    return Check("MX004", "x", "mx", Severity.WARNING, (rfc(5321, "5.1"),), "0.1", "", (Expectations,), yields)


@pytest.mark.parametrize(
    ("items", "outcome"),
    [
        ((), Outcome.PASS),
        ((FOUND,), Outcome.FAIL),
        ((unknown("u"),), Outcome.UNKNOWN),
        ((not_applicable("n"),), Outcome.NOT_APPLICABLE),
        ((FOUND, unknown("u")), Outcome.FAIL),
        ((not_applicable("n"), unknown("u")), Outcome.UNKNOWN),
    ],
)
def test_what_a_check_yields_folds_to_one_outcome(items: tuple[Finding | Absent, ...], outcome: Outcome) -> None:
    result = judge(checking(*items), choose("domain"), {Expectations: Expectations()})
    assert result.outcome is outcome


@pytest.mark.parametrize("absent", [unknown("timeout"), not_applicable("null MX")])
def test_a_missing_fact_decides_for_the_check(absent: Absent) -> None:
    result = judge(checking(FOUND), choose("domain"), {Expectations: absent})
    assert (result.outcome, result.reasons, result.findings) == (absent.outcome, (absent.reason,), ())


def test_the_profile_decides_how_much_it_matters() -> None:
    profile = replace(choose("domain"), severities={"MX004": Severity.ERROR})
    assert judge(checking(FOUND), profile, {Expectations: Expectations()}).severity is Severity.ERROR


@pytest.mark.parametrize(
    ("weights", "severity"),
    [
        ((Severity.NOTE,), Severity.NOTE),
        ((Severity.ERROR,), Severity.WARNING),
        ((Severity.NOTE, Severity.ERROR), Severity.WARNING),
    ],
)
def test_a_finding_can_make_it_matter_less_and_never_more(weights: tuple[Severity, ...], severity: Severity) -> None:
    found = checking(*(replace(FOUND, at_most=weight) for weight in weights))
    assert judge(found, choose("domain"), {Expectations: Expectations()}).severity is severity


class Slow:
    """Answers that nothing is there, after a moment, and counts how many wait at the same time."""

    def __init__(self) -> None:
        self.waiting: set[str] = set()
        self.most = 0

    async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
        if rdtype == "MX" and name.removesuffix(".example").startswith("d") and name.count(".") == 1:
            self.waiting.add(name)
            self.most = max(self.most, len(self.waiting))
        await asyncio.sleep(0.01)
        self.waiting.discard(name)
        soa = ResourceRecord("example", "SOA", 60, "ns. h. 1 2 3 4 5")
        return Answer(name, rdtype, Status.NODATA, soa=soa, checking_disabled=checking_disabled, at=at)


def test_many_targets_are_examined_a_bounded_number_at_once() -> None:
    slow = Slow()
    targets = [Target(f"d{number}.example", "") for number in range(100)]

    async def work() -> list[tuple[int, Report]]:
        return [found async for found in examine_all(targets, choose("domain"), Clients(slow, NOW))]

    reports = asyncio.run(work())
    assert sorted(number for number, _ in reports) == list(range(100))
    assert all(targets[number] == report.target for number, report in reports)
    assert 1 < slow.most <= AT_ONCE


def test_only_what_the_checks_need_is_learnt() -> None:
    report = asyncio.run(examine(Target("d.example", ""), choose("domain", only=["MX001"]), Clients(Slow(), NOW)))
    assert {asked.answer.rdtype for asked in report.trace.asked} == {"MX", "SOA", "A", "AAAA"}
    assert not any(
        asked.answer.name.startswith("deliverkit-") and asked.answer.rdtype == "MX" for asked in report.trace.asked
    )
    assert isinstance(report.fact(MxSet), MxSet)
    assert isinstance(report.fact(MailHosts), MailHosts)
    assert report.fact(int) == not_applicable("no check of this run needed it")


def test_an_error_of_ours_is_unknown_and_says_so() -> None:
    class Broken:
        async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
            raise ZeroDivisionError(name, rdtype, checking_disabled, at)

    report = asyncio.run(examine(Target("d.example", ""), choose("domain", only=["MX028"]), Clients(Broken(), NOW)))
    [result] = report.results
    assert result.outcome is Outcome.UNKNOWN
    assert "internal error of deliverkit" in result.reasons[0]


def test_an_error_of_ours_in_a_check_is_unknown_too() -> None:
    def broken(_: Expectations) -> list[Finding | Absent]:
        raise ZeroDivisionError

    result = judge(replace(checking(), judge=broken), choose("domain"), {Expectations: Expectations()})
    assert (result.outcome, len(result.reasons)) == (Outcome.UNKNOWN, 1)


def test_one_target_may_cost_so_much_and_no_more() -> None:
    class Endless:
        """Thirty exchangers with thirty addresses each, whose names are as many again."""

        async def query(self, name: str, rdtype: str, *, checking_disabled: bool = False, at: Place = CHOSEN) -> Answer:
            data = {
                "MX": [f"{n} h{n}.x.example." for n in range(30)],
                "A": [f"11.{crc32(name.encode()) % 256}.{crc32(name.encode()) >> 24}.{n}" for n in range(30)],
            }
            data["PTR"] = [f"p{n}.{name}." for n in range(9)]
            records = tuple(ResourceRecord(name, rdtype, 60, text) for text in data.get(rdtype, []))
            status = Status.NOERROR if records else Status.NODATA
            return Answer(name, rdtype, status, records, checking_disabled=checking_disabled, at=at)

    report = asyncio.run(examine(Target("d.example", ""), choose("domain"), Clients(Endless(), NOW)))
    assert len(report.trace.asked) <= MOST_QUESTIONS
    assert any("UNASKED" in reason for result in report.of(Outcome.UNKNOWN) for reason in result.reasons)


@pytest.mark.parametrize("name", PROFILES)
def test_every_profile_names_checks_that_exist(name: str) -> None:
    profile = choose(name)
    assert set(profile.severities) <= {check.code for check in profile.selected()}
    assert profile.description
