"""What senders do that know DANE, and those that know MTA-STS: each verdict a word, never one for another."""

from __future__ import annotations

import pytest

from deliverkit.facts.dealings import DaneSenders, StsSenders
from deliverkit.facts.ruling import Does, Fault, Ruling
from deliverkit.lab.world import parse
from deliverkit.model import Outcome
from tests.judging import Judged, judge

SPOKEN = ("DANE009", "DANE010", "STS022", "STS023", "STS024")
TLSA = "_25._tcp.mx2.good.example. TLSA 3 1 1 {spki:mx2.good.example}"
WITHOUT = f'remove = ["{TLSA}"]\n'
POLICY = """
[[https]]
address = "11.0.9.81"
host = "mta-sts.good.example"
body = '''
version: STSv1
mode: %s
mx: %s
max_age: 604800
'''
"""


def mx2(manner: str) -> str:
    """The second exchanger with that manner, at both of its addresses."""
    return "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx2.good.example"\n{manner}\n'
        for address in ("11.0.2.25", "2a11:db8:2::25")
    )


def judged(change: str, *, like: str = "tls-good") -> Judged:
    return judge(parse(f'like = "{like}"\n{change}', name="changed"))


def rulings(found: Judged, host: str) -> tuple[Ruling, Ruling]:
    """What a DANE sender and an MTA-STS sender do there; all its addresses are alike."""
    dane, policy = found.report.fact(DaneSenders), found.report.fact(StsSenders)
    assert isinstance(dane, DaneSenders)
    assert isinstance(policy, StsSenders)
    [by_dane] = {one.ruling for one in dane.dealings if one.conversation.host.name == host}
    [by_policy] = {one.ruling for one in policy.dealings if one.conversation.host.name == host}
    return by_dane, by_policy


@pytest.mark.parametrize(
    ("change", "dane", "policy", "fault"),
    [
        ("", Does.DELIVERS, Does.DELIVERS, Fault.NONE),
        (mx2('certificate = ""'), Does.DEFERS, Does.DEFERS, Fault.TLS),
        (mx2('tls = "alert"'), Does.DEFERS, Does.DEFERS, Fault.TLS),
        (mx2('tls = "old"'), Does.DEFERS, Does.DEFERS, Fault.TLS),
        (mx2('tls = "old"') + POLICY % ("testing", "*.good.example"), Does.DEFERS, Does.REPORTS, Fault.TLS),
        (mx2('replies = { STARTTLS = "454 4.7.0 not now" }'), Does.DEFERS, Does.DEFERS, Fault.TLS),
        (mx2('certificate = "expired"'), Does.DELIVERS, Does.DEFERS, Fault.CERTIFICATE),
        (mx2('certificate = "self-signed"'), Does.DELIVERS, Does.DEFERS, Fault.CERTIFICATE),
        (mx2('certificate = "wrong-name"'), Does.DELIVERS, Does.DEFERS, Fault.CERTIFICATE),
        (mx2('certificate = "no-chain"'), Does.DELIVERS, Does.DEFERS, Fault.CERTIFICATE),
        (mx2('replies = { CONNECT = "554 5.7.1 not you" }'), Does.CANNOT_TELL, Does.CANNOT_TELL, Fault.NONE),
        (POLICY % ("enforce", "mx1.good.example"), Does.DELIVERS, Does.DEFERS, Fault.POLICY),
        (POLICY % ("testing", "*.good.example"), Does.DELIVERS, Does.DELIVERS, Fault.NONE),
        (POLICY % ("testing", "mx1.good.example"), Does.DELIVERS, Does.REPORTS, Fault.POLICY),
        (POLICY % ("none", "mx1.good.example"), Does.DELIVERS, Does.FALLS_BACK, Fault.NONE),
        (mx2('certificate = ""') + POLICY % ("testing", "*.good.example"), Does.DEFERS, Does.IN_THE_CLEAR, Fault.TLS),
        ('[[https]]\naddress = "11.0.9.81"\ndo = "silent"', Does.DELIVERS, Does.FALLS_BACK, Fault.NONE),
    ],
)
def test_what_senders_do(change: str, dane: Does, policy: Does, fault: Fault) -> None:
    by_dane, by_policy = rulings(judged(change), "mx2.good.example")
    assert (by_dane.does, by_policy.does, by_policy.fault) == (dane, policy, fault)


