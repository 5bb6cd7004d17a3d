"""TLS in a session: every certificate is looked at and none refused, every failure told, plaintext thrown away."""

from __future__ import annotations

import asyncio
import ssl
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat

from deliverkit.clients.smtp import Session
from deliverkit.clients.smtp.provisions import ClientCertificate, Trust
from deliverkit.clients.smtp.tls import Offer, Tls, check_client, words_of
from deliverkit.clients.smtp.trust import complaint
from deliverkit.errors import UsageError
from deliverkit.lab.authority import Authority
from deliverkit.observations.smtp import End, Handshake, Kind, Transcript
from tests.talking import CLOCK, NAME, PATIENCE, command, greet, leave, said, secure, talk, talk_to

pytestmark = pytest.mark.usefixtures("either_loop")
LEADS_NOWHERE = "is not known here, and the host sent no certificate that leads on"


async def secure_and_leave(session: Session) -> None:
    await secure(session)
    await leave(session)


def shaken(found: Transcript) -> Handshake:
    assert found.handshake is not None
    return found.handshake


def test_a_handshake_shows_version_cipher_name_and_chain() -> None:
    from cryptography.x509 import load_der_x509_certificate

    found = talk(secure_and_leave)
    shown = shaken(found)
    assert (found.end, shown.version, shown.server_name) == (End.CLOSED, "TLSv1.3", NAME)
    assert shown.cipher.startswith("TLS_")
    assert (shown.untrusted, shown.failure, shown.discarded) == ("", "", 0)
    subjects = [load_der_x509_certificate(one).subject.rfc4514_string() for one in shown.certificates]
    assert subjects == [f"CN={NAME}", "CN=deliverkit lab authority\\, intermediate"]


def test_what_is_inside_tls_is_marked() -> None:
    found = talk(secure_and_leave)
    place = [entry.kind for entry in found.entries].index(Kind.SECURED)
    assert found.entries[place - 1].data == b"220 2.0.0 ready to start TLS\r\n"
    assert not any(entry.secure for entry in found.entries[:place])
    assert all(entry.secure for entry in found.entries[place:])


@pytest.mark.parametrize(
    ("certificate", "untrusted"),
    [
        ("right", ""),
        ("wrong-name", ""),
        ("expired", "it expired on 2026-11-21"),
        ("early", "it is not valid before 2026-11-23"),
        ("self-signed", "it is signed by itself and by no authority"),
        (
            "unknown-authority",
            f"its issuer an authority of its own {LEADS_NOWHERE}",
        ),
        (
            "no-chain",
            f"its issuer deliverkit lab authority, intermediate {LEADS_NOWHERE}",
        ),
    ],
)
def test_a_bad_certificate_is_told_and_never_taken_for_no_tls(certificate: str, untrusted: str) -> None:
    found = talk(secure_and_leave, certificate=certificate)
    assert found.end is End.CLOSED
    assert shaken(found).untrusted == untrusted
    assert said(found)[-1].startswith(b"221")


def test_old_tls_is_spoken_so_that_it_can_be_told() -> None:
    found = talk(secure_and_leave, tls="old")
    assert (found.end, shaken(found).version) == (End.CLOSED, "TLSv1")


def test_tls_from_the_first_octet() -> None:
    async def drive(session: Session) -> None:
        await session.start_tls(line=1)
        await greet(session)
        await leave(session)

    found = talk(drive, implicit=True)
    assert found.end is End.CLOSED
    assert [(entry.kind, entry.secure) for entry in found.entries[:3]] == [
        (Kind.CONNECTED, False),
        (Kind.SECURED, True),
        (Kind.RECEIVED, True),
    ]
    assert found.entries[1].line == 1


def test_octets_in_the_clear_before_the_handshake_are_thrown_away_and_noted() -> None:
    async def drive(session: Session) -> None:
        await greet(session)
        await command(session, "STARTTLS", 3)
        await session.start_tls(line=4)
        reply = await command(session, "EHLO client.example", 5)
        assert reply.text[0] == "mx.lab.example greets client.example"

    found = talk(drive, do="inject")
    assert shaken(found).discarded == len(b"250 and one thing more\r\n")
    [thrown] = [entry for entry in found.entries if entry.data == b"250 and one thing more\r\n"]
    assert (thrown.kind, thrown.secure, thrown.line) == (Kind.RECEIVED, False, 0)
    assert found.end is End.CLOSED


def test_however_much_of_it_came_with_the_reply() -> None:
    more = b"250-" + b"x" * 500 + b"\r\n250 ok\r\n"

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"220 hello\r\n")
        await reader.readline()
        writer.write(b"220 go\r\n" + more)
        await reader.read()
        writer.close()

    async def drive(session: Session) -> None:
        await session.read_reply(PATIENCE)
        await command(session, "STARTTLS", 3)
        await session.start_tls()

    assert shaken(talk_to(serve, drive)).discarded == len(more)


@pytest.mark.parametrize(
    ("manner", "failure"),
    [
        ({"tls": "alert"}, "the host sent the alert handshake failure"),
        ({"do": "no-handshake"}, "what the host sent is not TLS"),
        ({"do": "mute-handshake"}, "the host did not finish the handshake within 0.4 s"),
        ({"do": "drop-handshake"}, "the host closed the connection during the handshake"),
    ],
)
def test_a_handshake_that_fails_says_why(manner: dict[str, Any], failure: str) -> None:
    found = talk(secure, **manner)
    assert (found.end, found.detail, shaken(found).failure) == (End.TLS_FAILED, failure, failure)
    assert shaken(found).certificates == ()
    assert Kind.SECURED not in [entry.kind for entry in found.entries]


def test_what_comes_in_place_of_a_handshake_is_kept() -> None:
    found = talk(secure, do="no-handshake")
    assert said(found)[-1].startswith(b"500 ")


