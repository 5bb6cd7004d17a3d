"""Messages that ``deliverkit smtp`` composes, reads and signs, as servers of the lab take them."""

from __future__ import annotations

import os
import re
import subprocess
from base64 import b64encode
from pathlib import Path
from threading import Thread

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deliverkit.standards.dkim.private_key import new_private_key
from tests.sending import ENDS, PROGRAM, command, send, taken


def test_a_composed_message_arrives() -> None:
    message = taken("--subject", "Grüße", "--body", ".\nStraße", "--header", "X-A: 1").message
    assert message.startswith(b"Date: ")
    assert b"From: a@a.example\r\nTo: b@b.example\r\nSubject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=\r\nMessage-ID: <" in message
    assert b"X-A: 1\r\n" in message
    assert message.endswith(b"\r\n\r\n.\r\nStra=C3=9Fe\r\n")


def test_a_message_from_standard_input_arrives_as_it_is() -> None:
    text = b"From: a@a.example\n\n.\n..\nFrom here\n"
    ended = send("--script", "deliver", *ENDS, "--message", "-", stdin=text)
    assert ended.deliveries[0].message == text.replace(b"\n", b"\r\n")
    assert ended.err == f"message: {len(ended.deliveries[0].message)} octets\n"


def test_a_template_that_cannot_be_read_is_named_once(tmp_path: Path) -> None:
    missing = send("--script", "deliver", *ENDS, "--template", f"{tmp_path}/t.tpl")
    assert (missing.code, missing.err) == (2, f"Error: {tmp_path}/t.tpl cannot be read: No such file or directory\n")


def test_a_template_is_filled(tmp_path: Path) -> None:
    template = tmp_path / "t.eml"
    template.write_text("From: {from}\nTo: {to}\nDate: {date}\nMessage-ID: <{message_id}>\n\nHello {name}, {{x}}\n")
    message = taken("--template", str(template), "--set", "name=Bö").message
    assert message.startswith(b"From: a@a.example\r\nTo: b@b.example\r\nDate: ")
    assert message.endswith("\r\n\r\nHello Bö, {x}\r\n".encode())


