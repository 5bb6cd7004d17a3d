"""``deliverkit smtp`` as a sender: what servers of the lab take, and what is kept of it."""

from __future__ import annotations

import asyncio
import json
import os
import pty
import re
import signal
import sys
from base64 import b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import dkim
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from deliverkit.lab.deliveries import Delivery
from deliverkit.lab.mailhosts import parse_mail_host
from deliverkit.lab.smtpserver import SmtpServer
from deliverkit.script import parse_script
from deliverkit.standards.dkim.private_key import new_private_key
from tests.talking import serving

PROGRAM = [sys.executable, "-m", "deliverkit", "smtp"]
SECRET = "correct-horse-battery"  # noqa: S105 - the lab's, of the world smtp-submission
ENDS = ("--from", "a@a.example", "--to", "b@b.example")


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str
    deliveries: list[Delivery]


async def run(*arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
    process = await asyncio.create_subprocess_exec(
        *PROGRAM, *arguments,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONUTF8": "1", **environment},
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(stdin), 60)
    assert process.returncode is not None
    return Ended(process.returncode, out.decode(), err.decode(), [])


def command(*arguments: str, stdin: bytes = b"", **environment: str) -> Ended:
    return asyncio.run(run(*arguments, stdin=stdin, **environment))


def send(*arguments: str, stdin: bytes = b"", environment: dict[str, str] | None = None, **manner: Any) -> Ended:
    """The command with a server of that manner, and what this took."""

    async def work() -> Ended:
        async with serving(**manner) as (server, (host, port), _):
            ended = await run(f"{host}:{port}", *arguments, stdin=stdin, **(environment or {}))
            return Ended(ended.code, ended.out, ended.err, server.memory.deliveries)

    return asyncio.run(work())


def taken(*arguments: str, **options: Any) -> Delivery:
    """The one message that a server took by it."""
    ended = send("--script", "deliver", *ENDS, *arguments, **options)
    assert (ended.code, ended.err.count("Error")) == (0, 0), ended.out + ended.err
    (delivery,) = ended.deliveries
    return delivery


# Secrets


def files_of(folder: Path) -> tuple[str, ...]:
    return ("--save", str(folder / "case"), "--log", str(folder / "log"), "--record", str(folder / "record"))


def everything(ended: Ended, folder: Path) -> str:
    kept = [path.read_text() for path in folder.iterdir()]
    assert len(kept) == 3
    return ended.out + ended.err + "".join(kept)


def assert_hidden(text: str, secret: str = SECRET) -> None:
    encoded = [b64encode(one).decode() for one in (secret.encode(), f"\0ada\0{secret}".encode())]
    assert [one for one in (secret, *encoded) if one in text] == []


SUBMIT = ("mx1.good.example:587", "--lab", "smtp-submission", "--script", "submit", "--user", "ada", *ENDS)


@pytest.mark.parametrize("format_", ["table", "json", "jsonl", "markdown", "html", "junit", "sarif"])
def test_no_output_holds_a_secret(format_: str, tmp_path: Path) -> None:
    ended = command(*SUBMIT, "--secret", "password=env:PW", "--format", format_, "-v", *files_of(tmp_path), PW=SECRET)
    assert ended.code == 0, ended.out
    text = everything(ended, tmp_path)
    assert_hidden(text)
    assert "<secret:password>" in text
    assert parse_script((tmp_path / "record").read_text())


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize(("port", "tls"), [(587, "starttls"), (465, "implicit")])
def test_every_mechanism_logs_in(mechanism: str, port: int, tls: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text(f"{SECRET}\n")
    name = "token" if "OAUTH" in mechanism else "password"
    ended = command(
        f"mx1.good.example:{port}", *SUBMIT[1:], "--tls", tls, "--auth", mechanism.lower(), "-v",
        "--secret", f"{name}=command:cat {secret}",
    )  # fmt: skip
    assert ended.code == 0, ended.out + ended.err
    assert "< 235 2.7.0" in ended.out
    assert_hidden(ended.out + ended.err)


def test_a_host_that_says_a_secret_back_is_not_shown_with_it(tmp_path: Path) -> None:
    world = tmp_path / "world.toml"
    world.write_text(
        'title = "x"\nlike = "smtp-submission"\n[[smtp]]\naddress = "11.0.1.25"\nport = 587\n'
        'name = "mx1.good.example"\n'
        f'auth = ["PLAIN"]\nreplies = {{ AUTH = "535 5.7.8 {SECRET} is wrong" }}\n'
    )
    kept = tmp_path / "kept"
    kept.mkdir()
    arguments = (SUBMIT[0], "--lab", str(world), *SUBMIT[3:], "--secret", "password=env:PW", "-v", *files_of(kept))
    ended = command(*arguments, PW=SECRET)
    assert ended.code == 1
    assert "535 5.7.8 <secret:password> is wrong" in ended.out
    assert_hidden(everything(ended, kept))


@pytest.mark.parametrize(
    ("secret", "words"),
    [
        (f"password={SECRET}", "--secret password=…: write env:VARIABLE"),
        (f"password:{SECRET}", "--secret wants NAME=WAY"),
        ("password=env:NOT_THERE", "no environment variable NOT_THERE"),
        ("password=file:/no/such/file", "cannot be read"),
        ("password=command:false", "its command ended with 1"),
        ("password=command:no-such-command-here", "its command cannot be run"),
        ("password=command:printf 'x\\ny'", "a line break"),
        ("password=command:true", "is empty"),
        ("password=command:echo boo >&2; exit 3", "is run without a shell, and > is for one: command:sh -c"),
        ("password=command:echo x | cat", "is run without a shell"),
        ("password=command:true && echo x", "is run without a shell"),
        ("password=command:echo $(true)", "is run without a shell"),
        ("password=command:sh -c 'echo boo >&2; exit 3'", "its command ended with 3"),
        ("password=prompt", "there is no terminal"),
        ("token=env:PW", "has no use for the secret token"),
    ],
)
def test_a_secret_that_cannot_be_had(secret: str, words: str) -> None:
    ended = command(*SUBMIT, "--secret", secret, PW=SECRET)
    assert ended.code == 2
    assert words in ended.err
    assert_hidden(ended.err + ended.out)


def test_without_a_secret_it_is_asked_for_and_there_must_be_a_terminal() -> None:
    ended = command(*SUBMIT)
    assert (ended.code, ended.out) == (2, "")
    assert "the secret password is needed, and there is no terminal to ask at" in ended.err


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("token=$PW", "--set token=…: what is set stands in transcripts"),
        (f"password={SECRET}", "--set password=…: what is set stands in transcripts"),
        ("x=$MY_TOKEN", "--set x=…: what is set stands in transcripts"),
        ("subject=$PW", "the variable subject holds the secret password"),
    ],
)
def test_what_is_set_is_no_secret(setting: str, words: str) -> None:
    ended = command(*SUBMIT, "--set", setting, "--secret", "password=env:PW", PW=SECRET, MY_TOKEN=SECRET)
    assert ended.code == 2
    assert words in ended.err
    assert_hidden(ended.err + ended.out)


