"""Weak cipher suites: a note on port 25, a warning where passwords go, and never what a host was not asked for."""

from __future__ import annotations

import pytest

from deliverkit.checks.tls.weak_ciphers import weak_ciphers
from deliverkit.classes import replace
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.tls import TlsProtocols
from deliverkit.facts.tls_version import Order, TlsVersion
from deliverkit.lab.world import load
from deliverkit.model import Absent, Finding, Outcome, Severity
from deliverkit.observations.smtp import ALERT, BROKEN_OFF, HelloAnswer
from deliverkit.standards.tls.suites import BY_NAME, suites_for
from tests.judging import judge
from tests.spoken import GREETED, spoken

CODE = "TLS012"
GOOD, NULL, RC4 = "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_NULL_SHA", "TLS_RSA_WITH_RC4_128_MD5"
EXPORT, ANONYMOUS = "TLS_RSA_EXPORT_WITH_DES40_CBC_SHA", "TLS_DH_anon_WITH_AES_256_CBC_SHA"
NO = f"{ALERT}handshake failure"


def answering(answer: HelloAnswer | None, port: int = 25) -> Conversation:
    one = spoken(GREETED)
    return Conversation(replace(one.host, port=port), replace(one.transcript, hello=answer))


def taking(*names: str, port: int = 25, version: str = "1.2", last: str = NO, turned: str = "") -> TlsVersion:
    answers = [*(HelloAnswer(version, BY_NAME[name].number) for name in names), HelloAnswer(failure=last)]
    first, *further = (answering(answer, port) for answer in answers)
    back = answering(HelloAnswer(version, BY_NAME[turned].number)) if turned else None
    return TlsVersion(version, first, tuple(further), back)


def found(*versions: TlsVersion) -> list[Finding | Absent]:
    return list(weak_ciphers.judge(TlsProtocols((versions,), has_ciphers=True)))


@pytest.mark.parametrize(("port", "weight"), [(25, Severity.NOTE), (587, Severity.WARNING), (465, Severity.WARNING)])
def test_how_much_weak_suites_matter_depends_on_the_port(port: int, weight: Severity) -> None:
    [finding] = found(taking(GOOD, NULL, RC4, EXPORT, port=port))
    assert isinstance(finding, Finding)
    assert finding.at_most is weight
    assert (
        "takes 3 weak cipher suites: no encryption (NULL), RC4, MD5, keys of 40 bits (EXPORT) and DES"
        in finding.message
    )
    assert [one.text.rpartition(" ")[2] for one in finding.evidence] == [NULL, RC4, EXPORT]
    assert finding.fix
    assert "add eNULL, RC4, MD5, EXPORT and DES to what smtpd_tls_exclude_ciphers names already" in finding.fix.action


def test_anonymous_suites_are_nothing_on_port_25_and_a_note_on_a_submission_port() -> None:
    assert found(taking(GOOD, ANONYMOUS)) == []
    [finding] = found(taking(GOOD, ANONYMOUS, port=587))
    assert isinstance(finding, Finding)
    assert (finding.at_most, "takes 1 anonymous cipher suite" in finding.message) == (Severity.NOTE, True)


def test_one_suite_of_several_versions_is_told_once_with_all_of_them() -> None:
    [finding] = found(taking(RC4, version="1.0"), taking(GOOD, RC4))
    assert isinstance(finding, Finding)
    assert [one.note for one in finding.evidence] == ["in TLS 1.0 and TLS 1.2"]


def test_many_are_counted() -> None:
    weak = [one.name for one in suites_for("1.2") if one.weaknesses]
    [finding] = found(taking(*weak))
    assert isinstance(finding, Finding)
    assert len(finding.evidence) == 13
    assert finding.evidence[-1].text.endswith(f": {len(weak) - 12} more")


def test_what_is_not_the_whole_list_is_not_known() -> None:
    silent = taking(GOOD, last="the host did not finish the handshake within 30 s")
    cut = TlsVersion("1.2", answering(HelloAnswer("1.2", BY_NAME[GOOD].number)))
    mute = taking(last="the host did not finish the handshake within 30 s")
    reasons = [
        one.reason.partition(", ")[2]
        for tried in (silent, cut, mute)
        for one in found(tried)
        if isinstance(one, Absent)
    ]
    assert reasons == [
        "TLS 1.2: after 1 suite, the host did not finish the handshake within 30 s",
        "TLS 1.2: no more than 1 suite was asked for",
        "TLS 1.2: the host did not finish the handshake within 30 s",
    ]


def test_closing_without_an_alert_ends_a_list_as_well() -> None:
    closing = taking(GOOD, last=f"the host closed the connection{BROKEN_OFF}")
    assert (found(closing), closing.is_whole) == ([], True)


def test_a_list_is_whole_where_nothing_is_left_to_offer() -> None:
    every = [HelloAnswer("1.3", one.number) for one in suites_for("1.3")]
    assert TlsVersion("1.3", answering(every[0]), tuple(map(answering, every[1:]))).is_whole
    assert not TlsVersion("1.3", answering(every[0]), tuple(map(answering, every[1:4]))).is_whole


@pytest.mark.parametrize(
    ("turned", "order"), [(GOOD, Order.OWN), (RC4, Order.CLIENT), (NULL, Order.UNKNOWN), ("", Order.UNKNOWN)]
)
def test_whose_order_a_host_chooses_by(turned: str, order: Order) -> None:
    assert taking(GOOD, NULL, RC4, turned=turned).order is order


def test_where_the_suites_were_not_asked_for_it_does_not_apply() -> None:
    assert judge(load("smtp-good")).outcome(CODE) is Outcome.NOT_APPLICABLE
    assert judge(load("tls-old-beside-new")).outcome(CODE) is Outcome.NOT_APPLICABLE


def test_the_world_of_weak_ciphers() -> None:
    judged = judge(load("tls-weak-ciphers"))
    [result] = [one for one in judged.report.results if one.check.code == CODE]
    [finding] = result.findings
    assert finding.message == (
        "mx2.good.example [11.0.2.25]:25 takes 1 weak cipher suite: no encryption (NULL), "
        "though every sender that can do better does"
    )
