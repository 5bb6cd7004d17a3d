"""DMARC001 to DMARC008: no record, several, and those that receivers cannot read."""

from __future__ import annotations

import pytest

from deliverkit.checks.dmarc.bad_policy import bad_policy
from deliverkit.checks.dmarc.malformed_tag import malformed_tag
from deliverkit.checks.dmarc.missing_policy import missing_policy
from deliverkit.checks.dmarc.no_dmarc_record import no_dmarc_record
from deliverkit.checks.dmarc.quoted_record import quoted_record
from deliverkit.checks.dmarc.repeated_tag import repeated_tag
from deliverkit.checks.dmarc.several_dmarc_records import several_dmarc_records
from deliverkit.checks.dmarc.version_not_first import version_not_first
from deliverkit.model import Fix, Outcome, Severity
from deliverkit.standards.txt import as_utf8
from tests.building import added, finding, fix_of, judged, underlined
from tests.policies import REPORTS, discovery, misplaced, text

LINE = "_dmarc.good.example.  3600  IN  TXT  "


def proposed(content: str) -> list[tuple[str, str]]:
    return [("_dmarc", f'{LINE}"{content}"')]


def test_without_a_record_reports_are_asked_for_first() -> None:
    found = finding(no_dmarc_record, discovery(), misplaced())
    assert found.message == "good.example has no DMARC record, so anybody can send in its name and nobody tells you"
    assert added(found) == proposed("v=DMARC1; p=none; rua=mailto:dmarc-reports@good.example")


@pytest.mark.parametrize(
    ("profile", "severity"),
    [("domain", Severity.WARNING), ("sending", Severity.ERROR), ("parked", Severity.WARNING)],
)
def test_how_much_a_missing_record_matters(profile: str, severity: Severity) -> None:
    assert judged(no_dmarc_record, discovery(), misplaced(), profile=profile).severity is severity


def test_a_domain_that_sends_nothing_may_refuse_at_once() -> None:
    assert added(finding(no_dmarc_record, discovery(), misplaced(), profile="parked")) == proposed("v=DMARC1; p=reject")


def test_a_policy_from_above_is_a_policy() -> None:
    below = discovery(domain="news.good.example", above={"good.example": [f"v=DMARC1; p=reject; {REPORTS}"]})
    assert judged(no_dmarc_record, below, misplaced()).outcome is Outcome.PASS


def test_a_domain_that_does_not_exist_needs_none() -> None:
    assert judged(no_dmarc_record, discovery(exists=False), misplaced()).outcome is Outcome.NOT_APPLICABLE


def test_a_record_at_a_wrong_name_is_to_be_moved() -> None:
    found = finding(no_dmarc_record, discovery(), misplaced(text("v=DMARC1; p=none", "good.example")))
    assert fix_of(found) == Fix("move the record that stands at good.example")


def test_a_record_too_long_to_be_shown_is_mended_in_words() -> None:
    found = finding(malformed_tag, discovery(f"v=DMARC1; p=reject; hello; x={'x' * 2000}"))
    assert (added(found), fix_of(found).remove) == ([], ())
    assert len(found.evidence[0].text) < 1100


def test_what_was_meant_as_a_record_is_told_by_its_own_check() -> None:
    assert judged(no_dmarc_record, discovery("v=dmarc1; p=none"), misplaced()).outcome is Outcome.NOT_APPLICABLE


def test_of_several_records_the_weakest_is_kept() -> None:
    found = finding(several_dmarc_records, discovery(f"v=DMARC1; p=reject; {REPORTS}", f"v=DMARC1; p=none; {REPORTS}"))
    assert found.message == "_dmarc.good.example holds 2 DMARC records, so receivers use none of them"
    assert fix_of(found).remove == (f'{LINE}"v=DMARC1; p=reject; {REPORTS}"',)


def test_other_texts_beside_the_record_do_no_harm() -> None:
    found = discovery(f"v=DMARC1; p=reject; {REPORTS}", "v=spf1 -all", "verification=1")
    assert judged(several_dmarc_records, found).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("content", "marked"),
    [
        (f"v=dmarc1; p=reject; {REPORTS}", "dmarc1"),
        (f" v=DMARC1; p=reject; {REPORTS}", " v=DMARC1"),
        (f"p=reject; v=DMARC1; {REPORTS}", "v=DMARC1"),
        (f"v=DMARC1 p=reject; {REPORTS}", "DMARC1 p=reject"),
    ],
)
def test_a_version_that_is_not_first_is_mended_without_a_policy(content: str, marked: str) -> None:
    found = finding(version_not_first, discovery(content))
    assert underlined(found.evidence[0]) == marked
    assert added(found) == proposed(f"v=DMARC1; p=none; {REPORTS}")


@pytest.mark.parametrize("marks", ['""', "''", "“”", "\u00e2\u0080\u009c\u00e2\u0080\u009d"])
def test_quotation_marks_are_taken_out(marks: str) -> None:
    half = len(marks) // 2
    found = discovery(f"{marks[:half]}v=DMARC1; p=reject; {REPORTS}{marks[half:]}")
    assert underlined(finding(quoted_record, found).evidence[0]) == as_utf8(marks[:half])
    assert added(finding(quoted_record, found)) == proposed(f"v=DMARC1; p=none; {REPORTS}")
    assert judged(version_not_first, found).outcome is Outcome.PASS


def test_a_quoted_value_keeps_the_policy_that_is_in_force() -> None:
    found = discovery("v=DMARC1; p=quarantine; rua='mailto:dmarc@good.example'")
    assert added(finding(quoted_record, found)) == proposed(f"v=DMARC1; p=quarantine; {REPORTS}")


def test_a_policy_given_twice_falls_to_the_weakest() -> None:
    found = finding(repeated_tag, discovery(f"v=DMARC1; p=reject; p=quarantine; sp=x; {REPORTS}"))
    assert added(found) == proposed(f"v=DMARC1; p=quarantine; sp=x; {REPORTS}")
    assert found.message == "_dmarc.good.example gives p more than once, which voids the record"


@pytest.mark.parametrize(("rest", "effect"), [(f"; {REPORTS}", "take it for p=none"), ("", "ignore the record")])
def test_a_missing_policy_says_what_receivers_do(rest: str, effect: str) -> None:
    found = finding(missing_policy, discovery(f"v=DMARC1{rest}"))
    assert found.message.endswith(f"names no policy, so receivers {effect}")
    assert added(found) == proposed(f"v=DMARC1; p=none{rest}")


def test_a_lost_semicolon_gives_back_what_it_swallowed() -> None:
    found = finding(bad_policy, discovery(f"v=DMARC1; p=reject {REPORTS}"))
    assert "a semicolon is missing after reject" in found.message
    assert found.message.endswith("receivers ignore the record")
    assert added(found) == proposed(f"v=DMARC1; p=none; {REPORTS}")


def test_a_bad_policy_for_subdomains_makes_the_whole_record_none() -> None:
    found = finding(bad_policy, discovery(f"v=DMARC1; p=reject; sp=rejct; {REPORTS}"))
    assert found.message == (
        "the sp of _dmarc.good.example is no policy (it is none of none, quarantine, reject: is reject meant?): "
        "receivers take the whole record for p=none"
    )
    assert added(found) == proposed(f"v=DMARC1; p=none; sp=none; {REPORTS}")


def test_a_part_that_is_no_tag_is_left_out() -> None:
    found = finding(malformed_tag, discovery(f"v=DMARC1; p=reject; hello; {REPORTS}"))
    assert underlined(found.evidence[0]) == "hello"
    assert added(found) == proposed(f"v=DMARC1; p=reject; {REPORTS}")