def test_no_password_goes_to_a_host_whose_certificate_is_bad() -> None:
    arguments = ("--script", "submit", "--user", "ada", *ENDS, "--secret", "password=env:PW")
    manner: dict[str, Any] = {"auth": ["PLAIN"], "users": {"ada": SECRET}, "environment": {"PW": SECRET}}
    ended = send(*arguments, **manner)
    assert ended.code == 1
    assert "wants trusted TLS before a password is sent" in ended.out
    assert "AUTH PLAIN" not in ended.out
    assert send(*arguments, "--in-clear", **manner).code == 0
    in_clear = send(*arguments, "--in-clear", "--tls", "none", **manner)
    assert (in_clear.code, in_clear.deliveries[0].secure, in_clear.deliveries[0].user) == (0, False, "ada")


# Messages


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


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--dkim-selector", "s1"), "needs a key and its selector"),
        (("--dkim-domain", "a.example"), "needs a key and its selector"),
        (("--dkim-key", ""), "needs a key and its selector"),
        (("--message", ""), " cannot be read"),
        (("--template", ""), " cannot be read"),
        (("--html", ""), "--html: there is nothing in it"),
        (("--subject", "a\r\nBcc: x@y.example"), "the header Subject has a line break in it"),
        (("--header", "X: a\nY: b"), "the header X has a line break in it"),
        (("--header", "no header"), "is no header"),
        (("--to", "c@c.example\r\nRCPT TO:<x@y.example>", "--subject", "x"), "give one address"),
        (("--message", "-", "--subject", "x"), "--message is the whole message: leave --subject out"),
        (("--message", "/no/such"), "/no/such cannot be read"),
        (("--attach", "/no/such"), "/no/such cannot be read"),
        (("--body", "@/no/such"), "/no/such cannot be read"),
        (("--dkim-selector", "s1", "--subject", "x"), "needs a key and its selector"),
        (("--set", "from=c@a.example"), "--from and --set from=… give the same"),
        (("--set", "rcpt=c@b.example"), "--to and --set rcpt=… give the same"),
        (("--helo", "a.example", "--set", "helo=b.example"), "--helo and --set helo=… give the same"),
        (("--dsn", "often"), "write never, or one or more of"),
        (("--user", "ada"), "the script deliver has no use for --user"),
        (("--source", "192.0.2.1"), "this machine cannot speak from there"),
        (("--source", "x"), "is no IP address"),
        (("--source", "::1"), "--source ::1 is of IPv6, and nobody connects from there to 127.0.0.1"),
        (("--log", "/no/such/folder/log"), "cannot be written"),
        (("--record", "/no/such/folder/record"), "there is no folder"),
        (("--record", "/"), "it is a folder"),
        (("--save", "/no/such/folder/case"), "there is no folder"),
        (("--quit-after", "VRFY"), "no step VRFY"),
        (("--quit-after", "DATA"), "waits for a message"),
        (("--quit-after", "RCPT", "--drop-after", "RCPT"), "exclude each other"),
        (("--quit-after", "BDAT"), "with these options the script deliver does not come to BDAT"),
        (("--drop-after", "DATA", "--chunking"), "with these options the script deliver does not come to DATA"),
        (("--quit-after", "quit"), "QUIT is the end already"),
        (("--to", "nobody"), "give an address, such as ada@example.com; --set rcpt=… sends what is none"),
        (("--to", ""), "give an address"),
        (("--to", "@b.example"), "give an address"),
        (("--from", "a@b@c"), "give an address, such as ada@example.com; --set from=… sends what is none"),
        (("--from", ""), "the null sender is '<>'"),
        (("--helo", "a b"), "--set helo=… sends what is none"),
        (("--helo", ""), "give one name"),
        (("--mail-parameter", "X\r\nRCPT"), "write KEYWORD or KEYWORD=VALUE, on one line"),
        (("--rcpt-parameter", "X\n"), "write KEYWORD or KEYWORD=VALUE, on one line"),
    ],
)
def test_what_cannot_be_used_is_told_before_anything_is_sent(arguments: tuple[str, ...], words: str) -> None:
    ended = send("--script", "deliver", *ENDS, *arguments)
    assert (ended.code, ended.deliveries) == (2, [])
    assert words in ended.err


