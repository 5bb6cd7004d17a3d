"""Logging in at the lab's IMAP server, and the TLS before it."""

from __future__ import annotations

import imaplib
import ssl
import time
from typing import Any

import pytest
from imapclient.exceptions import LoginError

from deliverkit.lab.running import RunningWorld
from tests.mailboxes import (
    ADA,
    PASSWORD,
    TOKEN,
    bare,
    imap_client,
    live,
    secure_imap,
    world_text,
)


@pytest.mark.parametrize("initial", [True, False])
def test_a_token_logs_in_where_login_is_refused(initial: bool) -> None:  # noqa: FBT001 - a parameter of the test
    host = f'login = false\nauth = ["XOAUTH2", "OAUTHBEARER"]\ncapabilities = ["{"SASL-IR" if initial else "ID"}"]'

    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as imap:
            with pytest.raises(LoginError, match="LOGIN is disabled"):
                imap.login(ADA, PASSWORD)
            announced = imap.capabilities()
            return announced, imap.oauth2_login(ADA, TOKEN), imap.list_folders()

    announced, said, folders = live(client, world_text(host))
    assert {b"AUTH=XOAUTH2", b"LOGINDISABLED"} <= set(announced)
    assert "logged in" in str(said)
    assert len(folders) == 4


def test_oauthbearer_and_plain_log_in() -> None:
    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as one, imap_client(lab) as other:
            return one.oauthbearer_login(ADA, TOKEN), other.plain_login(ADA, PASSWORD)

    assert all("logged in" in str(said) for said in live(client, world_text('auth = ["PLAIN", "OAUTHBEARER"]')))


def test_a_token_that_is_not_taken_is_told_in_a_challenge() -> None:
    refusal = "NO [AUTHENTICATIONFAILED] token expired"

    def client(lab: RunningWorld) -> Any:
        challenges: list[bytes] = []

        def respond(challenge: bytes) -> bytes:
            challenges.append(challenge)
            return b"" if challenges[1:] else f"user={ADA}\1auth=Bearer {TOKEN}\1\1".encode()

        with imap_client(lab) as imap:
            with pytest.raises(imap.Error, match="token expired"):
                imap.sasl_login("XOAUTH2", respond)
        return challenges

    text = world_text('auth = ["XOAUTH2"]\ncapabilities = []', f'refusal = "{refusal}"')
    assert live(client, text) == [b"", b'{"status":"401","schemes":"bearer"}']


def test_a_wrong_password_and_a_mailbox_that_lets_nobody_in() -> None:
    def client(lab: RunningWorld) -> Any:
        said = []
        for password in ("wrong", PASSWORD):
            with imap_client(lab) as imap, pytest.raises(LoginError) as refused:
                imap.login(ADA, password)
            said.append(str(refused.value))
        return said

    text = world_text(mailbox='refusal = "NO [ALERT] Application-specific password required"')
    assert live(client, text) == ["b'[ALERT] Application-specific password required'"] * 2

    def wrong(lab: RunningWorld) -> Any:
        with imap_client(lab) as imap, pytest.raises(LoginError, match="AUTHENTICATIONFAILED"):
            imap.login(ADA, "wrong")

    live(wrong, world_text())


def test_a_mailbox_takes_so_many_connections_and_no_more() -> None:
    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as one, imap_client(lab) as two:
            one.login(ADA, PASSWORD)
            with pytest.raises(LoginError, match="LIMIT"):
                two.login(ADA, PASSWORD)
            one.logout()
            while lab.mailboxes[ADA].connections:
                time.sleep(0.01)
            return two.login(ADA, PASSWORD)

    assert b"logged in" in live(client, world_text("most_connections = 1"))


def test_one_connection_too_many_may_be_told_bye() -> None:
    def client(lab: RunningWorld) -> Any:
        with imap_client(lab) as one:
            one.login(ADA, PASSWORD)
            two = secure_imap(lab)
            with pytest.raises(imaplib.IMAP4.abort, match="too many"):
                two.login(ADA, PASSWORD)
            two.shutdown()

    live(client, world_text('most_connections = 1\nlimit = "BYE too many connections"'))


@pytest.mark.parametrize("kind", ["expired", "self-signed", "wrong-name", "unknown-authority", "right"])
def test_certificates(kind: str) -> None:
    def client(lab: RunningWorld) -> Any:
        try:
            imap_client(lab).logout()
        except ssl.SSLCertVerificationError as error:
            return error.verify_message
        return ""

    said = live(client, world_text(f'certificate = "{kind}"'))
    words = {
        "expired": "expired",
        "self-signed": "self-signed",
        "wrong-name": "mismatch",
        "unknown-authority": "issuer",
    }
    assert words.get(kind, "") in said
    assert bool(said) is (kind != "right")


def test_an_answer_to_starttls_forgets_what_came_in_the_clear() -> None:
    assert b"b OK" not in live(lambda lab: bare(lab, b"a STARTTLS\r\nb NOOP\r\n\r\n"), world_text())