def test_attachments_and_html(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(bytes(range(256)))
    (tmp_path / "b.html").write_text("<p>x</p>")
    message = taken("--html", f"@{tmp_path}/b.html", "--attach", f"{tmp_path}/a.png").message
    assert b'Content-Disposition: attachment; filename="a.png"' in message
    assert b"Content-Type: image/png" in message
    assert b"<p>x</p>" in message


@pytest.mark.parametrize("kind", ["rsa", "ed25519"])
def test_a_signed_message_verifies_where_it_arrives(kind: str, tmp_path: Path) -> None:
    pem, record = new_private_key(kind)
    (tmp_path / "key").write_bytes(pem)
    arguments = ("--subject", "x", "--dkim-key", f"{tmp_path}/key", "--dkim-selector", "s1")
    for more in ((), ("--chunking",)):
        message = taken(*arguments, *more).message
        assert b" d=a.example; s=s1;" in message
        assert dkim.verify(message, dnsfunc=lambda *_, **__: record.encode())


OF_512_BITS = """\
-----BEGIN PRIVATE KEY-----
MIIBVQIBADANBgkqhkiG9w0BAQEFAASCAT8wggE7AgEAAkEAt/ZTbGaJ1g7B57AV
ndU20Aa1UIbDixXqUPDZJZ81kooq7XPDrPSR3UFnJNijdaN6GC94hj9A1EaTJvnt
C35uHQIDAQABAkAaHQ5Uie2xBCFEWTuITxbbysf8KVUirja3zKiWbZY2Oca2NHWa
BeaOyv1TRVpAG/ptnbnyOog4fNbzCTL8LD1BAiEA9KuHVSCxAii0qlTEb5f9K62q
wXfqePsq56ME9UojzBECIQDAeyD4EdKOcqgWUlunCyFvQZhK2z6dxcLihwHfh3o9
TQIhALC7Mf84pQNlOdMLdfURuWsSgBRNtU18R+qX45321tKxAiBR1gf2cN1s4yLE
GtAM/ZaBjwoJCZ5dxi9N0MjjGN7IIQIhALGdXx/i4skKiGNaDxBHks2hdiKpIpQq
cSNWnAqBdNLV
-----END PRIVATE KEY-----
"""  # made for this test, as cryptography makes none so short


def test_short_rsa_keys_sign_nothing_or_are_told(tmp_path: Path) -> None:
    key = rsa.generate_private_key(65537, 1024)  # noqa: S505 - that is what is tried
    (tmp_path / "1024").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    (tmp_path / "512").write_text(OF_512_BITS, "utf-8")
    options = ("--script", "deliver", *ENDS, "--dkim-selector", "s1", "--dkim-key")
    too_short, short = send(*options, f"{tmp_path}/512"), send(*options, f"{tmp_path}/1024")
    assert (too_short.code, too_short.deliveries) == (2, [])
    assert "512 bits, and no mail may be signed with fewer than 1024" in too_short.err
    assert (short.code, len(short.deliveries)) == (0, 1)
    assert "octets; the DKIM key has 1024 bits, 2048 are advised" in short.err


def test_an_empty_subject_or_body_is_sent_as_such() -> None:
    message = taken("--subject", "", "--body", "").message
    assert b"\r\nSubject:\r\n" in message
    assert message.partition(b"\r\n\r\n")[2].strip() == b""


def test_a_message_of_the_null_sender_has_an_author() -> None:
    ended = send("--script", "deliver", "--from", "<>", "--to", "b@b.example", "--helo", "mx.a.example")
    assert b"\r\nFrom: MAILER-DAEMON@mx.a.example\r\n" in ended.deliveries[0].message
    assert ended.deliveries[0].sender == ""


LONGEST = "its longest line has 1,500 octets, and servers may break or refuse more than 998"


def shown(*arguments: str, stdin: bytes = b"") -> bytes:
    """What --show-message prints, and nothing else, where nobody can be asked."""
    asking = (*PROGRAM, "--show-message", *arguments, "--resolver", "127.0.0.1:9")
    done = subprocess.run(asking, check=False, input=stdin, capture_output=True, timeout=60)
    assert (done.returncode, done.stderr) == (0, b"")
    return done.stdout


def test_a_message_that_is_given_is_shown_as_a_host_gets_it(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes(b"From: a@a.example\n\n.\n..\nx\0\xff")
    message = shown(*ENDS, "--message", f"{tmp_path}/m")
    assert message == b"From: a@a.example\r\n\r\n.\r\n..\r\nx\0\xff\r\n"
    assert message == taken("--message", f"{tmp_path}/m").message
    assert message == shown("b@b.example", "--from", "a@a.example", "--message", "-", stdin=message)


def without_date(message: bytes) -> bytes:
    return re.sub(rb"(?m)^(Date|Message-ID): .*$", rb"\1: x", message)


@pytest.mark.parametrize("options", [(), ("--subject", "Grüße", "--body", ".\nx", "--html", "<p>x</p>")])
def test_a_message_that_is_made_is_shown_as_it_is_sent(options: tuple[str, ...]) -> None:
    to = ("--to", "c@b.example")
    sent = send("--script", "deliver", *ENDS, *to, "--helo", "a.example", *options).deliveries[0].message
    alone = shown(*ENDS, *to, "--helo", "a.example", *options)
    assert without_date(alone) == without_date(sent)
    for script in ("submit", "lmtp"):
        signing_in = ("--user", "ada", "--secret", "password=file:/no/such") if script == "submit" else ()
        told = shown("--script", script, *signing_in, *ENDS, *to, "--helo", "a.example", *options)
        assert without_date(told) == without_date(sent)


def test_a_message_is_shown_with_its_signature(tmp_path: Path) -> None:
    pem, record = new_private_key("ed25519")
    (tmp_path / "key").write_bytes(pem)
    message = shown(*ENDS, "--subject", "x", "--dkim-key", f"{tmp_path}/key", "--dkim-selector", "s1")
    assert message.startswith(b"DKIM-Signature: ")
    assert dkim.verify(message, dnsfunc=lambda *_, **__: record.encode())


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--script", "greet"), "what the script greet sends stands in it: --show-script prints it"),
        (("--show-script",), "--show-script and --show-message exclude each other"),
        (("--message", "/no/such", *ENDS), "/no/such cannot be read"),
        ((), "needs from and rcpt: give --from ADDRESS and --to ADDRESS"),
    ],
)
def test_where_there_is_no_message_to_show(arguments: tuple[str, ...], words: str) -> None:
    ended = command("--show-message", *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert words in ended.err


@pytest.mark.parametrize(
    ("message", "told"),
    [
        (
            b"Subject: x\n\n" + b"x" * 1500,
            LONGEST,
        ),
        (b"Subject: x\r\n\r\na\rb\nc\r\n", "line ends that were not CRLF are now (2 of 5)"),
        (b"Subject: x\n\na\0b\n", "it has NUL in it, which no message may (RFC 2045 §2.8)"),
    ],
)
def test_what_is_odd_in_a_message_that_is_given_is_told(message: bytes, told: str) -> None:
    ended = send("--script", "deliver", *ENDS, "--message", "-", stdin=message)
    (delivery,) = ended.deliveries
    assert (ended.code, ended.err) == (0, f"message: {len(delivery.message):,} octets; {told}\n")
    assert b"\n" not in delivery.message.replace(b"\r\n", b"")
    assert b"\r" not in delivery.message.replace(b"\r\n", b"")


def test_an_attachment_may_come_through_a_pipe(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = Thread(target=(tmp_path / "pipe").write_bytes, args=(b"piped",))
    writer.start()
    message = taken("--attach", f"{tmp_path}/pipe").message
    writer.join()
    assert b64encode(b"piped") in message


@pytest.mark.parametrize(("name", "why"), [(".", "directory"), ("none", "No such file"), ("zero", "64 MiB")])
def test_an_attachment_that_cannot_be_read(name: str, why: str, tmp_path: Path) -> None:
    (tmp_path / "zero").symlink_to("/dev/zero")
    ended = send("--script", "deliver", *ENDS, "--attach", f"{tmp_path}/{name}")
    assert (ended.code, ended.deliveries, why in ended.err) == (2, [], True)