def test_odd_addresses_that_are_right_are_sent() -> None:
    odd = ('"a@b"@b.example', "Postmaster", "ada@[192.0.2.1]")
    options = [word for one in odd for word in ("--to", one)]
    ended = send("--script", "deliver", "--from", "<a@a.example>", *options)
    assert [one.recipients for one in ended.deliveries] == [odd]
    anyway = send("--script", "deliver", "--from", "a@a.example", "--set", "rcpt=nobody", recipients=["b@b.example"])
    assert (anyway.code, "> RCPT TO:<nobody>" in anyway.out) == (1, True)


@pytest.mark.parametrize("script", ["deliver", "probe"])
def test_recipients_are_read_from_standard_input(script: str) -> None:
    for more in (("-",), ()):
        ended = command(
            "--script", script, "--from", "a@a.example", "--lab", "smtp-good", "-q", *more, stdin=b"ada@good.example\n"
        )
        assert (ended.code, ended.err) == (0, "")
    ended = command("-", "--script", script, "--from", "a@a.example", "--lab", "smtp-good", stdin=b"good.example\n")
    assert (ended.code, "needs rcpt: give --to ADDRESS" in ended.err) == (2, True)


def test_a_script_from_standard_input_can_be_cut_short() -> None:
    ended = send("--script", "-", "--quit-after", "EHLO", stdin=b"< 220\n> EHLO {helo}\n< 250\n> NOOP\n< 250\n")
    assert (ended.code, "NOOP" in ended.out, "> QUIT" in ended.out) == (0, False, True)


