"""Every lab world yields exactly the codes that it names, and no other."""

from __future__ import annotations

from functools import cache

import pytest

from deliverkit.lab.world import load, names
from deliverkit.model import Outcome, Severity
from deliverkit.observations import Status
from tests.judging import Judged, judge

# Domains as they are out there, and well: a fault found in one of them is a fault of the check.
CALIBRATION = (
    "cloudflare-routing",
    "dkim-google-workspace",
    "dkim-microsoft365",
    "fastmail",
    "gmail",
    "gmail-protected",
    "google-workspace",
    "icloud",
    "microsoft365-dane",
    "microsoft365-tenant",
    "mimecast-tenant",
    "outlook",
    "proofpoint-tenant",
    "spf-good",
    "spf-google-workspace",
    "spf-parked",
    "yahoo",
)


@cache
def judged(name: str) -> Judged:
    return judge(load(name))


@pytest.mark.parametrize("name", names())
def test_a_world_yields_exactly_its_codes(name: str) -> None:
    world, found = load(name), judged(name)
    assert found.codes == list(world.codes)
    others = [r.check.code for r in found.report.results if r.check.code not in {*world.codes, *world.passed}]
    assert found.unknown == (others if world.unknown == ("*",) else list(world.unknown))


@pytest.mark.parametrize("name", CALIBRATION)
def test_a_well_run_domain_gives_no_error_and_no_warning(name: str) -> None:
    report = judged(name).report
    assert [r.check.code for r in report.of(Outcome.FAIL) if r.severity > Severity.NOTE] == []
    assert report.of(Outcome.UNKNOWN) == ()


@pytest.mark.parametrize("name", names())
def test_no_question_is_asked_twice_but_to_try_again(name: str) -> None:
    """Retries after silence or SERVFAIL, and TCP after truncation, are the same question; all else is asked once."""
    world, found = load(name), judged(name)
    sent = {(q.name, q.rdtype, q.checking_disabled, q.server, q.number) for q in found.questions}
    asked = [question[:4] for question in sent]
    faults = {fault.do for fault in world.faults} | {server.do for server in world.servers}
    if not faults & {"silent", "servfail", "truncated", "no-tcp"}:
        assert len(asked) == len(set(asked))
    reached = [a.answer for a in found.report.trace.asked if a.answer.status is not Status.UNREACHABLE]
    traced = [(a.name, a.rdtype, a.checking_disabled, a.at.server or world.resolver.address) for a in reached]
    assert len(traced) == len(set(traced))
    assert set(traced) == set(asked)
