"""Transcripts with tokens: what a conversation was stays, and nothing tells with whom."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding

from deliverkit.case import Case, format_case
from deliverkit.clients.smtp import Session
from deliverkit.facts.smtp import Conversation
from deliverkit.facts.smtp_host import SmtpHost
from deliverkit.facts.tls_version import Spoken, TlsVersion
from deliverkit.observations import Answer, ResourceRecord, Status
from deliverkit.observations.smtp import (
    ALERT,
    ANOTHER_VERSION,
    BROKEN_OFF,
    NOT_SPOKEN_HERE,
    NOT_TLS,
    OLDER,
    UNFINISHED,
    Call,
    Entry,
    Handshake,
    HelloAnswer,
    Kind,
    LeftOut,
    Transcript,
    Unmet,
)
from deliverkit.redaction import redact
from deliverkit.standards.smtp.reply import parse_reply
from tests.talking import CLOCK, command, leave, said, secure, talk

KEY = bytes(range(32))
SECRETS = ("acme", "zebra", "lovelace", "11.0.1.25", "11.0.9.9", "quarterly")
SCRIPT = """# greets the host
< 220
> EHLO zebra.acme.com
< 250 5.7.* within 2s
starttls
> MAIL FROM:<lovelace@acme.com>
"""


async def drive(session: Session) -> None:
    await secure(session)
    await command(session, "MAIL FROM:<lovelace@acme.com>")
    await command(session, "RCPT TO:<lovelace@mx1.acme.com>")
    await command(session, "DATA")
    await session.send(b"Subject: quarterly zebra\r\n\r\nfrom 11.0.9.9\r\n.\r\n")
    await session.read_reply(1.0)
    await leave(session)


def held(**manner: str) -> Transcript:
    found = talk(drive, name="mx1.acme.com", banner="ESMTP zebra", **manner)  # type: ignore[arg-type]
    unmet = (Unmet(3, "250", "550 5.7.1 zebra", "zebra@good.example"),)
    return replace(found, call=Call("mx1.acme.com", "11.0.1.25", 25, SCRIPT), unmet=unmet)


def case_with(transcript: Transcript) -> Case:
    mx = Answer("acme.com", "MX", Status.NOERROR, (ResourceRecord("acme.com", "MX", 60, "10 mx1.acme.com."),))
    address = Answer("mx1.acme.com", "A", Status.NOERROR, (ResourceRecord("mx1.acme.com", "A", 60, "11.0.1.25"),))
    answers = {mx.query: mx, address.query: address}
    return Case(CLOCK, "domain", ("acme.com",), answers, transcripts={transcript.call: transcript})


@pytest.mark.parametrize("certificate", ["right", "expired", "self-signed"])
def test_what_was_said_stays_and_nothing_tells_with_whom(certificate: str) -> None:
    plain = held(certificate=certificate)
    case = redact(case_with(plain), KEY)
    [shown] = case.transcripts.values()
    text = format_case(case).lower()
    assert [secret for secret in SECRETS if secret in text] == []
    assert [secret for secret in SECRETS for one in certificates(shown) if secret.encode() in one] == []
    assert [(e.elapsed, e.kind, e.secure, e.line) for e in shown.entries] == [
        (e.elapsed, e.kind, e.secure, e.line) for e in plain.entries
    ]
    for before, after in zip(said(plain), said(shown), strict=True):
        first, second = parse_reply([before]), parse_reply([after])
        assert (first.code, first.enhanced, first.defects) == (second.code, second.enhanced, second.defects)
    first_offer, second_offer = (parse_reply(said(one)[1:10]).extensions for one in (plain, shown))
    assert first_offer == second_offer
    assert "STARTTLS" in first_offer


def certificates(transcript: Transcript) -> tuple[bytes, ...]:
    assert transcript.handshake is not None
    return transcript.handshake.certificates


def test_the_call_is_the_one_that_the_redacted_records_lead_to() -> None:
    case = redact(case_with(held()), KEY)
    [call] = case.transcripts
    answers = {answer.rdtype: answer for answer in case.answers.values()}
    assert answers["MX"].records[0].data == f"10 {call.host}."
    assert answers["A"].records[0].data == call.address
    lines = call.script.splitlines()
    assert (lines[1], lines[3], lines[4]) == ("< 220", "< 250 5.7.* within 2s", "starttls")
    assert lines[5].startswith("> MAIL FROM:<")
    assert lines[5].endswith(f"@{case.domains[0]}>")


def test_a_certificate_keeps_times_purposes_and_sort_of_key_and_has_the_redacted_name() -> None:
    plain = held(certificate="expired")
    case = redact(case_with(plain), KEY)
    [shown] = case.transcripts.values()
    assert shown.handshake is not None
    assert shown.handshake.untrusted == "it expired on 2026-11-21"
    before, after = (x509.load_der_x509_certificate(certificates(one)[0]) for one in (plain, shown))
    assert (after.not_valid_before_utc, after.not_valid_after_utc) == (
        before.not_valid_before_utc,
        before.not_valid_after_utc,
    )
    names = after.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == [shown.call.host]
    key = after.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.key_size == 256
    assert key != before.public_key()
    assert redact(case_with(plain), KEY) == case


def test_an_rsa_key_keeps_its_size() -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "mx1.acme.com")])
    own = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(CLOCK)
        .not_valid_after(CLOCK + timedelta(days=9))
        .sign(key, SHA256())
    )
    shown = redacted(Handshake(certificates=(own.public_bytes(Encoding.DER), b"junk")))
    assert shown.handshake is not None
    found = x509.load_der_x509_certificate(shown.handshake.certificates[0])
    moved = found.public_key()
    assert isinstance(moved, rsa.RSAPublicKey)
    assert moved.key_size == 2048
    assert moved != key.public_key()
    assert found.subject == found.issuer
    assert shown.handshake.certificates[1] == b"no certificate"


def redacted(handshake: Handshake | None = None, hello: HelloAnswer | None = None) -> Transcript:
    call = Call("mx1.acme.com", "/run/acme/lmtp", 0, "")
    [shown] = redact(case_with(Transcript(call, handshake=handshake, hello=hello)), KEY).transcripts.values()
    return shown


def test_the_path_of_a_socket_is_redacted() -> None:
    assert "acme" not in redacted(Handshake()).call.address


@pytest.mark.parametrize(
    ("plain", "kept"),
    [
        ("250-SIZE 10240000\r\n", "250-SIZE 10240000\r\n"),
        ("550-5.7.26 This mail is unauthenticated\r\n", "550-5.7.26 This mail is "),
        ("421 4.7.0 [11.0.9.9] Try again later\r\n", "] Try again later\r\n"),
        ("334 VXNlcm5hbWU6\r\n", "334 "),
    ],
)
def test_codes_and_common_words_stay(plain: str, kept: str) -> None:
    transcript = Transcript(Call("mx1.acme.com", "11.0.1.25", 25, ""), (Entry(0.1, Kind.RECEIVED, plain.encode()),))
    [shown] = redact(case_with(transcript), KEY).transcripts.values()
    text = shown.entries[0].data.decode()
    assert kept in text
    assert "11.0.9.9" not in text
    assert "VXNlcm5hbWU6" not in text


def test_every_field_of_a_transcript_is_thought_of() -> None:
    """A new field stays out of redacted cases: redact it, then add it here."""
    assert {one.name for one in fields(Transcript)} == {
        *("call", "entries", "end", "detail", "handshake", "unmet", "hello", "is_part_sent")
    }
    assert set(Handshake._fields) == {
        *("version", "cipher", "server_name", "certificates", "untrusted", "failure", "discarded", "roots")
    }
    assert set(Entry._fields) == {"elapsed", "kind", "data", "secure", "line", "left_out"}
    assert set(Unmet._fields) == {"line", "wanted", "got", "value"}
    assert set(LeftOut._fields) == {"at", "octets", "sha256"}


@pytest.mark.parametrize(
    ("failure", "spoken"),
    [
        (f"{ALERT}protocol version", Spoken.REFUSED),
        (f"{ALERT}handshake failure", Spoken.REFUSED),
        (f"{ANOTHER_VERSION}TLS 1.2", Spoken.REFUSED),
        (f"the host closed the connection{BROKEN_OFF}", Spoken.CLOSED),
        (f"the connection was reset{BROKEN_OFF}", Spoken.CLOSED),
        (f"{UNFINISHED}30 s", Spoken.CANNOT_TELL),
        (f"{NOT_TLS}: no record of TLS", Spoken.CANNOT_TELL),
    ],
)
def test_why_a_version_of_tls_is_not_spoken_stays(failure: str, spoken: Spoken) -> None:
    host = SmtpHost("mx1.acme.com", "11.0.1.25", 25)
    shown = redacted(hello=HelloAnswer(failure=failure))
    assert TlsVersion("1.0", Conversation(host, shown)).spoken is spoken


@pytest.mark.parametrize("failure", [NOT_SPOKEN_HERE, OLDER])
def test_a_failure_in_words_of_our_own_stays(failure: str) -> None:
    shown = redacted(Handshake(failure=failure)).handshake
    assert shown is not None
    assert shown.failure == failure


def test_what_a_hello_offered_stays() -> None:
    script = "hello 1.2 without TLS_RSA_WITH_AES_128_CBC_SHA TLS_DH_anon_WITH_RC4_128_MD5\nclose\n"
    entry = Entry(0.1, Kind.OFFERED, script.partition("\n")[0].encode(), line=1)
    [shown] = redact(
        case_with(Transcript(Call("mx1.acme.com", "11.0.1.25", 25, script), (entry,))), KEY
    ).transcripts.values()
    assert (shown.call.script, tuple(shown.entries)) == (script, (entry,))
