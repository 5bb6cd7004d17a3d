"""What the areas mta-sts, tls-rpt and dane say in the lab's worlds: sentences, evidence, fixes, what is not known."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import pytest

from deliverkit.lab.world import load
from deliverkit.model import Finding, Outcome
from deliverkit.report import Report
from tests.building import added, underlined
from tests.judging import judge


@cache
def report(world: str) -> Report:
    return judge(load(world)).report


def finding(world: str) -> Finding:
    [result] = report(world).of(Outcome.FAIL)
    [found] = result.findings
    return found


@pytest.mark.parametrize(
    ("world", "area", "sentence"),
    [
        (
            "transport-good",
            "mta-sts",
            (
                "good.example asks senders to use TLS with a good certificate or not to deliver (MTA-STS, "
                "enforce, for 7 d)."
            ),
        ),
        ("transport-good", "tls-rpt", "Senders tell good.example when TLS to good.example fails."),
        (
            "transport-good",
            "dane",
            (
                "good.example has DANE: every exchanger has secure TLSA records; whether the certificates are those "
                "that they name was not looked at."
            ),
        ),
        (
            "mta-sts-all-missing",
            "mta-sts",
            (
                "good.example asks senders to use TLS with a good certificate or not to deliver (MTA-STS, "
                "enforce, for 7 d), "
                "but mx1.good.example and mx2.good.example are not in the enforced MTA-STS policy of "
                "good.example, so mail is "
                "being deferred."
            ),
        ),
        (
            "mta-sts-wrong-name",
            "mta-sts",
            (
                "MTA-STS has no effect for good.example: senders refuse the policy at mta-sts.good.example: "
                "its certificate "
                "is for www.good.example."
            ),
        ),
        (
            "dane-unsigned",
            "dane",
            (
                "DANE has no effect for unsigned.example: the TLSA records of mx1.unsigned.example have no effect: "
                "unsigned.example MX is not signed."
            ),
        ),
        (
            "dane-forgeable",
            "dane",
            (
                "good.example has TLSA records, and whether they are secure cannot be told: what the "
                "resolver 11.0.0.53 says "
                "of DNSSEC can be forged on the way: ask one over TLS."
            ),
        ),
        (
            "dane-not-validating",
            "dane",
            (
                "good.example has TLSA records, and whether they are secure cannot be told: the resolver "
                "11.0.0.53 does not "
                "validate DNSSEC."
            ),
        ),
        (
            "dane-one-missing",
            "dane",
            (
                "good.example has DANE: 1 of 2 exchangers has secure TLSA records; whether the certificates are "
                "those that they name was not looked at, but "
                "mx2.good.example has no "
                "TLSA record, though other exchangers of good.example do."
            ),
        ),
    ],
)
def test_a_verdict_says_what_senders_do(world: str, area: str, sentence: str) -> None:
    found = report(world).verdicts[area].sentence
    assert found.replace("tls://", "").replace("#resolver.lab", "") == sentence


def test_records_to_paste_have_their_label_and_a_new_id() -> None:
    assert added(finding("mta-sts-none")) == [
        ("_mta-sts", '_mta-sts.good.example.  3600  IN  TXT  "v=STSv1; id=20261122090000Z"')
    ]
    assert added(finding("tls-rpt-none")) == [
        ("_smtp._tls", '_smtp._tls.good.example.  3600  IN  TXT  "v=TLSRPTv1; rua=mailto:tls-reports@good.example"')
    ]


@pytest.mark.parametrize(
    ("world", "marked"),
    [
        ("mta-sts-bad-id", "2026-11-22"),
        ("mta-sts-bad-mode", "mode: enforced"),
        ("mta-sts-left-over", "mx: *.old-provider.example"),
        ("tls-rpt-bad-address", "tls-reports@good.example"),
        ("dane-usage", "1 1 1"),
        ("dane-cut-digest", "3 1 1"),
    ],
)
def test_the_part_that_matters_is_underlined(world: str, marked: str) -> None:
    assert underlined(finding(world).evidence[0]) == marked


def test_a_parked_domain_and_one_without_exchanger_hear_nothing_of_it() -> None:
    from dataclasses import replace

    parked = judge(replace(load("parked"), areas=("mta-sts", "tls-rpt", "dane")))
    assert (parked.codes, parked.unknown) == ([], [])
    assert parked.report.verdicts["dane"].sentence.startswith("DANE does not matter here: ")
    implicit = judge(replace(load("implicit-mx"), areas=("mta-sts", "tls-rpt", "dane")))
    assert (implicit.codes, implicit.unknown) == ([], [])


def test_a_port_that_may_be_closed_from_here_is_no_fault() -> None:
    from dataclasses import replace

    from deliverkit.checks.mta_sts.policy_unreachable import policy_unreachable
    from deliverkit.facts.mta_sts import MtaStsPolicy, MtaStsRecords
    from deliverkit.observations.https import HttpEnd
    from deliverkit.profiles import choose
    from deliverkit.run import judge as run_check

    seen = report("transport-good")
    records, policy = seen.fact(MtaStsRecords), seen.fact(MtaStsPolicy)
    assert isinstance(policy, MtaStsPolicy)
    assert policy.exchange is not None
    for end in (HttpEnd.TIMEOUT, HttpEnd.UNREACHABLE, HttpEnd.UNRECORDED):
        lost = replace(policy, exchange=replace(policy.exchange, end=end))
        result = run_check(policy_unreachable, choose("domain"), {MtaStsRecords: records, MtaStsPolicy: lost})
        assert result.outcome is Outcome.UNKNOWN
        assert "port 443 may be closed from here" in result.reasons[0]


@pytest.mark.parametrize(
    ("world", "said"),
    [
        (
            "tls-good",
            "DANE protects mail to good.example: every exchanger has secure TLSA records, and every certificate",
        ),
        ("transport-good", "cannot be told: the host was not reached."),
    ],
)
def test_dane_protects_only_where_a_certificate_was_looked_at(world: str, said: str) -> None:
    """Records that nothing was held against are there, and that is all."""
    areas = ("smtp", "tls", "mta-sts", "dane")
    sentence = judge(replace(load(world), areas=areas)).report.verdicts["dane"].sentence
    assert said in sentence
    assert ("protects" in sentence) is (world == "tls-good")