@pytest.mark.parametrize(
    ("change", "does", "reason"),
    [
        (WITHOUT, Does.FALLS_BACK, "no TLSA record: TLS with any certificate"),
        (
            WITHOUT + mx2('certificate = ""'),
            Does.IN_THE_CLEAR,
            "no TLSA record, and no STARTTLS is offered",
        ),
        (
            WITHOUT + mx2('tls = "alert"'),
            Does.MAY_GO_IN_THE_CLEAR,
            "handshake failure: some senders go on in the clear, others give up",
        ),
        (
            WITHOUT + mx2('tls = "old"'),
            Does.MAY_GO_IN_THE_CLEAR,
            "no TLS newer than 1.1: senders that refuse that go on in the clear or give up",
        ),
        (
            f'remove = ["{TLSA}"]\nadd = "_25._tcp.mx2 TLSA 1 1 1 {{spki:mx2.good.example}}"',
            Does.DELIVERS,
            "TLS with any certificate, for no TLSA record can be used",
        ),
        (
            f'remove = ["{TLSA}"]\nadd = "_25._tcp.mx2 TLSA 3 1 1 {{spki:mx1.good.example}}"',
            Does.DEFERS,
            "no TLSA record names the certificate that it shows",
        ),
        (
            'add = "_25._tcp.mx2 TLSA 3 1 1 {spki:mx1.good.example}"',
            Does.DELIVERS,
            "a TLSA record names the certificate",
        ),
        ("[resolver]\nencrypted = false", Does.CANNOT_TELL, "can be forged on the way"),
        ("[resolver]\nauthenticated = false", Does.CANNOT_TELL, "does not say what it has validated"),
        (
            '[[faults]]\nname = "_25._tcp.mx2.good.example"\ntype = "TLSA"\ndo = "servfail"',
            Does.DEFERS,
            "_25._tcp.mx2.good.example TLSA: SERVFAIL",
        ),
        (
            '[[faults]]\nname = "_25._tcp.mx2.good.example"\ntype = "TLSA"\ndo = "silent"',
            Does.CANNOT_TELL,
            "_25._tcp.mx2.good.example TLSA: TIMEOUT",
        ),
    ],
)
def test_what_a_dane_sender_does(change: str, does: Does, reason: str) -> None:
    by_dane, by_policy = rulings(judged(change), "mx2.good.example")
    assert by_dane.does is does
    assert reason in by_dane.reason
    assert by_policy.does in {Does.DELIVERS, Does.DEFERS}  # it goes by the policy alone


def test_an_authority_has_to_have_signed_what_is_shown() -> None:
    """With usage 2 the chain, the name and the dates count; with usage 3 none of them (RFC 7672 §3.1)."""
    anchored = f'remove = ["{TLSA}"]\nadd = "_25._tcp.mx2 TLSA 2 1 1 {{spki:authority}}"\n'

    def does(kind: str) -> tuple[Does, str]:
        by_dane, _ = rulings(judged(anchored + mx2(f'certificate = "{kind}"')), "mx2.good.example")
        return by_dane.does, by_dane.reason

    assert does("right")[0] is Does.DELIVERS
    assert does("no-chain") == (Does.DEFERS, "no TLSA record names the certificate that it shows")
    assert does("wrong-name")[1] == "a TLSA record names its authority, but the certificate is for another name"
    assert does("expired")[1] == "a TLSA record names its authority, but the certificate is not valid now"


def test_where_nothing_is_published_senders_fall_back() -> None:
    by_dane, by_policy = rulings(judged('areas = ["tls", "mta-sts", "dane"]', like="smtp-good"), "mx1.good.example")
    assert (by_dane.does, by_policy.does) == (Does.FALLS_BACK, Does.FALLS_BACK)
    assert by_policy.reason == "no MTA-STS record: TLS with any certificate"


def test_without_conversations_these_checks_do_not_apply() -> None:
    found = judged('areas = ["mta-sts", "dane"]')
    reasons = {result.reasons for result in found.report.results if result.check.code in SPOKEN}
    assert {found.outcome(code) for code in SPOKEN} == {Outcome.NOT_APPLICABLE}
    assert reasons == {("mail hosts are not spoken to",)}
    assert found.codes == found.unknown == []


def test_a_fault_at_all_hosts_holds_mail_back() -> None:
    every = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx{number}.good.example"\ncertificate = "expired"\n'
        for number in (1, 2)
        for address in (f"11.0.{number}.25", f"2a11:db8:{number}::25")
    )
    report = judged(every).report
    messages = [
        finding.message for result in report.results if result.check.code == "STS022" for finding in result.findings
    ]
    assert [message.rpartition(", ")[2] for message in messages] == [
        "so mail from senders that know MTA-STS and not DANE is being deferred"
    ] * 2
