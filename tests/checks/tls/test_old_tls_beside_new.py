"""Old versions of TLS beside new ones; and how a host refuses one: by an alert, without a word, or not at all."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from deliverkit.checks.tls.old_tls_beside_new import old_tls_beside_new
from deliverkit.clients.smtp import Session
from deliverkit.clients.smtp.hello import say_hello
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.tls import TlsProtocols
from deliverkit.facts.tls_version import Spoken, TlsVersion
from deliverkit.lab.world import load
from deliverkit.model import Absent, Finding, Outcome
from deliverkit.observations.smtp import NOT_TLS, HelloAnswer
from deliverkit.script.syntax import Hello
from tests.judging import Judged, judge
from tests.spoken import GREETED, spoken
from tests.talking import talk

CODE = "TLS011"


@pytest.fixture(scope="module")
def judged() -> Judged:
    return judge(load("tls-old-beside-new"))


def test_it_is_told_of_the_host_and_that_it_is_better_than_nothing(judged: Judged) -> None:
    [result] = [one for one in judged.report.results if one.check.code == CODE]
    [finding] = result.findings
    assert finding.message == (
        "mx2.good.example [11.0.2.25]:25 still speaks TLS 1.0 and TLS 1.1 beside newer versions, "
        "which on port 25 is better than plain text"
    )
    assert [evidence.text.partition(": ")[2].partition(",")[0] for evidence in finding.evidence] == [
        "TLS 1.0",
        "TLS 1.1",
    ]


def test_closing_without_an_alert_is_told_apart_from_refusing(judged: Judged) -> None:
    found = judged.report.fact(TlsProtocols)
    assert isinstance(found, TlsProtocols)
    silent, every = ([one.spoken for one in host] for host in found.hosts)
    assert silent == [*[Spoken.CLOSED] * 3, Spoken.SPOKEN, Spoken.SPOKEN]
    assert every == [Spoken.REFUSED, *[Spoken.SPOKEN] * 4]


def test_where_the_versions_were_not_asked_for_it_does_not_apply() -> None:
    assert judge(load("smtp-good")).outcome(CODE) is Outcome.NOT_APPLICABLE


def test_a_host_of_old_versions_alone_is_another_checks() -> None:
    versions = (_version("1.0", ""), _version("1.2", "the host sent the alert protocol version"))
    assert reasons(versions) == []


def test_a_version_that_cannot_be_told_is_not_known() -> None:
    [absent] = reasons((_version("1.1", f"{NOT_TLS}: no record of TLS"), _version("1.3", "")))
    assert absent.endswith(f"TLS 1.1: {NOT_TLS}: no record of TLS")


@pytest.mark.parametrize(
    ("manner", "spoken", "failure"),
    [
        ({}, Spoken.REFUSED, "the host sent the alert protocol version"),
        ({"tls": "every"}, Spoken.SPOKEN, ""),
        ({"do": "no-alert"}, Spoken.CLOSED, "the host closed the connection during the handshake"),
        ({"do": "drop-handshake"}, Spoken.CLOSED, "the host closed the connection during the handshake"),
        ({"do": "mute-alert"}, Spoken.CANNOT_TELL, "the host did not finish the handshake within 0.4 s"),
        ({"do": "no-handshake"}, Spoken.CANNOT_TELL, "what the host sent is not TLS: no record of TLS"),
    ],
)
def test_what_comes_of_trying_an_old_version(manner: dict[str, str], spoken: Spoken, failure: str) -> None:
    tried = _tried("1.0", **manner)
    answer = tried.conversation.transcript.hello
    assert answer is not None
    assert (tried.spoken, answer.failure) == (spoken, failure)
    assert tried.is_spoken is {Spoken.SPOKEN: True, Spoken.CANNOT_TELL: None}.get(spoken, False)


def test_ssl3_is_as_old_and_the_suite_is_told() -> None:
    [finding] = old_tls_beside_new.judge(TlsProtocols(((_version("ssl3", ""), _version("1.2", "")),)))
    assert isinstance(finding, Finding)
    assert "still speaks SSL 3.0 beside newer versions" in finding.message
    assert finding.evidence[0].text.endswith(": SSL 3.0, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256")


def test_a_version_that_it_did_not_come_to_is_not_known() -> None:
    tried = _tried("1.0", replies={"STARTTLS": ["454 later"]})
    assert (tried.spoken, tried.is_spoken) == (Spoken.CANNOT_TELL, None)


def reasons(versions: tuple[TlsVersion, ...]) -> list[str]:
    """Why what cannot be told cannot; a finding is none."""
    yielded = list(old_tls_beside_new.judge(TlsProtocols((versions,))))
    assert all(isinstance(one, Absent) for one in yielded)
    return [one.reason for one in yielded if isinstance(one, Absent)]


def _tried(version: str, **manner: Any) -> TlsVersion:
    async def drive(session: Session) -> None:
        await session.read_reply(1)
        await session.send(b"STARTTLS\r\n")
        if (await session.read_reply(1)).code == 220:
            await say_hello(session, Hello(1, version))

    transcript = talk(drive, **manner)
    return TlsVersion(version, Conversation(spoken(GREETED).host, transcript))


def _version(version: str, failure: str) -> TlsVersion:
    one = spoken(GREETED)
    transcript = replace(one.transcript, hello=HelloAnswer("" if failure else version, 0xC02F, failure))
    return TlsVersion(version, Conversation(one.host, transcript))
