"""How much the certificate of an exchanger matters: by what senders demand of it, each cell of the table in the lab."""

from __future__ import annotations

from functools import cache
from itertools import product

import pytest

from deliverkit.lab.world import load, parse
from deliverkit.model import Outcome, Severity
from tests.judging import Judged, judge

CODES = {"expired": "TLS004", "wrong-name": "TLS005", "self-signed": "TLS006", "no-chain": "TLS007", "ending": "TLS008"}
BAD = ("expired", "wrong-name", "self-signed", "no-chain")  # what a sender refuses that demands a good certificate
POLICIES = {"testing": ("STS024", Severity.WARNING), "enforce": ("STS022", Severity.ERROR)}
_POLICY = ['_mta-sts.good.example. TXT "v=STSv1; id=20261122090000Z"', "mta-sts.good.example. A 11.0.9.81"]
_TLSA = "_25._tcp.mx{n}.good.example. TLSA 3 1 1 {{spki:mx{n}.good.example}}"


def world_text(certificate: str, policy: str, dane: str) -> str:
    """Both addresses of mx2 show the certificate. ``policy`` is a mode, or empty; ``dane``: what mx2 has of it."""
    gone = [_TLSA.format(n=n) for n in {"matches": (), "differs": (2,), "none": (1, 2)}[dane]]
    gone += [] if policy else _POLICY
    hosts = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx2.good.example"\ncertificate = "{certificate}"\n'
        for address in ("11.0.2.25", "2a11:db8:2::25")
    )
    body = f"version: STSv1\nmode: {policy or 'none'}\nmx: mx1.good.example\nmx: mx2.good.example\nmax_age: 604800\n"
    return (
        f'like = "tls-good"\nremove = {[*gone]}\n'
        + (f'add = "_25._tcp.mx2 TLSA 3 1 1 {"b2" * 32}"\n' if dane == "differs" else "")
        + f'[[https]]\naddress = "11.0.9.81"\nhost = "mta-sts.good.example"\nbody = """\n{body}"""\n{hosts}'
    )


@cache
def judged(certificate: str, policy: str, dane: str) -> Judged:
    return judge(parse(world_text(certificate, policy, dane), name="cell"))


def told(found: Judged, code: str) -> Severity | None:
    """How much the check's finding matters; None: it found nothing."""
    [one] = [result for result in found.report.results if result.check.code == code]
    return one.severity if one.outcome is Outcome.FAIL else None


@pytest.mark.parametrize(("certificate", "policy"), [*product(BAD, ("", *POLICIES))])
def test_where_no_tlsa_record_names_it(certificate: str, policy: str) -> None:
    """Opportunistic: a note; a policy in mode testing: a warning beside it; in mode enforce: an error."""
    found = judged(certificate, policy, "none")
    assert told(found, CODES[certificate]) is Severity.NOTE
    for mode, (code, severity) in POLICIES.items():
        assert told(found, code) is (severity if mode == policy else None)
    worst = POLICIES[policy][1] if policy else Severity.NOTE
    assert max(result.severity for result in found.report.of(Outcome.FAIL)) is worst


@pytest.mark.parametrize(("certificate", "policy"), [*product(CODES, ("", *POLICIES))])
def test_where_a_matching_dane_ee_record_names_it(certificate: str, policy: str) -> None:
    """It passes, whatever is wrong with it; that senders defer which know MTA-STS and not DANE is a note."""
    found = judged(certificate, policy, "matches")
    for code in CODES.values():
        assert found.outcome(code) is Outcome.PASS
    assert {result.check.area for result in found.report.of(Outcome.FAIL)} <= {"mta-sts"}
    for mode, (code, _) in POLICIES.items():
        assert told(found, code) is (Severity.NOTE if mode == policy and certificate in BAD else None)


def test_a_host_without_tls_is_no_less_of_a_fault_for_its_tlsa_record() -> None:
    assert told(judged("", "testing", "matches"), "STS024") is Severity.WARNING
    assert told(judged("", "enforce", "matches"), "STS023") is Severity.ERROR


@pytest.mark.parametrize("certificate", BAD)
def test_where_the_record_names_another(certificate: str) -> None:
    found = judged(certificate, "", "differs")
    assert (told(found, CODES[certificate]), told(found, "DANE009")) == (Severity.NOTE, Severity.ERROR)


def test_where_the_record_is_not_secure_it_vouches_for_nothing() -> None:
    text = world_text("expired", "", "matches") + "[resolver]\nencrypted = false\n"
    assert judge(parse(text, name="forgeable")).outcome("TLS004") is Outcome.FAIL


def test_a_record_of_the_authority_vouches_for_no_name() -> None:
    assert "TLS005" in judge(load("tls-dane-authority")).codes


def test_where_nobody_asks_about_dane_the_certificate_is_judged_all_the_same() -> None:
    found = judge(load("tls-certificate-expired"))
    assert (found.codes, found.unknown) == (["TLS004"], [])
    assert not any(question.rdtype == "TLSA" for question in found.questions)


def test_the_verdict_says_what_vouches_for_it() -> None:
    sentence = judged("expired", "", "matches").report.verdicts["tls"].sentence
    assert sentence.endswith("; DANE alone vouches for the certificate of mx2.good.example.")