def test_a_line_break_in_an_address_is_never_sent() -> None:
    sending = ("--script", "deliver", "--from", "a@a.example")
    refused = send(*sending, "--to", "b@b.example>\r\nRCPT TO:<x@y.example")
    assert (refused.code, refused.deliveries) == (2, [])
    ended = send(*sending, "--set", "rcpt=b@b.example>\r\nRCPT TO:<x@y.example")
    assert (ended.code, ended.out, ended.deliveries) == (2, "", [])
    assert "--set rcpt has a line break in it, and line 87 of the script deliver" in ended.err


def test_an_option_for_which_the_script_has_no_use_is_refused() -> None:
    ended = send("--subject", "x")
    assert ended.code == 2
    assert "the script greet has no use for a message: choose another with --script" in ended.err


# Extensions


def sent(ended: Ended) -> list[str]:
    return [line.partition(" > ")[2] for line in ended.out.splitlines() if " > " in line]


def deliver(*arguments: str, **manner: Any) -> Ended:
    return send("--script", "deliver", *ENDS, "-v", *arguments, **manner)


def test_size_is_announced_where_it_is_offered() -> None:
    ended = deliver("--subject", "x")
    assert f"MAIL FROM:<a@a.example> SIZE={len(ended.deliveries[0].message)}" in sent(ended)
    assert "MAIL FROM:<a@a.example>" in sent(deliver("--subject", "x", extensions=["8BITMIME"]))


def test_eight_bit_and_smtputf8_are_asked_for_and_needed(tmp_path: Path) -> None:
    (tmp_path / "m").write_bytes("From: a@a.example\nSubject: Grüße\n\nStraße\n".encode())
    ended = deliver("--message", f"{tmp_path}/m")
    assert f"MAIL FROM:<a@a.example> SIZE={len(ended.deliveries[0].message)} BODY=8BITMIME SMTPUTF8" in sent(ended)
    for missing, instead in (("8BITMIME", "encode the message as"), ("SMTPUTF8", "write addresses and headers within")):
        offered = [one for one in ("8BITMIME", "SMTPUTF8") if one != missing]
        refused = deliver("--message", f"{tmp_path}/m", extensions=offered)
        assert (refused.code, refused.deliveries) == (1, [])
        assert f" answers, but does not offer {missing}; {instead}" in refused.out


def test_an_address_beyond_ascii() -> None:
    ended = deliver("--to", "grüße@b.example", "--subject", "x")
    assert ended.deliveries[0].recipients == ("b@b.example", "grüße@b.example")


def test_reports_are_asked_for() -> None:
    ended = deliver("--dsn", "success,failure", "--mail-parameter", "RET=HDRS", "--mail-parameter", "ENVID=1")
    assert "MAIL FROM:<a@a.example> RET=HDRS ENVID=1" in sent(ended)
    assert "RCPT TO:<b@b.example> NOTIFY=SUCCESS,FAILURE" in sent(ended)
    assert len(ended.deliveries) == 1


