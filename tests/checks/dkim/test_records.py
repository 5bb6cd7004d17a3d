"""DKIM004 to DKIM010, DKIM014, DKIM020: what is wrong with a key record, where, and what to put in its place."""

from __future__ import annotations

import pytest

from deliverkit.checks.dkim.bad_base64 import bad_base64
from deliverkit.checks.dkim.key_cut import key_cut
from deliverkit.checks.dkim.key_type_differs import key_type_differs
from deliverkit.checks.dkim.key_unreadable import key_unreadable
from deliverkit.checks.dkim.key_with_spaces import key_with_spaces
from deliverkit.checks.dkim.malformed_record import malformed_record
from deliverkit.checks.dkim.record_quoted import record_quoted
from deliverkit.checks.dkim.several_key_records import several_key_records
from deliverkit.checks.dkim.wrong_version import wrong_version
from deliverkit.model import Check, Outcome
from deliverkit.observations import Status
from deliverkit.standards.txt import data_of, text_of
from tests.building import added, fix_of, underlined
from tests.signing import ED25519, ed25519, finding, judged, keys, rsa, selector

EVERY = (
    record_quoted,
    key_cut,
    bad_base64,
    key_unreadable,
    key_type_differs,
    wrong_version,
    malformed_record,
    several_key_records,
    key_with_spaces,
)
ALL = pytest.mark.parametrize("check", EVERY, ids=lambda check: check.code)


@ALL
def test_good_and_revoked_keys_pass(check: Check) -> None:
    found = keys(selector("s1", rsa()), selector("s2", "v=DKIM1; p="), selector("s3", ed25519()))
    assert judged(check, found).outcome is Outcome.PASS


@ALL
def test_without_a_key_there_is_nothing_to_judge(check: Check) -> None:
    found = keys(selector("s1"), selector("s2", "v=spf1 -all"))
    assert judged(check, found).outcome is Outcome.NOT_APPLICABLE


@ALL
def test_evidence_that_could_not_be_followed_is_unknown(check: Check) -> None:
    for one in (selector("s1", status=Status.TIMEOUT, given=True), selector("s1", status=Status.SERVFAIL, likely=True)):
        result = judged(check, keys(one, selector("s2", rsa())))
        assert result.outcome is Outcome.UNKNOWN
        assert result.reasons == (one.lookup.failure,)


@ALL
def test_a_guess_that_could_not_be_looked_up_says_nothing(check: Check) -> None:
    assert judged(check, keys(selector("s1", status=Status.TIMEOUT), selector("s2", rsa()))).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("check", "text", "part"),
    [
        (record_quoted, f'"{ed25519()}"', '"'),
        (key_cut, rsa()[:255], rsa()[247:255]),
        (bad_base64, rsa()[:99] + "_" + rsa()[99:], "_"),
        (key_unreadable, "v=DKIM1; p=AAAA", "AAAA"),
        (key_type_differs, f"v=DKIM1; k=rsa; p={ED25519}", "rsa"),
        (key_type_differs, f"v=DKIM1; k=x448; p={ED25519}", "x448"),
        (wrong_version, f"v=dkim1; k=ed25519; p={ED25519}", "dkim1"),
        (malformed_record, f"v=DKIM1; ed25519; k=ed25519; p={ED25519}", "ed25519"),
        (key_with_spaces, f"k=ed25519; p={ED25519[:9]} {ED25519[9:]}", " "),
    ],
)
def test_the_fault_is_found_by_its_check_alone_and_underlined(check: Check, text: str, part: str) -> None:
    found = keys(selector("s1", text))
    assert underlined(finding(check, found).evidence[0]) == part
    assert [one.code for one in EVERY if judged(one, found).outcome is Outcome.FAIL] == [check.code]


@pytest.mark.parametrize(
    ("check", "text", "instead"),
    [
        (record_quoted, f'"{ed25519()}"', ed25519()),
        (record_quoted, '"v=DKIM1\\; p=" "AAAA"', "v=DKIM1; p=AAAA"),
        (wrong_version, f"k=ed25519; v=DKIM1; p={ED25519}", f"v=DKIM1; k=ed25519; p={ED25519}"),
        (key_with_spaces, f"k=ed25519; p={ED25519[:9]}  {ED25519[9:]}", f"k=ed25519; p={ED25519}"),
    ],
)
def test_the_fix_is_the_record_as_it_should_be(check: Check, text: str, instead: str) -> None:
    found = finding(check, keys(selector("s1", text)))
    [(label, line)] = added(found)
    assert label == "s1._domainkey"
    assert text_of(line.partition("  TXT  ")[2]) == instead
    assert fix_of(found).remove == (f"s1._domainkey.good.example.  3600  IN  TXT  {data_of(text)}",)


def test_a_long_key_is_proposed_in_strings_of_255() -> None:
    [(_, line)] = added(finding(record_quoted, keys(selector("s1", f"'{rsa()}'"))))
    assert line.endswith(data_of(rsa()))
    assert line.count('" "') == 1


def test_what_stands_at_a_provider_is_not_the_customers_to_change() -> None:
    found = finding(wrong_version, keys(selector("s1", f"v=1; k=ed25519; p={ED25519}", alias="k1.esp.example.")))
    assert added(found) == []
    assert fix_of(found).action.endswith("(it stands at k1.esp.example, in another's zone: ask who runs that)")


def test_several_keys_at_one_selector_are_all_shown() -> None:
    found = finding(several_key_records, keys(selector("s1", rsa(), rsa(number=2), "v=spf1 -all")))
    assert found.message == "s1._domainkey.good.example holds 2 key records, and which is taken is chance"
    assert len(found.evidence) == 2


def test_evidence_of_a_large_record_stays_on_a_line() -> None:
    found = finding(bad_base64, keys(selector("s1", rsa()[:300] + "#" * 5000 + rsa()[300:])))
    assert len(found.evidence[0].text) < 200
