"""MX030: MX records at a wrong name."""

from __future__ import annotations

import pytest

from deliverkit.checks.mx.misplaced_mx import misplaced_mx
from deliverkit.facts import Lookup, MisplacedMx
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import SILENT, added, finding, fix_of, judged, lookup, mx_set, underlined, wildcard

DOUBLED, WWW = "good.example.good.example", "www.good.example"
NO_WILDCARD = wildcard()


def misplaced(*lookups: Lookup) -> MisplacedMx:
    return MisplacedMx(tuple(record for found in lookups for record in found.answer.records), lookups)


def test_all_records_move_and_three_are_shown() -> None:
    data = [f"{number} mx{number}.good.example." for number in range(1, 5)]
    found = finding(misplaced_mx, mx_set(), misplaced(lookup(DOUBLED, "MX"), lookup(WWW, "MX", *data)), NO_WILDCARD)
    assert found.message == "the MX records stand at www.good.example and not at good.example"
    assert [underlined(evidence) for evidence in found.evidence] == data[:3]
    assert fix_of(found).remove == tuple(f"www.good.example.  3600  IN  MX  {text}" for text in data)
    assert added(found) == [("@", f"good.example.  3600  IN  MX  {text}") for text in data]


def test_the_label_is_relative_to_the_zone_above() -> None:
    place = misplaced(lookup("www.london.good.example", "MX", "10 mx1.good.example."))
    found = finding(misplaced_mx, mx_set(domain="london.good.example"), place, NO_WILDCARD)
    assert added(found) == [("london", "london.good.example.  3600  IN  MX  10 mx1.good.example.")]


@pytest.mark.parametrize("status", [*SILENT, Status.SERVFAIL])
def test_a_place_without_answer_is_unknown(status: Status) -> None:
    places = misplaced(lookup(DOUBLED, "MX", status=status), lookup(WWW, "MX"))
    result = judged(misplaced_mx, mx_set(), places, NO_WILDCARD)
    assert (result.outcome, result.reasons) == (Outcome.UNKNOWN, (f"{DOUBLED} MX: {status}",))


def test_what_is_found_is_told_whatever_became_of_the_other_place() -> None:
    places = misplaced(lookup(DOUBLED, "MX", status=Status.TIMEOUT), lookup(WWW, "MX", "10 mx1.good.example."))
    result = judged(misplaced_mx, mx_set(), places, NO_WILDCARD)
    assert (result.outcome, result.reasons) == (Outcome.FAIL, ())


def test_nothing_there_is_fine() -> None:
    places = misplaced(lookup(DOUBLED, "MX", status=Status.NXDOMAIN), lookup(WWW, "MX"))
    assert judged(misplaced_mx, mx_set(), places, NO_WILDCARD).outcome is Outcome.PASS


def test_a_wildcard_alone_is_told_as_what_it_is() -> None:
    data = ["10 mx1.good.example.", "20 mx2.good.example."]
    places = misplaced(lookup(DOUBLED, "MX", *data), lookup(WWW, "MX", *data))
    found = finding(misplaced_mx, mx_set(), places, wildcard(*data))
    assert found.message == "the MX records stand at *.good.example and not at good.example"
    assert [evidence.text for evidence in found.evidence] == [f"*.good.example.  3600  IN  MX  {text}" for text in data]
    assert [evidence.note for evidence in found.evidence] == ["a wildcard does not cover the domain itself"] * 2
    assert fix_of(found).remove == ()
    assert added(found) == [("@", f"good.example.  3600  IN  MX  {text}") for text in data]


def test_a_null_mx_at_www_is_as_it_should_be() -> None:
    places = misplaced(lookup(DOUBLED, "MX"), lookup(WWW, "MX", "0 ."))
    assert judged(misplaced_mx, mx_set(), places, NO_WILDCARD).outcome is Outcome.PASS


def test_a_doubled_name_that_is_too_long_to_exist_holds_nothing() -> None:
    places = misplaced(lookup(DOUBLED, "MX", status=Status.ILLEGAL), lookup(WWW, "MX"))
    assert judged(misplaced_mx, mx_set(), places, NO_WILDCARD).outcome is Outcome.PASS


def test_what_stands_at_both_places_is_published_once() -> None:
    places = misplaced(*(lookup(place, "MX", "10 mx1.good.example.") for place in (DOUBLED, WWW)))
    found = finding(misplaced_mx, mx_set(), places, NO_WILDCARD)
    assert added(found) == [("@", "good.example.  3600  IN  MX  10 mx1.good.example.")]


def test_a_domain_with_its_own_records_has_misplaced_none() -> None:
    places = misplaced(lookup(WWW, "MX", "10 mx1.good.example."))
    mx = mx_set("10 mx1.good.example.")
    assert judged(misplaced_mx, mx, places, wildcard("10 mx1.good.example.")).outcome is Outcome.PASS
