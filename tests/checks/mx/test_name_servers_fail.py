"""MX023: name servers that do not answer."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.name_servers_fail import name_servers_fail
from deliverkit.model import Outcome
from deliverkit.observations import ExtendedError, Status
from tests.building import SILENT, finding, judged, mx_lookup

FAILING = mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL)


def test_a_resolver_that_fails_for_other_names_too_is_not_believed() -> None:
    assert judged(name_servers_fail, FAILING).outcome is Outcome.FAIL
    result = judged(name_servers_fail, replace(FAILING, resolver_fails=True))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        ("good.example MX: SERVFAIL, but the resolver fails for an unrelated name too",),
    )


@pytest.mark.parametrize("unchecked", [None, *SILENT])
def test_without_an_answer_to_the_second_question_it_is_unknown(unchecked: Status | None) -> None:
    result = judged(name_servers_fail, mx_lookup(Status.SERVFAIL, unchecked=unchecked))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, ("good.example MX: SERVFAIL",))


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_an_answer_that_is_withheld_is_unknown(status: Status) -> None:
    result = judged(name_servers_fail, mx_lookup(status, said=[ExtendedError(17, "")]))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"good.example MX: {status}, but the resolver withholds the answer: filtered (17)",),
    )


@pytest.mark.parametrize("status", [*SILENT, Status.UNREACHABLE, Status.TRUNCATED])
def test_a_silent_resolver_says_nothing_of_the_name_servers(status: Status) -> None:
    assert judged(name_servers_fail, mx_lookup(status)).outcome is Outcome.UNKNOWN


def test_broken_signatures_are_another_fault() -> None:
    bogus = mx_lookup(Status.SERVFAIL, unchecked=Status.NOERROR)
    assert judged(name_servers_fail, bogus).outcome is Outcome.PASS
    expired = mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL, said=[ExtendedError(7, "")])
    assert judged(name_servers_fail, expired).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_a_denial_is_an_answer(status: Status) -> None:
    assert judged(name_servers_fail, mx_lookup(status)).outcome is Outcome.PASS


def test_the_resolver_is_quoted_where_it_says_something() -> None:
    said = [ExtendedError(22, ""), ExtendedError(23, "192.0.2.1:53 timed out")]
    mx = mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL, said=said)
    found = finding(name_servers_fail, mx)
    assert found.message.startswith("the name servers of good.example do not answer")
    assert [evidence.text for evidence in found.evidence] == [
        "good.example MX: SERVFAIL",
        "the resolver says: no reachable authority (22)",
        "the resolver says: network error (23): 192.0.2.1:53 timed out",
    ]