def test_reports_are_asked_of_no_host_that_does_not_offer_them() -> None:
    refused = deliver("--dsn", "success", extensions=["SIZE"])  # RFC 3461 §4
    assert (refused.code, refused.deliveries) == (1, [])
    assert " answers, but does not offer DSN; leave --dsn out: " in refused.out
    assert not any("RCPT" in line for line in sent(refused))


def test_pipelining_sends_all_addresses_at_once(tmp_path: Path) -> None:
    ended = deliver("--to", "c@b.example", "--pipelining", "--log", f"{tmp_path}/log")
    assert ended.deliveries[0].recipients == ("b@b.example", "c@b.example")
    (line,) = (tmp_path / "log").read_text().splitlines()
    entries = [entry["data"] for entry in json.loads(line)["entries"] if entry["kind"] == "SENT"]
    assert "MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nRCPT TO:<c@b.example>\r\n" in entries
    refused = deliver("--pipelining", extensions=["SIZE"])
    assert (refused.code, "does not offer PIPELINING; leave --pipelining out: " in refused.out) == (1, True)


@pytest.mark.parametrize("options", [(), ("--pipelining",), ("--chunking",), ("--lmtp",)])
def test_one_refused_recipient_leaves_the_message_to_the_others(options: tuple[str, ...]) -> None:
    to = ("--to", "nobody@b.example", "--to", "c@b.example")
    script = () if "--lmtp" in options else ("--script", "deliver")
    known = ["b@b.example", "c@b.example"]
    ended = send(*script, *ENDS, *to, *options, recipients=known, lmtp="--lmtp" in options)
    assert [one.recipients for one in ended.deliveries] == [tuple(known)]
    assert (ended.code, "got 550 5.1.1 <nobody@b.example>" in ended.out) == (1, True)
    taken = " accepted the message for 2 of 3 recipients, but refuses RCPT: 550 5.1.1 <nobody@b.example>"
    assert taken in ended.out
    assert "; it takes 2 of 3 recipients" in " ".join(ended.out.split())
    none = send(*script, *ENDS, *to, *options, recipients=["ada@b.example"], lmtp="--lmtp" in options)
    assert (none.code, none.deliveries, "> DATA" in none.out or "> BDAT" in none.out) == (1, [], False)
    assert none.out.count("< 550 5.1.1") == 3


def test_chunking_sends_the_message_by_bdat() -> None:
    ended = deliver("--chunking", "--body", "x")
    assert any(line.startswith("BDAT ") and line.endswith(" LAST") for line in sent(ended))
    assert ended.deliveries[0].message.endswith(b"\r\n\r\nx\r\n")
    refused = deliver("--chunking", extensions=["SIZE"])
    assert (refused.code, "MAIL" in refused.out) == (1, False)


def test_lmtp_over_a_port_and_a_socket(tmp_path: Path) -> None:
    arguments = ("--lmtp", *ENDS, "--to", "c@b.example", "--tls", "none", "-v")
    over_port = send(*arguments, lmtp=True)
    assert (over_port.code, over_port.out.count("delivered as 1")) == (0, 2)

    async def over_socket() -> tuple[Ended, list[Delivery]]:
        server = SmtpServer(parse_mail_host({"address": "11.0.1.25", "lmtp": True, "certificate": ""}))
        path, _ = await server.start(f"{tmp_path}/s")
        try:
            return await run(f"unix:{path}", *arguments), server.memory.deliveries
        finally:
            await server.close()

    ended, deliveries = asyncio.run(over_socket())
    assert (ended.code, deliveries[0].recipients) == (0, ("b@b.example", "c@b.example"))
    assert ended.out.startswith(f"unix:{tmp_path}/s accepted the message")


def test_tls_first_and_tls_insisted_on() -> None:
    assert taken("--tls", "implicit", implicit=True).secure
    assert taken("--tls", "starttls").secure
    assert not taken("--tls", "none").secure
    assert not taken(certificate="").secure
    refused = send("--script", "deliver", *ENDS, "--tls", "starttls", certificate="")
    assert (refused.code, refused.deliveries) == (1, [])
    assert " answers, but does not offer STARTTLS; leave --tls starttls out: " in refused.out


