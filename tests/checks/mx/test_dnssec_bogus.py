"""MX022: signatures that do not verify."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.dnssec_bogus import dnssec_bogus
from deliverkit.model import Outcome
from deliverkit.observations import ExtendedError, Status
from tests.building import SILENT, finding, judged, mx_lookup, verified


@pytest.mark.parametrize("unchecked", [Status.NOERROR, Status.NODATA, Status.NXDOMAIN])
def test_any_definite_answer_without_checking_shows_it(unchecked: Status) -> None:
    found = finding(dnssec_bogus, mx_lookup(Status.SERVFAIL, unchecked=unchecked))
    assert found.message.startswith("the DNSSEC signatures of good.example do not verify")
    assert [evidence.text for evidence in found.evidence] == [
        "good.example MX: SERVFAIL",
        f"good.example MX: {unchecked}",
    ]


def test_a_server_that_fails_without_checking_too_is_another_fault() -> None:
    assert judged(dnssec_bogus, mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL)).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_an_answer_that_came_with_checking_verified(status: Status) -> None:
    assert judged(dnssec_bogus, verified(mx_lookup(status))).outcome is Outcome.PASS


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_without_the_ad_bit_nothing_was_verified(status: Status) -> None:
    result = judged(dnssec_bogus, mx_lookup(status))
    assert (result.outcome, result.reasons) == (
        Outcome.NOT_APPLICABLE,
        ("the zone is not signed, or the resolver does not validate (no AD bit)",),
    )


@pytest.mark.parametrize("code", [1, 2, 5, 6, 7, 8, 9, 10, 11, 12])
@pytest.mark.parametrize("unchecked", [None, Status.SERVFAIL, Status.TIMEOUT])
def test_a_word_of_the_resolver_on_dnssec_proves_it(code: int, unchecked: Status | None) -> None:
    error = ExtendedError(code, "")
    found = finding(dnssec_bogus, mx_lookup(Status.SERVFAIL, unchecked=unchecked, said=[error]))
    assert [evidence.text for evidence in found.evidence] == [
        "good.example MX: SERVFAIL",
        f"the resolver says: {error}",
    ]


@pytest.mark.parametrize("code", [0, 3, 4, 13, 14, 22, 23])
def test_other_words_of_the_resolver_prove_nothing(code: int) -> None:
    failing = mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL, said=[ExtendedError(code, "")])
    assert judged(dnssec_bogus, failing).outcome is Outcome.PASS


@pytest.mark.parametrize("unchecked", [None, *SILENT])
def test_without_an_answer_to_the_second_question_it_is_unknown(unchecked: Status | None) -> None:
    result = judged(dnssec_bogus, mx_lookup(Status.SERVFAIL, unchecked=unchecked))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, ("good.example MX: SERVFAIL",))


@pytest.mark.parametrize("status", [Status.NODATA, Status.NXDOMAIN])
def test_an_answer_that_is_withheld_was_not_verified(status: Status) -> None:
    result = judged(dnssec_bogus, verified(mx_lookup(status, said=[ExtendedError(15, "")])))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        (f"good.example MX: {status}, but the resolver withholds the answer: blocked (15)",),
    )


@pytest.mark.parametrize("status", SILENT)
def test_no_answer_is_unknown(status: Status) -> None:
    assert judged(dnssec_bogus, mx_lookup(status)).outcome is Outcome.UNKNOWN


def test_a_resolver_that_fails_for_other_names_too_is_not_believed() -> None:
    found = mx_lookup(Status.SERVFAIL, unchecked=Status.SERVFAIL)
    assert judged(dnssec_bogus, replace(found, resolver_fails=True)).outcome is Outcome.UNKNOWN


def test_the_zone_is_named_and_the_resolver_quoted() -> None:
    said = [ExtendedError(7, ""), ExtendedError(22, "at delegation example.")]
    mx = mx_lookup(Status.SERVFAIL, unchecked=Status.NOERROR, zone="example", said=said)
    found = finding(dnssec_bogus, mx)
    assert found.message.startswith("the DNSSEC signatures of example do not verify")
    assert [evidence.text for evidence in found.evidence[2:]] == [
        "the resolver says: signature expired (7)",
        "the resolver says: no reachable authority (22): at delegation example.",
    ]
