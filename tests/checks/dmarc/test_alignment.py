"""DMARC025: a MAIL FROM that is not aligned, and what is known of signatures."""

from __future__ import annotations

from deliverkit.checks.dmarc.mail_from_not_aligned import mail_from_not_aligned
from deliverkit.facts import Expectations
from deliverkit.facts.alignment import (
    AlignedDomains,
    AlignmentRule,
    ExpectedIdentifier,
    IdentifierKind,
    SigningEvidence,
)
from deliverkit.facts.dkim import DkimKeys
from deliverkit.facts.dmarc import DmarcDiscovery
from deliverkit.model import Outcome, Result, Severity
from deliverkit.profiles import choose
from deliverkit.run import judge
from tests.building import added, fix_of, underlined
from tests.policies import REPORTS, discovery
from tests.signing import keys, rsa, selector

BARE = keys(bare=True)


def judged(
    tags: str,
    mail_from: tuple[str, bool | None, bool | None],
    *signing: tuple[str, bool | None, bool | None],
    found: DkimKeys = BARE,
    profile: str = "sending",
) -> Result:
    policy = discovery(f"v=DMARC1; p=reject; {tags}{REPORTS}")
    assert policy.published is not None
    rule = AlignmentRule("good.example", policy.published.record)
    expected = (
        ExpectedIdentifier(IdentifierKind.MAIL_FROM, *mail_from),
        *(ExpectedIdentifier(IdentifierKind.DKIM, *one) for one in signing),
    )
    facts = {
        DmarcDiscovery: policy,
        AlignedDomains: AlignedDomains("good.example", rule, rule, expected),
        SigningEvidence: SigningEvidence(found),
        Expectations: Expectations(),
    }
    return judge(mail_from_not_aligned, choose(profile), facts)


ESP = ("esp.example", False, False)


def test_a_signature_that_is_aligned_makes_up_for_it() -> None:
    assert judged("", ESP, ("good.example", True, True)).outcome is Outcome.PASS
    assert judged("", ("b.good.example", True, True)).outcome is Outcome.PASS


def test_signatures_that_are_not_are_no_help_and_an_error_for_senders() -> None:
    result = judged("", ESP, ESP, found=keys(selector("s1", rsa())))
    assert result.severity is Severity.ERROR
    assert result.findings[0].message == (
        "MAIL FROM in esp.example is not aligned with good.example, and d= esp.example is not either: "
        "nothing known makes such mail pass DMARC"
    )
    assert judged("", ESP, ESP, profile="domain").severity is Severity.WARNING


def test_no_key_is_a_warning_because_a_name_below_may_sign() -> None:
    result = judged("", ESP)
    assert result.severity is Severity.WARNING
    assert "good.example has no DKIM key" in result.findings[0].message
    assert "d=good.example" in fix_of(result.findings[0]).action


def test_keys_that_nobody_named_prove_nothing() -> None:
    for found, why in (
        (keys(selector("s1", rsa())), "good.example has DKIM keys: a message shows"),
        (keys(selector("s1")), "good.example may have DKIM keys that were not found"),
    ):
        result = judged("", ESP, found=found)
        assert result.outcome is Outcome.UNKNOWN
        assert result.reasons[0].startswith(why)


def test_where_strict_is_all_that_is_wrong_relaxed_is_proposed() -> None:
    [finding] = judged("aspf=s; ", ("b.good.example", False, False)).findings
    assert underlined(finding.evidence[0]) == "aspf=s"
    assert finding.evidence[0].note == "good.example alone is aligned"
    [(_, line)] = added(finding)
    assert line.endswith(f'"v=DMARC1; p=reject; {REPORTS}"')
    assert added(judged("aspf=s; ", ESP).findings[0]) == []


def test_what_older_receivers_alone_refuse_is_a_note() -> None:
    result = judged("", ("b.good.example", True, False))
    assert (result.outcome, result.severity) == (Outcome.FAIL, Severity.NOTE)
    assert "RFC 7489" in result.findings[0].message
    assert judged("", ("b.good.example", True, False), ("good.example", True, True)).outcome is Outcome.PASS