@pytest.mark.parametrize("options", [("--quit-after", "rcpt"), ("--drop-after", "DATA"), ("--quit-after", "CONNECT")])
def test_nothing_is_delivered_after_an_early_end(options: tuple[str, ...]) -> None:
    ended = deliver(*options)
    assert (ended.code, ended.deliveries) == (0, [])
    assert (sent(ended)[-1] == "QUIT") is (options[0] == "--quit-after")


def test_a_source_address() -> None:
    assert taken("--source", "127.0.0.1").sender == "a@a.example"


def test_patience_reaches_a_conversation_on_the_network() -> None:
    ended = send("--patience", "0.3", do=["silent"])
    assert "no reply within 0.3 s" in ended.out


# What is kept


def test_the_log_gets_a_line_for_each_conversation(tmp_path: Path) -> None:
    log = tmp_path / "log"
    for _ in range(2):
        assert command("good.example", "--lab", "smtp-good", "--log", str(log)).code == 0
    lines = [json.loads(line) for line in log.read_text().splitlines()]
    assert len(lines) == 8
    assert all(list(line) == [
        "deliverkit_log", "ended", "script", "host", "address", "port", "end", "detail", "elapsed_ms", "codes",
        "accepted", "tls", "unmet", "entries",
    ] for line in lines)  # fmt: skip
    assert {line["address"] for line in lines} == {"11.0.1.25", "2a11:db8:1::25", "11.0.2.25", "2a11:db8:2::25"}
    assert lines[0]["codes"] == [220, 250, 220, 250, 221]
    assert lines[0]["tls"]["version"].startswith("TLS")


def test_a_recorded_conversation_can_be_held_again(tmp_path: Path) -> None:
    record = f"{tmp_path}/r.smtp"
    first = send("--script", "deliver", *ENDS, "--record", record)
    assert (first.code, f"is recorded in {record}" in first.err) == (0, True)
    again = send("--script", record)
    assert (again.code, len(again.deliveries)) == (0, 1)
    assert again.deliveries[0].message == first.deliveries[0].message
    other = send("--script", record, recipients=["x@b.example"])
    assert other.code == 1
    assert "wants 250 2.1.5" in other.out
    assert "got 550 5.1.1" in other.out


