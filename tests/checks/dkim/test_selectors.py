"""DKIM001 to DKIM003, DKIM015 and the sentence: whether there is a key at all, and how much that is worth."""

from __future__ import annotations

from dataclasses import replace

import pytest

from deliverkit.checks.dkim.alias_to_nowhere import alias_to_nowhere
from deliverkit.checks.dkim.key_missing import key_missing
from deliverkit.checks.dkim.no_key_found import no_key_found
from deliverkit.checks.dkim.summary import summarize
from deliverkit.checks.dkim.wildcard_key import wildcard_key
from deliverkit.facts.dkim import DkimKeys
from deliverkit.model import Outcome, Severity, unknown
from deliverkit.observations import ResourceRecord, Status
from deliverkit.standards.txt import data_of
from tests.building import added, fix_of, lookup, underlined
from tests.signing import ed25519, finding, judged, keys, rsa, selector

NOWHERE = "selector2-x._domainkey.contoso.onmicrosoft.com."


@pytest.mark.parametrize("status", [Status.NXDOMAIN, Status.NODATA])
def test_a_given_selector_needs_a_key(status: Status) -> None:
    found = finding(key_missing, keys(selector("s7", given=True, status=status), selector("s1", rsa())))
    assert found.message == "no key stands at s7._domainkey.good.example"
    assert found.evidence[0].text == f"s7._domainkey.good.example TXT: {status}"


def test_a_given_selector_that_leads_nowhere_is_told_with_its_alias() -> None:
    found = keys(selector("s7", given=True, alias="k.esp.example."))
    assert underlined(finding(key_missing, found).evidence[0]) == "k.esp.example."
    assert "at the provider" in fix_of(finding(key_missing, found)).action
    assert judged(alias_to_nowhere, found).outcome is Outcome.PASS


def test_a_given_selector_with_other_text_has_no_key() -> None:
    found = keys(selector("s7", "v=spf1 -all", given=True))
    assert finding(key_missing, found).message.endswith(", but TXT records that are none")


def test_a_key_at_the_doubled_name_is_moved() -> None:
    doubled = ResourceRecord("s7._domainkey.good.example.good.example", "TXT", 300, data_of(ed25519()))
    found = finding(key_missing, keys(replace(selector("s7", given=True), misplaced=(doubled,))))
    assert found.message == f"no key stands at s7._domainkey.good.example: it stands at {doubled.name}"
    assert fix_of(found).remove == (str(doubled),)
    assert added(found) == [("s7._domainkey", f"s7._domainkey.good.example.  3600  IN  TXT  {data_of(ed25519())}")]


def test_a_given_selector_whose_key_is_revoked_is_signed_with_in_vain() -> None:
    found = finding(key_missing, keys(selector("s7", "v=DKIM1; p=", given=True), selector("s1", "v=DKIM1; p=")))
    assert found.message == "the key at s7._domainkey.good.example is revoked: what is signed with it fails"
    assert judged(key_missing, keys(selector("s7", "v=DKIM1; p=", likely=True))).outcome is Outcome.NOT_APPLICABLE


def test_no_answer_is_unknown_and_no_selector_is_nothing_to_judge() -> None:
    assert judged(key_missing, keys(selector("s7", given=True, status=Status.TIMEOUT))).outcome is Outcome.UNKNOWN
    assert judged(key_missing, keys(selector("s1"))).outcome is Outcome.NOT_APPLICABLE
    assert judged(key_missing, keys(selector("s7", rsa(), given=True))).outcome is Outcome.PASS


@pytest.mark.parametrize(("profile", "severity"), [("domain", Severity.NOTE), ("sending", Severity.ERROR)])
def test_nothing_below_domainkey_is_none_and_how_bad_that_is_the_profile_says(profile: str, severity: Severity) -> None:
    result = judged(no_key_found, keys(bare=True), profile=profile)
    assert (result.outcome, result.severity) == (Outcome.FAIL, severity)
    assert judged(no_key_found, keys(bare=True), profile="parked").outcome is Outcome.NOT_APPLICABLE


def test_of_given_selectors_another_check_speaks() -> None:
    assert judged(no_key_found, keys(selector("s7", given=True), bare=True)).outcome is Outcome.NOT_APPLICABLE


