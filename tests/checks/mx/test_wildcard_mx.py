"""MX028: a wildcard with an MX."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.mx.wildcard_mx import wildcard_mx
from deliverkit.facts import WildcardMx
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, finding, fix_of, judged, mx_set, underlined, wildcard, withheld

MX = mx_set("10 mx1.good.example.")


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_no_answer_is_unknown(status: Status) -> None:
    result = judged(wildcard_mx, MX, wildcard(status=status))
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"deliverkit-x.good.example MX: {status}",))


@pytest.mark.parametrize("found", [wildcard(), wildcard(status=Status.NODATA), wildcard("0 .")])
def test_no_mx_and_a_null_mx_below_are_fine(found: WildcardMx) -> None:
    assert judged(wildcard_mx, MX, found).outcome is Outcome.PASS


def test_the_record_is_underlined_and_the_wildcard_named() -> None:
    found = finding(wildcard_mx, MX, wildcard("10 mx1.good.example.", "20 mx2.good.example."))
    assert found.message.startswith("every name below good.example has an MX by a wildcard")
    assert [underlined(evidence) for evidence in found.evidence] == ["10 mx1.good.example."]
    assert fix_of(found).action.endswith("in place of the wildcard (*.good.example, or one above it)")


def test_the_first_record_that_is_no_null_mx_is_shown() -> None:
    found = finding(wildcard_mx, MX, wildcard("0 .", "10 mx1.good.example.", "20 mx2.good.example."))
    assert [underlined(evidence) for evidence in found.evidence] == ["10 mx1.good.example."]


def test_a_wildcard_alias_is_shown_in_place_of_what_it_leads_to() -> None:
    found = finding(wildcard_mx, MX, wildcard("10 mx1.good.example.", aliases=["hub.other.example."]))
    assert [evidence.text for evidence in found.evidence] == [
        "deliverkit-x.good.example.  3600  IN  CNAME  hub.other.example."
    ]
    assert underlined(found.evidence[0]) == "hub.other.example."


def test_a_wildcard_alias_that_leads_to_no_mx_is_fine() -> None:
    assert judged(wildcard_mx, MX, wildcard(aliases=["hub.other.example."])).outcome is Outcome.PASS


def test_a_domain_without_mx_of_its_own_can_have_a_wildcard() -> None:
    assert judged(wildcard_mx, mx_set(), wildcard("10 mx1.good.example.")).outcome is Outcome.FAIL


def test_an_answer_that_is_withheld_is_unknown() -> None:
    found = wildcard("10 mx1.good.example.")
    result = judged(wildcard_mx, MX, replace(found, lookup=withheld(found.lookup)))
    assert (result.outcome, result.reasons) == (
        Outcome.UNKNOWN,
        ("deliverkit-x.good.example MX: NOERROR, but the resolver withholds the answer: blocked (15)",),
    )