@pytest.mark.parametrize("chunking", [(), ("--chunking",)], ids=["DATA", "BDAT"])
@pytest.mark.parametrize("mebibytes", [1, 20])
def test_a_large_message_is_kept_within_bounds_and_sent_again(
    mebibytes: int, chunking: tuple[str, ...], tmp_path: Path
) -> None:
    message = b"Subject: large\r\n\r\n" + (b"x" * 76 + b"\r\n") * (mebibytes * 1024 * 1024 // 78)
    large, folder = tmp_path / "large.eml", tmp_path / "kept"
    folder.mkdir()
    large.write_bytes(message)
    manner: dict[str, Any] = {"extensions": ["SIZE 52428800", "CHUNKING"]}
    delivering = ("--script", "deliver", *ENDS, "--message", str(large), *chunking)
    first = send(*delivering, *files_of(folder), **manner)
    assert (first.code, [one.message for one in first.deliveries]) == (0, [message]), first.err
    assert "(its message is a file: give it with --message FILE)" in first.err
    assert re.search(r"… [\d,]+ more lines \(-v shows them\); [\d,]+ octets are not kept\n", first.out)
    assert max(path.stat().st_size for path in folder.iterdir()) < 120_000
    shown = command("--case", str(folder / "case"))
    assert shown.out.rpartition("\n\n")[0] == first.out.rpartition("\n\n")[0]
    in_full = command("--case", str(folder / "case"), "-v").out
    assert re.search(r"… [\d,]+ octets are not kept, SHA-256 of the whole [0-9a-f]{64}\n", in_full)
    record = str(folder / "record")
    assert f"a message of {len(message):,} octets.\n" in Path(record).read_text()
    again = send("--script", record, "--message", str(large), **manner)
    assert (again.code, [one.message for one in again.deliveries]) == (0, [message]), again.out + again.err
    assert "needs message: give --message FILE" in send("--script", record, **manner).err


def test_a_redacted_case_does_not_lead_back_to_a_large_message(tmp_path: Path) -> None:
    large, case = tmp_path / "large.eml", tmp_path / "case"
    large.write_bytes(b"Subject: large\r\n\r\n" + b"secretly\r\n" * 20_000)
    delivering = ("--script", "deliver", *ENDS, "--message", str(large), "--save", str(case), "--redact")
    assert send(*delivering).code == 0
    [transcript] = json.loads(case.read_text())["smtp"]
    [left_out] = [entry["left_out"] for entry in transcript["entries"] if "left_out" in entry]
    assert (left_out["sha256"], left_out["octets"] > 100_000) == ("", True)
    assert command("--case", str(case)).code == 0


def test_a_conversation_that_did_not_come_about_is_not_recorded(tmp_path: Path) -> None:
    ended = command("127.0.0.1:1", "--record", f"{tmp_path}/r")
    assert ended.code in {1, 3}
    assert "no conversation came about" in ended.err
    assert not (tmp_path / "r").exists()


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_who_stops_a_run_keeps_what_was_said(tmp_path: Path, stop: signal.Signals) -> None:
    async def work() -> tuple[int | None, str, str]:
        async with serving(do=["silent at MAIL"]) as (_, (host, port), _):
            process = await asyncio.create_subprocess_exec(
                *PROGRAM, f"{host}:{port}", "--script", "deliver", *ENDS, *files_of(tmp_path),
                stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
            )  # fmt: skip
            await asyncio.sleep(2.5)
            process.send_signal(stop)
            _, err = await asyncio.wait_for(process.communicate(), 20)
            return process.returncode, err.decode(), f"{host}:{port}"

    code, err, target = asyncio.run(work())
    assert code == 128 + stop
    assert "Traceback" not in err
    assert re.search(
        rf"{re.escape(target)}: stopped (?:[1-9][0-9]* ms|[1-9][.0-9]* s) into the wait after MAIL; "
        "until then 220 250 220 250 in ",
        err.replace("[", "").replace("]", ""),
    )
    (line,) = [json.loads(one) for one in (tmp_path / "log").read_text().splitlines()]
    assert line["end"] == "INTERRUPTED"
    assert [entry["data"] for entry in line["entries"] if entry["kind"] == "SENT"][-1] == "MAIL FROM:<a@a.example>\r\n"
    assert "> MAIL FROM:<a@a.example>" in (tmp_path / "record").read_text()
    again = command(target, "--case", f"{tmp_path}/case")
    assert "was left from here" in again.out


def test_who_looks_on_is_told_that_a_slow_host_is_waited_for(tmp_path: Path) -> None:
    async def work() -> str:
        ours, theirs = pty.openpty()
        async with serving(do=["silent at MAIL"]) as (_, (host, port), _):
            arguments = (f"{host}:{port}", "--script", "deliver", *ENDS, *files_of(tmp_path), "--patience", "7")
            process = await asyncio.create_subprocess_exec(
                *PROGRAM, *arguments, stdout=asyncio.subprocess.DEVNULL, stderr=theirs
            )
            os.close(theirs)
            await asyncio.wait_for(process.wait(), 30)
        said = os.read(ours, 4096).decode()
        os.close(ours)
        return said

    assert asyncio.run(work()).count("still waiting for answers (Ctrl-C stops)") == 1


# As a sender goes through the exchangers


def conversations(tmp_path: Path, first: str) -> tuple[Ended, list[tuple[str, list[int]]]]:
    """What is said to whom when the first exchanger is so."""
    tables = "".join(
        f'[[smtp]]\naddress = "{address}"\nname = "mx1.good.example"\n{first}\n'
        for address in ("11.0.1.25", "2a11:db8:1::25")
    )
    (tmp_path / "w.toml").write_text(f'title = "x"\nlike = "smtp-good"\n{tables}')
    ended = command(
        "ada@good.example", "--script", "deliver", "--from", "a@a.example", "--patience", "0.5",
        "--lab", f"{tmp_path}/w.toml", "--log", f"{tmp_path}/log",
    )  # fmt: skip
    lines = [json.loads(line) for line in (tmp_path / "log").read_text().splitlines()]
    return ended, [(line["host"][:3], line["codes"]) for line in lines]


@pytest.mark.parametrize(
    "first",
    [
        'replies = { CONNECT = "554 5.7.1 not from there" }',
        'replies = { CONNECT = "421 4.3.2 too busy" }',
        'replies = { MAIL = "451 4.3.0 later" }',
        'replies = { RCPT = "450 4.2.0 later" }',
        'replies = { "." = "451 4.3.0 later" }',
        'do = ["silent"]',
        'do = ["drop at CONNECT"]',
        'do = ["drop at EHLO"]',
    ],
)
def test_the_next_exchanger_is_tried(first: str, tmp_path: Path) -> None:
    ended, held = conversations(tmp_path, first)
    assert [host for host, _ in held] == ["mx1", "mx1", "mx2"]
    assert held[-1][1][-2:] == [250, 221]
    assert ended.out.startswith("mx2.good.example [11.0.2.25]:25 accepted the message")


@pytest.mark.parametrize(
    "reply",
    ['MAIL = "550 5.7.1 no"', 'RCPT = "550 5.1.1 unknown"', 'DATA = "554 5.7.1 no"', '"." = "554 5.7.1 spam"'],
)
def test_a_refusal_for_good_ends_it(reply: str, tmp_path: Path) -> None:
    ended, held = conversations(tmp_path, f"replies = {{ {reply} }}")
    assert ended.code == 1
    assert [host for host, _ in held] == ["mx1"]
    assert "SMTP002" in ended.out
    assert "   wanted " in ended.out


def test_an_exchanger_that_refuses_connections_is_gone_past(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        'title = "x"\nlike = "resolver-well"\n[[smtp]]\naddress = "11.0.2.25"\nname = "mx2.good.example"\n'
    )
    ended = command("ada@good.example", "--script", "deliver", "--from", "a@a.example", "--lab", f"{tmp_path}/w.toml")
    assert ended.out.startswith("mx2.good.example [11.0.2.25]:25 accepted the message")


def test_a_wrong_password_is_tried_at_one_host_alone(tmp_path: Path) -> None:
    (tmp_path / "w.toml").write_text(
        'title = "x"\nlike = "smtp-good"\n'
        + "".join(
            f'[[smtp]]\naddress = "{address}"\nport = 587\nname = "{name}.good.example"\nauth = ["PLAIN"]\n'
            for address, name in (("11.0.1.25", "mx1"), ("2a11:db8:1::25", "mx1"), ("11.0.2.25", "mx2"))
        )
    )
    ended = command(
        "good.example", "--lab", f"{tmp_path}/w.toml", *SUBMIT[3:], "--secret", "password=env:PW",
        "--log", f"{tmp_path}/log", PW="wrong-one",
    )  # fmt: skip
    assert ended.code == 1
    (line,) = [json.loads(one) for one in (tmp_path / "log").read_text().splitlines()]
    assert (line["address"], 535 in line["codes"]) == ("11.0.1.25", True)


def test_a_script_without_a_message_is_held_with_one_host(tmp_path: Path) -> None:
    ended = command(
        "ada@good.example", "--lab", "smtp-good", "--script", "deliver", "--from", "a@a.example",
        "--quit-after", "RCPT", "--log", f"{tmp_path}/log",
    )  # fmt: skip
    assert ended.code == 0
    assert len((tmp_path / "log").read_text().splitlines()) == 1