def test_not_having_guessed_right_is_never_none() -> None:
    tried = (selector("s1"), selector("s2", status=Status.TIMEOUT))
    result = judged(no_key_found, keys(*tried, unguessable=("Amazon SES",)))
    assert result.outcome is Outcome.UNKNOWN
    assert result.reasons[0].startswith(
        "none of the 2 selectors that were tried has a key (1 could not be looked up), and those of Amazon SES cannot "
    )


@pytest.mark.parametrize("text", [rsa(), "v=DKIM1; p="])
def test_a_key_or_a_revoked_one_is_a_find(text: str) -> None:
    assert judged(no_key_found, keys(selector("s1", text))).outcome is Outcome.PASS


def test_a_resolver_that_rewrites_denials_proves_nothing() -> None:
    found = keys(bare=True)
    node = replace(found.ground.node, answer=found.ground.node.answer._replace(soa=None))
    assert judged(no_key_found, replace(found, ground=replace(found.ground, node=node))).outcome is Outcome.UNKNOWN


def test_failing_name_servers_are_unknown() -> None:
    found = keys()
    dead = [lookup(f"{label}.good.example", "TXT", status=Status.SERVFAIL) for label in ("_domainkey", "x._domainkey")]
    broken = replace(found, ground=replace(found.ground, node=dead[0], made_up=dead[1]))
    for check in (no_key_found, alias_to_nowhere, wildcard_key):
        assert judged(check, broken).outcome is Outcome.UNKNOWN
    assert "_domainkey.good.example TXT: SERVFAIL" in sentence(broken)


def test_an_alias_to_nowhere_is_shown_and_taken_away() -> None:
    found = finding(alias_to_nowhere, keys(selector("k2", alias="dkim2.mcsv.net.")))
    assert found.message == "the selector k2 is an alias of dkim2.mcsv.net, where no key stands"
    assert fix_of(found).remove == ("k2._domainkey.good.example.  3600  IN  CNAME  dkim2.mcsv.net.",)


def test_the_second_selector_of_microsoft_waits_for_the_first_rotation() -> None:
    first = selector("selector1", rsa(), alias=NOWHERE.replace("2", "1"))
    second = selector("selector2", alias=NOWHERE)
    assert judged(alias_to_nowhere, keys(first, second)).outcome is Outcome.PASS
    assert judged(alias_to_nowhere, keys(second)).outcome is Outcome.FAIL


def test_a_wildcard_with_a_key_is_a_fault_and_one_that_revokes_is_none() -> None:
    assert "has a key by a wildcard" in finding(wildcard_key, keys(made_up=ed25519())).message
    for text in ("", "v=DKIM1; p=", "v=spf1 -all"):
        assert judged(wildcard_key, keys(made_up=text)).outcome is Outcome.PASS


def sentence(found: object) -> str:
    failed = [judged(check, found) for check in (key_missing, alias_to_nowhere)] if isinstance(found, DkimKeys) else []
    return summarize({DkimKeys: found}, failed).sentence


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (keys(selector("s1", rsa())), "good.example publishes 1 DKIM key, s1 (RSA-2048)."),
        (
            keys(selector("s1", rsa()), selector("k2", alias="x.esp.example.")),
            (
                "good.example publishes 1 DKIM key, s1 (RSA-2048), "
                "but the selector k2 is an alias of x.esp.example, where no key stands."
            ),
        ),
        (
            keys(selector("s7", given=True), selector("s8", given=True)),
            (
                "good.example publishes no DKIM key that can be used: "
                "no key stands at s7._domainkey.good.example (and 1 more fault)."
            ),
        ),
        (keys(bare=True), "good.example publishes no DKIM key."),
        (keys(), "Cannot tell whether good.example has a DKIM key: no selector that was tried has one."),
        (
            keys(selector("s1", "v=DKIM1; p=")),
            "good.example has revoked the DKIM keys that were found, and no other was found.",
        ),
        (
            keys(made_up="v=DKIM1; p="),
            "Every selector of good.example exists by a wildcard; no DKIM key of its own was found.",
        ),
        (unknown("the resolver fails"), "Cannot tell about DKIM keys: the resolver fails."),
    ],
)
def test_the_sentence(found: object, said: str) -> None:
    assert sentence(found) == said
