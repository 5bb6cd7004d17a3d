"""DMARC013 to DMARC016 and 018 to 021: where reports go, what is misplaced, and what receivers ignore."""

from __future__ import annotations

import pytest

from deliverkit.checks.dmarc.bad_report_address import bad_report_address
from deliverkit.checks.dmarc.external_reports_not_authorized import external_reports_not_authorized
from deliverkit.checks.dmarc.ignored_value import ignored_value
from deliverkit.checks.dmarc.misplaced_dmarc import misplaced_dmarc
from deliverkit.checks.dmarc.obsolete_size_limit import obsolete_size_limit
from deliverkit.checks.dmarc.obsolete_tag import obsolete_tag
from deliverkit.checks.dmarc.report_domain_takes_no_mail import report_domain_takes_no_mail
from deliverkit.checks.dmarc.unknown_tag import unknown_tag
from deliverkit.model import Outcome
from deliverkit.observations import Status
from tests.building import added, finding, fix_of, judged, lookup, underlined
from tests.policies import REPORTS, destination, destinations, discovery, misplaced, receiving, silent, text

LEAVE = "good.example._report._dmarc.reports.test"
ELSEWHERE = discovery("v=DMARC1; p=reject; rua=mailto:a@reports.test")
URI = "mailto:a@reports.test"


def test_the_target_has_to_say_that_it_wants_the_reports() -> None:
    leave = lookup(LEAVE, "TXT", status=Status.NXDOMAIN)
    found = finding(
        external_reports_not_authorized,
        ELSEWHERE,
        destinations(destination(URI, mx=receiving("reports.test"), leave=leave)),
    )
    assert found.message.startswith("reports.test does not say that it wants reports about good.example")
    assert found.evidence[0].note == f"no record at {LEAVE}"
    assert f'{LEAVE}.  3600  IN  TXT  "v=DMARC1"' in fix_of(found).action


def test_whether_it_wants_them_may_be_unknown() -> None:
    reports = destinations(destination(URI, mx=receiving("reports.test"), leave=silent(LEAVE, "TXT")))
    assert judged(external_reports_not_authorized, ELSEWHERE, reports).outcome is Outcome.UNKNOWN


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        (("0 .",), Status.NODATA, "says that it takes no mail (null MX)"),
        ((), Status.NXDOMAIN, "does not exist"),
        ((), Status.NODATA, "has neither an MX record nor an address"),
    ],
)
def test_a_report_needs_somewhere_to_arrive(data: tuple[str, ...], status: Status, why: str) -> None:
    reports = destinations(destination(URI, mx=lookup("reports.test", "MX", *data, status=status)))
    assert finding(report_domain_takes_no_mail, ELSEWHERE, reports).message.endswith(f"reports.test {why}")


def test_an_address_of_its_own_takes_reports_and_silence_is_unknown() -> None:
    nothing = lookup("reports.test", "MX")
    own = destination(URI, mx=nothing, hosts=[lookup("reports.test", "A", "11.0.1.1")])
    assert judged(report_domain_takes_no_mail, ELSEWHERE, destinations(own)).outcome is Outcome.PASS
    unanswered = destination(URI, mx=nothing, hosts=[silent("reports.test", "A")])
    assert judged(report_domain_takes_no_mail, ELSEWHERE, destinations(unanswered)).outcome is Outcome.UNKNOWN


def test_a_bare_address_gets_its_scheme() -> None:
    found = finding(bad_report_address, discovery("v=DMARC1; p=reject; rua=dmarc@good.example"))
    assert underlined(found.evidence[0]) == "dmarc@good.example"
    [(_, line)] = added(found)
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS}"')


def test_what_cannot_be_mended_is_left_to_people() -> None:
    found = finding(bad_report_address, discovery("v=DMARC1; p=reject; rua=https://good.example/reports"))
    assert added(found) == []


def test_a_misplaced_record_moves_and_begins_with_none() -> None:
    place = "_dmarc.good.example.good.example"
    found = finding(misplaced_dmarc, discovery(), misplaced(text(f"v=DMARC1; p=reject; {REPORTS}", place)))
    assert (
        found.message == f"a DMARC record stands at {place}, where no receiver looks, and none at _dmarc.good.example"
    )
    assert added(found) == [("_dmarc", f'_dmarc.good.example.  3600  IN  TXT  "v=DMARC1; p=none; {REPORTS}"')]
    assert fix_of(found).remove[0].startswith(f"{place}.  ")


@pytest.mark.parametrize(("status", "outcome"), [(Status.TIMEOUT, Outcome.UNKNOWN), (Status.ILLEGAL, Outcome.PASS)])
def test_a_place_without_answer(status: Status, outcome: Outcome) -> None:
    places = misplaced(lookups=[lookup("good.example", "TXT", status=status)])
    assert judged(misplaced_dmarc, discovery(), places).outcome is outcome


def test_a_share_of_mail_is_no_longer_one() -> None:
    found = finding(obsolete_tag, discovery(f"v=DMARC1; p=reject; pct=0; {REPORTS}"))
    assert "they act on all mail that fails, older ones on 0 % of it" in found.message
    assert added(found) == []
    [(_, line)] = added(finding(obsolete_tag, discovery(f"v=DMARC1; p=reject; pct=100; ri=60; {REPORTS}")))
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS}"')


def test_a_slip_of_the_pen_is_recognised() -> None:
    found = finding(unknown_tag, discovery(f"v=DMARC1; p=reject; adkmi=s; {REPORTS}"))
    assert found.message == "receivers ignore a tag of good.example: adkmi is no tag of DMARC: is adkim meant?"


def test_a_bad_value_gives_way_to_the_default() -> None:
    found = finding(ignored_value, discovery(f"v=DMARC1; p=reject; aspf=strict; {REPORTS}"))
    assert found.message == "receivers take aspf=r for good.example: strict is no value of aspf"
    [(_, line)] = added(found)
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS}"')


def test_a_limit_of_size_goes_and_the_address_stays() -> None:
    found = finding(obsolete_size_limit, discovery(f"v=DMARC1; p=reject; {REPORTS}!10m,mailto:a@good.example"))
    [(_, line)] = added(found)
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS},mailto:a@good.example"')