def test_tls_inside_tls_is_not_tried() -> None:
    async def drive(session: Session) -> None:
        await secure(session)
        await session.start_tls()

    found = talk(drive)
    assert (found.end, found.detail) == (End.TLS_FAILED, "TLS is there already")
    assert shaken(found).failure == ""


def test_large_messages_and_slow_octets_pass_through_tls() -> None:
    async def drive(session: Session) -> None:
        await secure(session)
        for text in ("MAIL FROM:<ada@a.example>", "RCPT TO:<bob@b.example>", "DATA"):
            await command(session, text)
        await session.send(b"Subject: x\r\n\r\n" + (b"y" * 70 + b"\r\n") * 8000 + b".\r\n")
        assert (await session.read_reply(PATIENCE * 5)).code == 250
        await leave(session)

    assert talk(drive).end is End.CLOSED
    assert talk(secure_and_leave, do="split").end is End.CLOSED


def test_inside_tls_a_host_is_held_to_the_same_bounds() -> None:
    async def drive(session: Session) -> None:
        await session.start_tls()
        await greet(session)
        for text in ("MAIL FROM:<ada@a.example>", "RCPT TO:<bob@b.example>", "DATA"):
            await command(session, text)
        await session.send(b"y" * 30_000_000)

    def ends(do: str) -> tuple[End, bool]:
        found = talk(drive, implicit=True, do=do)
        return found.end, found.entries[-1].kind is Kind.CLOSED

    assert ends("deaf") == (End.STUCK, True)
    assert ends("flood at EHLO") == (End.FLOODED, True)
    assert ends("long-line at MAIL") == (End.FLOODED, True)
    assert ends("silent at RCPT") == (End.SILENT, True)
    assert ends("drop at RCPT") == (End.HUNG_UP, True)
    assert ends("reset at RCPT") == (End.RESET, False)


@pytest.mark.parametrize("name", ["", "127.0.0.1", "a" * 70 + ".example", ".", "mx_1.example", "-"])
def test_any_name_can_be_given(name: str) -> None:
    tls = Tls(name)
    assert tls.take(b"") == b""
    assert tls.to_send().startswith(b"\x16\x03\x01")


def test_alerts_are_words() -> None:
    error = ssl.SSLError(1, "x")
    error.reason = "TLSV1_ALERT_PROTOCOL_VERSION"
    assert words_of(error) == "the host sent the alert protocol version"
    error.reason = "BAD_ECPOINT"
    assert words_of(error) == "bad ecpoint"


def test_trust_is_judged_at_the_moment_that_is_given() -> None:
    authority = Authority(CLOCK)
    chain = shaken(talk(secure_and_leave)).certificates
    assert complaint(Trust(CLOCK + timedelta(days=100), authority.root), chain).startswith("it expired on 2027-01-2")
    assert complaint(Trust(CLOCK), chain).startswith("its issuer deliverkit lab authority is not known here")


def test_what_cannot_be_judged_is_said() -> None:
    trust = Trust(CLOCK, Authority(CLOCK).root)
    assert complaint(trust, ()) == "the host sent no certificate"
    assert complaint(trust, (b"\x30\x03junk",)) == "a certificate cannot be read"


def shake_in_memory(tls: Tls, context: ssl.SSLContext) -> ssl.SSLObject:
    """The server's side after a handshake without a network."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(incoming, outgoing, server_side=True)
    tls.take(b"")
    for _ in range(8):
        incoming.write(tls.to_send())
        with suppress(ssl.SSLWantReadError):
            server.do_handshake()
        tls.take(outgoing.read())
    assert tls.is_shaken
    return server


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_version_can_be_offered_alone(version: str) -> None:
    server = shake_in_memory(Tls(NAME, Offer(version)), Authority(CLOCK).serving(NAME, "right"))
    assert server.version() == f"TLSv{version}"


def test_a_client_certificate_is_shown_to_who_asks(tmp_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "client.example")])
    now = datetime.now(UTC)
    own = x509.CertificateBuilder(name, name, key.public_key(), 7, now - timedelta(1), now + timedelta(1))
    certificate = own.sign(key, SHA256()).public_bytes(Encoding.PEM)
    (tmp_path / "own.pem").write_bytes(certificate)
    (tmp_path / "key.pem").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    sealed = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"secret"))
    (tmp_path / "sealed.pem").write_bytes(sealed)
    context = Authority(CLOCK).serving(NAME, "right")
    context.load_verify_locations(cadata=certificate.decode())
    context.verify_mode = ssl.CERT_REQUIRED
    client = ClientCertificate(str(tmp_path / "own.pem"), str(tmp_path / "key.pem"))
    shown = shake_in_memory(Tls(NAME, Offer(client=client)), context).getpeercert()
    assert shown
    assert shown["subject"] == ((("commonName", "client.example"),),)
    with pytest.raises(UsageError, match="cannot be used with its key"):
        check_client(ClientCertificate(str(tmp_path / "own.pem"), str(tmp_path / "sealed.pem")))


def test_a_certificate_that_signs_itself_can_be_a_root_of_its_own() -> None:
    """A gateway's own certificate, given as what is to be trusted (RFC 5280 §6.1.1: a trust anchor)."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "gateway.example")])
    own = x509.CertificateBuilder(name, name, key.public_key(), 7, CLOCK - timedelta(1), CLOCK + timedelta(1))
    shown = own.sign(key, SHA256())
    chain = [shown.public_bytes(Encoding.DER)]
    assert complaint(Trust(CLOCK, shown.public_bytes(Encoding.PEM), "gateway.pem"), chain) == ""
    assert complaint(Trust(CLOCK, Authority(CLOCK).root), chain) == "it is signed by itself and by no authority"
