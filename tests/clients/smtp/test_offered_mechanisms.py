"""Signing in by what the host offers (RFC 4954 §3): nothing secret is sent by anything else."""

from __future__ import annotations

import asyncio
from base64 import b64encode

import pytest

from deliverkit.clients.smtp.conversing import converse
from deliverkit.clients.smtp.provisions import Held, Provisions
from deliverkit.script import fill, parse_script
from tests.smtp_sessions import saying

SECRET = "hunter2-very-secret"  # noqa: S105 - nobody's
SAID = "< 220\n> EHLO a\n< 250\nset user = u\n{}\n< 235\n"
PLAIN = b"AUTH PLAIN " + b64encode(f"\0u\0{SECRET}".encode()) + b"\r\n"


class Known:
    def secret(self, _: str) -> str | None:
        return SECRET


def hold(statement: str, offered: str, *replies: str, mechanism: str = "") -> tuple[list[bytes], Held]:
    session = saying("220 hello", f"250-mx\n250 {offered}", *replies, "221 bye")
    given = {"mechanism": (mechanism,)} if mechanism else {}
    (script,) = fill(parse_script(SAID.format(statement)), given)
    held = asyncio.run(converse(script, session, Provisions(Known(), {}, patience=1.0)))
    return session.sent[1:], held


@pytest.mark.parametrize(
    ("statement", "offered", "command"),
    [
        ("auth offered in clear", "AUTH LOGIN PLAIN", b"AUTH PLAIN"),
        ("auth offered in clear", "AUTH=LOGIN", b"AUTH LOGIN"),
        ("auth offered in clear", "AUTH CRAM-MD5 PLAIN", b"AUTH PLAIN"),
        ("auth CRAM-MD5", "AUTH PLAIN CRAM-MD5", b"AUTH CRAM-MD5"),
    ],
)
def test_one_of_those_that_are_offered_is_taken(statement: str, offered: str, command: bytes) -> None:
    sent, _ = hold(statement, offered, "535 no")
    assert sent[0].startswith(command)


@pytest.mark.parametrize("mechanism", ["PLAIN", "LOGIN", "CRAM-MD5", "XOAUTH2", "OAUTHBEARER"])
@pytest.mark.parametrize("offered", ["SIZE 1000", "AUTH GSSAPI", "AUTH"])
def test_by_one_that_is_not_offered_nothing_secret_is_sent(mechanism: str, offered: str) -> None:
    sent, held = hold("auth {mechanism} in clear", offered, mechanism=mechanism)
    needs = "token" if "OAUTH" in mechanism else "password"
    assert sent == [b"QUIT\r\n"]
    assert [(one.wanted, one.got) for one in held.unmet] == [
        (f"AUTH {mechanism} offered, before a {needs} is sent", "not offered")
    ]


def test_where_nothing_that_is_known_is_offered_nothing_is_sent() -> None:
    sent, held = hold("auth offered in clear", "AUTH GSSAPI XOAUTH2")
    assert sent == [b"QUIT\r\n"]
    assert held.unmet[0].wanted == "AUTH PLAIN, LOGIN or CRAM-MD5 offered, before a password is sent"


def test_one_that_is_written_out_is_sent_as_its_author_has_it() -> None:
    sent, held = hold("auth PLAIN in clear", "SIZE 1000", "235 ok")
    assert (sent, held.unmet) == ([PLAIN], ())


@pytest.mark.parametrize("offered", ["AUTH PLAIN", "AUTH PLAIN CRAM-MD5", "AUTH CRAM-MD5"])
def test_a_password_still_waits_for_trusted_tls(offered: str) -> None:
    """Whoever is there and offers CRAM-MD5 alone gets nothing by which the password could be guessed."""
    sent, held = hold("auth offered", offered)
    assert sent == [b"QUIT\r\n"]
    assert held.unmet[0].wanted.startswith("trusted TLS before a password")
