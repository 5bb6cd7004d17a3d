"""DKIM011 to DKIM013, DKIM016 to DKIM019, DKIM021 to DKIM023: what kind of key it is, and what it may be used for."""

from __future__ import annotations

import pytest

from deliverkit.checks.dkim.bad_base64 import bad_base64
from deliverkit.checks.dkim.ed25519_alone import ed25519_alone
from deliverkit.checks.dkim.key_cut import key_cut
from deliverkit.checks.dkim.key_too_short import key_too_short
from deliverkit.checks.dkim.malformed_record import malformed_record
from deliverkit.checks.dkim.private_key_differs import private_key_differs
from deliverkit.checks.dkim.service_excludes_email import service_excludes_email
from deliverkit.checks.dkim.sha1_alone import sha1_alone
from deliverkit.checks.dkim.shared_key import shared_key
from deliverkit.checks.dkim.short_key import short_key
from deliverkit.checks.dkim.subdomain_identity_refused import subdomain_identity_refused
from deliverkit.checks.dkim.testing_flag import testing_flag
from deliverkit.checks.dkim.very_long_key import very_long_key
from deliverkit.facts import Expectations
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Check, Outcome, Severity
from deliverkit.profiles import choose
from deliverkit.run import judge
from tests.building import underlined
from tests.signing import ED25519, ed25519, finding, judged, keys, rsa, selector

SIZES = (key_too_short, short_key, very_long_key)


@pytest.mark.parametrize(
    ("bits", "check"),
    [(512, key_too_short), (1023, key_too_short), (1024, short_key), (2047, short_key), (4097, very_long_key)],
)
def test_the_size_decides_which_check_finds_it(bits: int, check: Check) -> None:
    found = keys(selector("s1", rsa(bits)))
    assert [one.code for one in SIZES if judged(one, found).outcome is Outcome.FAIL] == [check.code]
    assert f"the key of s1 has {bits} bits" in finding(check, found).message


BROKEN = [
    (key_too_short, rsa(512)),
    (sha1_alone, f"{ed25519()}; h=sha1"),
    (service_excludes_email, f"{ed25519()}; s=tlsrpt"),
    (key_cut, rsa()[:-40]),
    (malformed_record, f"{ed25519()}; {ed25519()}"),
    (bad_base64, "v=DKIM1; p=A-A="),
]


@pytest.mark.parametrize(("check", "text"), BROKEN, ids=[check.code for check, _ in BROKEN])
def test_a_useless_key_is_an_error_only_where_something_says_that_it_is_signed_with(check: Check, text: str) -> None:
    guessed, given, likely = selector("s1", text), selector("s2", text, given=True), selector("s3", text, likely=True)
    assert judged(check, keys(guessed)).severity is Severity.WARNING
    for one in (given, likely):
        assert judged(check, keys(one)).severity is Severity.ERROR
        assert judged(check, keys(guessed, one)).severity is Severity.ERROR
    assert judged(check, keys(given)).outcome is Outcome.FAIL


@pytest.mark.parametrize(
    ("flags", "identities", "outcome"),
    [
        ("t=s", ("news.good.example",), Outcome.FAIL),
        ("t=y:s", ("good.example", "news.good.example"), Outcome.FAIL),
        ("t=s", ("good.example", "news.other.example"), Outcome.PASS),
        ("t=s", (), Outcome.NOT_APPLICABLE),
        ("t=y", ("news.good.example",), Outcome.PASS),
    ],
)
def test_a_strict_key_refuses_the_identities_below_that_are_known(
    flags: str, identities: tuple[str, ...], outcome: Outcome
) -> None:
    found = keys(selector("s1", f"{ed25519()}; {flags}"))
    expected = Expectations(signing_identities=identities)
    result = judge(subdomain_identity_refused, choose("domain"), {DkimKeys: found, Expectations: expected})
    assert result.outcome is outcome
    for one in result.findings:
        assert one.message == "the key of s1 allows no subdomain in i=, so signatures for news.good.example fail"


@pytest.mark.parametrize("found", [keys(selector("s1", rsa(2048), rsa(4096))), keys(selector("s1", ed25519()))])
@pytest.mark.parametrize("check", SIZES, ids=lambda check: check.code)
def test_these_sizes_pass(check: Check, found: DkimKeys) -> None:
    assert judged(check, found).outcome is Outcome.PASS


def test_ed25519_alone_is_an_error_for_senders_where_the_selectors_were_given() -> None:
    result = judged(ed25519_alone, keys(selector("s1", ed25519(), given=True)), profile="sending")
    assert (result.outcome, result.severity) == (Outcome.FAIL, Severity.ERROR)


def test_ed25519_alone_cannot_be_told_of_selectors_that_were_guessed() -> None:
    assert judged(ed25519_alone, keys(selector("s1", ed25519()))).outcome is Outcome.UNKNOWN


def test_ed25519_beside_rsa_passes() -> None:
    found = keys(selector("s1", ed25519(), given=True), selector("s2", rsa()))
    assert judged(ed25519_alone, found).outcome is Outcome.PASS


@pytest.mark.parametrize(
    ("check", "tag", "part"),
    [
        (testing_flag, "t=y", "y"),
        (testing_flag, "t=s : y", "s : y"),
        (sha1_alone, "h=sha1", "sha1"),
        (service_excludes_email, "s=tlsrpt", "tlsrpt"),
    ],
)
def test_a_tag_that_takes_the_key_out_of_use_is_underlined(check: Check, tag: str, part: str) -> None:
    found = keys(selector("s1", f"v=DKIM1; k=ed25519; {tag}; p={ED25519}"))
    assert underlined(finding(check, found).evidence[0]) == part


@pytest.mark.parametrize("tag", ["t=s", "h=sha1:sha256", "s=*", "s=tlsrpt : email", "n=t=y"])
@pytest.mark.parametrize("check", [testing_flag, sha1_alone, service_excludes_email], ids=lambda check: check.code)
def test_other_tags_pass(check: Check, tag: str) -> None:
    found = keys(selector("s1", f"v=DKIM1; k=ed25519; {tag}; p={ED25519}"))
    assert judged(check, found).outcome is Outcome.PASS


def test_one_key_under_several_selectors() -> None:
    found = finding(shared_key, keys(selector("s1", rsa()), selector("s2", rsa()), selector("s3", rsa(number=9))))
    assert found.message == "the selectors s1 and s2 share one key"


def test_aliases_that_lead_to_one_name_are_one_key_on_purpose() -> None:
    found = keys(*(selector(name, rsa(), alias="k.esp.example.") for name in ("s1", "s2")))
    assert judged(shared_key, found).outcome is Outcome.PASS


def test_the_private_key_is_held_against_the_given_selectors() -> None:
    ours, other = ed25519(1).partition("p=")[2], ed25519(2)
    for found, outcome in (
        (keys(selector("s1", ed25519(1), given=True)), Outcome.PASS),
        (keys(selector("s1", other, given=True), selector("s2", ed25519(1))), Outcome.FAIL),
        (keys(selector("s1", other), selector("s2", ed25519(1))), Outcome.PASS),
        (keys(selector("s1", other)), Outcome.FAIL),
        (keys(), Outcome.UNKNOWN),
    ):
        assert judged(private_key_differs, found, signing_key=ours).outcome is outcome
    assert judged(private_key_differs, keys(selector("s1", other))).outcome is Outcome.NOT_APPLICABLE


def test_a_signing_key_that_is_none_is_no_crash() -> None:
    result = judged(private_key_differs, keys(selector("s1", rsa())), signing_key="\u00e9\x00=#")
    assert result.outcome is Outcome.FAIL
