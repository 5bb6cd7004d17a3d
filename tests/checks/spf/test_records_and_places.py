"""SPF001, SPF002, SPF020, SPF021: which records there are, and where."""

from __future__ import annotations

import pytest

from deliverkit.checks.spf.misplaced_spf_record import misplaced_spf_record
from deliverkit.checks.spf.no_spf_record import no_spf_record
from deliverkit.checks.spf.several_spf_records import several_spf_records
from deliverkit.checks.spf.unrecognised_spf_record import unrecognised_spf_record
from deliverkit.facts.spf import MisplacedSpf
from deliverkit.model import Outcome, Severity
from deliverkit.observations import Status
from tests.building import added, finding, fix_of, judged, lookup
from tests.spf_building import spf_set

NOWHERE = MisplacedSpf((), ())


@pytest.mark.parametrize(
    ("profile", "data", "severity"),
    [
        ("domain", "v=spf1 mx ~all", Severity.WARNING),
        ("sending", "v=spf1 mx ~all", Severity.ERROR),
        ("parked", "v=spf1 -all", Severity.WARNING),
    ],
)
def test_a_first_record_is_proposed_by_profile(profile: str, data: str, severity: Severity) -> None:
    result = judged(no_spf_record, spf_set("other"), NOWHERE, profile=profile)
    assert result.severity is severity
    assert added(result.findings[0]) == [("@", f'good.example.  3600  IN  TXT  "{data}"')]


def test_records_are_merged_with_the_weaker_end() -> None:
    fix = fix_of(finding(several_spf_records, spf_set("v=spf1 mx ~all", "v=spf1 mx include:a.example -all")))
    assert len(fix.remove) == 2
    assert [line.data for line in fix.add] == ['"v=spf1 mx include:a.example ~all"']


def test_records_with_a_redirect_are_not_merged() -> None:
    assert fix_of(finding(several_spf_records, spf_set("v=spf1 mx ~all", "v=spf1 redirect=a.example"))).add == ()


@pytest.mark.parametrize("rdtype", ["TXT", "SPF"])
def test_a_record_in_the_wrong_place_is_moved(rdtype: str) -> None:
    name = "_spf.good.example" if rdtype == "TXT" else "good.example"
    found = lookup(name, rdtype, '"v=spf1 mx -all"')
    misplaced = MisplacedSpf(found.answer.records, (found,))
    assert added(finding(misplaced_spf_record, spf_set(), misplaced)) == [
        ("@", 'good.example.  3600  IN  TXT  "v=spf1 mx -all"')
    ]
    assert judged(no_spf_record, spf_set(), misplaced).outcome is Outcome.PASS


def test_where_a_place_does_not_answer_it_is_not_known() -> None:
    silent = lookup("_spf.good.example", "TXT", status=Status.TIMEOUT)
    assert judged(misplaced_spf_record, spf_set(), MisplacedSpf((), (silent,))).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    "text",
    [
        '"v=spf1 mx -all"',
        " v=spf1 mx -all",
        "“v=spf1 mx -all”",
        "v=spf1; mx -all",
        "v=spf1,mx -all",
        "v=spf mx -all",
        "v = spf1 mx -all",
        "spf1 mx -all",
        "v=spf2 mx -all",
    ],
)
def test_what_means_to_be_a_record_is_written_as_one(text: str) -> None:
    assert [line.data for line in fix_of(finding(unrecognised_spf_record, spf_set(text))).add] == ['"v=spf1 mx -all"']


@pytest.mark.parametrize(
    "text", ["spf2.0/pra mx -all", "google-site-verification=x", "spfeedback", "", "v=DMARC1; p=none"]
)
def test_other_records_are_left_alone(text: str) -> None:
    assert judged(unrecognised_spf_record, spf_set(text, "v=spf1 -all")).outcome is Outcome.PASS
